// Whoever asks for large print or another language in the middle of a form finds the form as it
// was: what has been typed is handed to the server before the page changes.
const TOOLS = '.front-tools a, .front-tools button';

function handOver(form) {
  const typed = new FormData(form);
  typed.set('leave', 'here');
  return fetch(form.action, { method: 'POST', body: typed, redirect: 'manual' });
}

export function keepTyped() {
  const form = document.querySelector('form[data-draft]');
  if (!form) return;
  document.addEventListener('click', (event) => {
    const tool = event.target.closest(TOOLS);
    if (!tool || tool.dataset.kept) return;
    event.preventDefault();
    tool.dataset.kept = 'yes';
    // Without a connection the page changes all the same, as it would without a script.
    handOver(form).catch(() => {}).finally(() => tool.click());
  });
}
