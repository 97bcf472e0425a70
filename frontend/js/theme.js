// Light or dark: the cookie is read by the server, so the next page comes in the right colours.
const YEAR = 365 * 24 * 3600;
const root = document.documentElement;
const system = window.matchMedia('(prefers-color-scheme: dark)');

const current = () => root.dataset.bsTheme || (system.matches ? 'dark' : 'light');

function show() {
  root.dataset.themeNow = current();
}

function turn() {
  root.dataset.bsTheme = current() === 'dark' ? 'light' : 'dark';
  document.cookie = `theme=${root.dataset.bsTheme}; path=/; max-age=${YEAR}; samesite=lax`;
  show();
  root.dispatchEvent(new CustomEvent('sujin:theme', { bubbles: true }));
}

export function themeButtons() {
  show();
  system.addEventListener('change', show);
  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-theme-toggle]')) turn();
  });
}
