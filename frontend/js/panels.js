// Panels open by the browser's own popover; where it has none, a class does the same.
function toggle(button) {
  const panel = document.getElementById(button.getAttribute('popovertarget'));
  const opened = panel.classList.toggle('is-open');
  button.setAttribute('aria-expanded', String(opened));
}

export function openPanels() {
  if ('popover' in HTMLElement.prototype) return;
  document.documentElement.classList.add('no-popover');
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[popovertarget]');
    if (button) toggle(button);
  });
}
