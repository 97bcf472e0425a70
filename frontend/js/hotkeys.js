// data-hotkey="/" puts the cursor into that input, unless the reader is typing elsewhere.
const isTyping = (element) => element.matches('input, textarea, select, [contenteditable]');

export function hotkeys() {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    const target = [...document.querySelectorAll('[data-hotkey]')].find((e) => e.dataset.hotkey === event.key);
    if (!target) return;
    event.preventDefault();
    target.focus();
  });
}
