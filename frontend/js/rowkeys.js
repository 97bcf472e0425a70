// In a list marked data-row-keys, j and k go from row to row; a key that a button of the row names
// with data-key presses it, and puts the cursor into a field that names it.
const isTyping = (element) =>
  element.matches('input:not([type="checkbox"]), textarea, select, [contenteditable]');

function rows() {
  return [...document.querySelectorAll('[data-row-keys] [data-row]')];
}

function here() {
  return document.activeElement?.closest('[data-row]') ?? null;
}

function step(by) {
  const all = rows();
  const place = all.indexOf(here());
  all[Math.min(Math.max(place + by, 0), all.length - 1)]?.focus();
}

function press(key) {
  const target = (here() ?? rows()[0])?.querySelector(`[data-key="${key}"]`);
  if (!target) return false;
  if (target.matches('button, [type="checkbox"]')) target.click();
  else target.focus();
  return true;
}

export function rowKeys() {
  if (!document.querySelector('[data-row-keys]')) return;
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || isTyping(event.target)) return;
    if (event.key === 'j') step(1);
    else if (event.key === 'k') step(-1);
    else if (!/^[1-9sx]$/.test(event.key) || !press(event.key)) return;
    event.preventDefault();
  });
}
