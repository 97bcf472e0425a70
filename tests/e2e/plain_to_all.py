"""What keeps a page from somebody who does not see it, or has no mouse: found by the browser."""

from playwright.sync_api import Page

# Names as a screen reader forms them, in short: label, aria-label, aria-labelledby, text, title.
_LOOK = """() => {
  const found = [];
  const shown = e => e.getClientRects().length > 0;
  const words = e => (e.innerText || e.textContent || '').trim()
    || [...e.querySelectorAll('[aria-label], img[alt]')].map(
      i => i.getAttribute('aria-label') || i.alt).join('').trim();
  const named = e => e.getAttribute('aria-label') || e.title
    || (e.getAttribute('aria-labelledby') || '').split(' ').map(
      id => document.getElementById(id)?.textContent || '').join('').trim()
    || [...(e.labels || [])].map(words).join('') || words(e);
  const told = e => e.outerHTML.slice(0, 120);
  const all = s => [...document.querySelectorAll(s)];
  if (!document.documentElement.lang) found.push('the page has no language');
  if (!document.title.trim()) found.push('the page has no title');
  if (all('h1').filter(shown).length > 1) found.push('more than one h1');
  if (all('main').length !== 1) found.push('not one main');
  const ids = {};
  for (const e of all('[id]')) {
    if (ids[e.id]) found.push('twice the id ' + e.id);
    ids[e.id] = 1;
  }
  for (const e of all('a[href], button, summary').filter(shown))
    if (!named(e)) found.push('no name: ' + told(e));
  for (const e of all('input:not([type=hidden]), select, textarea').filter(shown))
    if (!named(e)) found.push('no label: ' + told(e));
  for (const e of all('img')) if (!e.hasAttribute('alt')) found.push('no alt: ' + told(e));
  for (const e of all('svg[role=img]'))
    if (!e.getAttribute('aria-label') && !e.querySelector('title')
        && !e.getAttribute('aria-labelledby')) found.push('a picture says nothing: ' + told(e));
  for (const e of all('[aria-describedby], [aria-labelledby], label[for]'))
    for (const name of ['aria-describedby', 'aria-labelledby', 'for'])
      for (const id of (e.getAttribute(name) || '').split(' ').filter(Boolean))
        if (!document.getElementById(id)) found.push(name + ' names nobody: ' + id);
  for (const e of all('table')) if (!e.querySelector('th')) found.push('a table without headings');
  for (const e of all('[tabindex]')) if (e.tabIndex > 0) found.push('out of turn: ' + told(e));
  for (const e of all('*').filter(shown)) {
    const style = getComputedStyle(e);
    const rolls = /auto|scroll/.test(style.overflowX) && e.scrollWidth > e.clientWidth + 1;
    const reached = e.tabIndex >= 0 || e.querySelector('a[href], button, input, select, textarea');
    if (rolls && !reached) found.push('rolls sideways and has no keyboard way: ' + told(e));
  }
  let before = 0;
  for (const e of all('h1, h2, h3, h4').filter(shown)) {
    const level = Number(e.tagName[1]);
    if (before && level > before + 1) found.push('a heading is left out before: ' + told(e));
    before = level;
  }
  if (document.documentElement.scrollWidth > window.innerWidth + 1)
    found.push('wider than the screen by '
      + (document.documentElement.scrollWidth - window.innerWidth));
  return found;
}"""


def obstacles(page: Page) -> list[str]:
    """Empty for a page that is plain to all."""
    found: list[str] = page.evaluate(_LOOK)
    return found
