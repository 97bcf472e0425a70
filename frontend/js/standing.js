// What stands on the screen may have been withdrawn since: every minute, and when the reader comes
// back, the server is asked about every data-version, and what has fallen is struck out.
const SECONDS = 60;
const MOST = 200;
const words = () => document.querySelector('[data-standing]')?.dataset ?? {};

function places(version) {
  return [...document.querySelectorAll(`[data-version="${version}"]`)];
}

function standing() {
  const all = [...document.querySelectorAll('[data-version]:not([data-fallen])')];
  return [...new Set(all.map((place) => place.dataset.version))].filter((one) => /^\d+$/.test(one));
}

function banner(one) {
  const note = document.createElement('p');
  note.className = 'fallen-why';
  note.append(one.why);
  if (one.instead) {
    const link = document.createElement('a');
    link.href = one.instead;
    link.textContent = one.title;
    note.append(' ', link);
  }
  return note;
}

function fall(one) {
  let isNew = false;
  for (const place of places(one.version)) {
    if ('fallen' in place.dataset) continue;
    place.dataset.fallen = '';
    place.querySelectorAll('[data-insert]').forEach((button) => (button.disabled = true));
    // A table row takes no paragraph, a link no link.
    if (place.matches('tr')) place.cells[0]?.prepend(banner(one));
    else if (place.matches('a')) place.title = one.why;
    else if (place.matches('details')) place.before(banner(one));
    else if (!place.matches('.assist-insert')) place.prepend(banner(one));
    isNew = true;
  }
  return isNew ? one.why : '';
}

async function ask() {
  const versions = standing().slice(0, MOST);
  const { standing: address } = words();
  if (!versions.length || !address || document.hidden) return;
  const query = versions.map((one) => `v=${one}`).join('&');
  const answer = await fetch(`${address}?${query}`, { headers: { Accept: 'application/json' } });
  if (!answer.ok || answer.redirected) return;
  const told = (await answer.json()).fallen.map(fall).filter(Boolean);
  if (told.length) document.querySelector('[data-standing]').textContent = told.join(' ');
}

// Without a connection the page stays as it is and asks again later.
const tryToAsk = () => ask().catch(() => {});

export function standingWords() {
  if (!document.querySelector('[data-standing]')) return;
  setInterval(tryToAsk, SECONDS * 1000);
  window.addEventListener('focus', tryToAsk);
  document.addEventListener('visibilitychange', tryToAsk);
}
