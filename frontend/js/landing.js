// A request that was sent elsewhere (a session that ended, a number that is one case) ends up on
// that page, rather than as a hole in this one.
export function followRedirects() {
  document.addEventListener('htmx:beforeSwap', (event) => {
    const { xhr, pathInfo, requestConfig } = event.detail;
    const asked = new URL(pathInfo.requestPath, location.href).pathname;
    const landed = new URL(xhr.responseURL || location.href).pathname;
    if (requestConfig.verb !== 'get' || landed === asked) return;
    event.detail.shouldSwap = false;
    location.assign(xhr.responseURL);
  });
}
