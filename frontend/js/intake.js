// Intake pages. Ctrl+Enter (or Command+Enter) sends the form one is typing in, if it is marked
// data-send-key; a button marked data-print prints the page.
export function intakeKeys() {
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.form;
    if (!form?.matches('[data-send-key]')) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector('.btn-primary'));
  });
  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-print]')) window.print();
  });
}
