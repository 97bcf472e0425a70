// A request that failed says so, in the page's own language, where messages stand.
function say(words) {
  const line = document.createElement('div');
  line.className = 'message message-error';
  line.textContent = words;
  document.getElementById('messages')?.replaceChildren(line);
}

export function tellFailures() {
  const { failed, offline } = document.body.dataset;
  document.addEventListener('htmx:responseError', () => say(failed));
  document.addEventListener('htmx:sendError', () => say(offline));
}
