// data-hotkey="/" puts the cursor into that input, unless the reader is typing elsewhere; a page's
// own input comes before that of the bar above it.
const isTyping = (element) => element.matches('input, textarea, select, [contenteditable]');

export function hotkeys() {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    const named = [...document.querySelectorAll('[data-hotkey]')].filter((e) => e.dataset.hotkey === event.key);
    const target = named.find((e) => e.closest('main')) ?? named[0];
    if (!target) return;
    event.preventDefault();
    target.focus();
  });
}
