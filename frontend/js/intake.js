// Intake pages. Ctrl+Enter (or Command+Enter) sends the form one is typing in, if it is marked
// data-send-key; a button marked data-print prints the page. What the words say about the customer
// fills the fields that nobody has touched.
export function intakeKeys() {
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.form;
    if (!form?.matches('[data-send-key]')) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector('.btn-primary'));
  });
  document.addEventListener('input', (event) => {
    event.target.dataset.touched = 'yes';
    event.target.classList.remove('is-read');
  });
  document.addEventListener('htmx:afterSettle', fillUntouched);
  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-print]')) window.print();
  });
}

function fillUntouched() {
  for (const said of document.querySelectorAll('[data-fills]')) {
    const field = document.getElementById(said.dataset.fills);
    if (!field || field.dataset.touched || field.value) continue;
    field.value = said.value;
    field.classList.add('is-read');
  }
}
