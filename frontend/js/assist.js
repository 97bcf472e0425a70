// Beside a case: data-insert puts the button's data-text into the field of that id, where the cursor
// was; opening and inserting are told to the server, which counts what is read and what is used.
function tell(place, way) {
  const version = place.closest('[data-version]')?.dataset.version;
  const address = place.closest('[data-assist]')?.dataset.assist;
  if (!version || !address) return;
  const token = JSON.parse(document.body.getAttribute('hx-headers') ?? '{}');
  const body = new URLSearchParams({ version, way });
  fetch(address, { method: 'POST', headers: token, body, keepalive: true }).catch(() => {});
}

function show(field) {
  for (let place = field.closest('details'); place; place = place.parentElement?.closest('details')) {
    place.open = true;
  }
}

function insert(field, text) {
  const at = field.selectionStart ?? field.value.length;
  const before = field.value.slice(0, at);
  const gap = before && !before.endsWith('\n') ? '\n' : '';
  field.setRangeText(gap + text, at, field.selectionEnd ?? at, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
  field.focus();
}

function put(button) {
  const field = document.getElementById(button.dataset.insert);
  if (!field) return;
  show(field);
  insert(field, button.dataset.text);
  const told = button.closest('[data-assist]').querySelector('[data-inserted]');
  told.textContent = told.dataset.inserted;
  tell(button, 'used');
}

function hideWithoutField() {
  for (const button of document.querySelectorAll('[data-insert]')) {
    button.hidden = !document.getElementById(button.dataset.insert);
  }
}

export function assist() {
  if (!document.querySelector('[data-assist]')) return;
  hideWithoutField();
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-insert]');
    if (button) put(button);
  });
  document.addEventListener(
    'toggle',
    (event) => {
      if (event.target.matches('[data-assist] details[data-version]') && event.target.open) tell(event.target, 'read');
    },
    true,
  );
}
