// A form marked data-autosubmit is sent when something is chosen, except while it is a panel in
// front of the page: there people choose several things and press the button.
const isPanel = (form) => form.hasAttribute('popover') && getComputedStyle(form).position === 'fixed';

function dropUnanswered(data) {
  for (const [name, value] of [...data]) if (value === '') data.delete(name);
}

export function sendOnChoice() {
  document.addEventListener('change', (event) => {
    const form = event.target.form;
    if (form?.matches('[data-autosubmit]') && !isPanel(form)) form.requestSubmit();
  });
  // Questions left open stay out of the address, so that it can be read and passed on.
  document.addEventListener('formdata', (event) => {
    if (event.target.matches('[data-autosubmit]')) dropUnanswered(event.formData);
  });
}
