// A form posted twice by an impatient finger is posted once.
const SECONDS = 8;

export function onceOnly() {
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.method !== 'post' || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = 'yes';
    // A download or a lost connection leaves the page standing: let the form live again.
    setTimeout(() => delete form.dataset.sent, SECONDS * 1000);
  });
  window.addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
  });
}
