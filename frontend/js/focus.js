// After a refused form, the reader starts at the list of what is wrong.
function first(part) {
  part.querySelector('[data-focus]')?.focus();
}

export function focusErrors() {
  first(document);
  document.addEventListener('htmx:afterSwap', (event) => first(event.detail.target));
}
