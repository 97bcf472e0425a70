// An inspection on a telephone: every tap is kept here first and sent when there is a network, under
// a key of its own, so that what is sent twice is kept once and what is not sent is not lost.
import { Kept } from './kept.js';
import { Sender } from './sender.js';

const AGAIN_MS = 10000;
const TYPING_MS = 400;
const PHOTO_MOST = 1600;

export async function walk() {
  const form = document.querySelector('form[data-walk]');
  if (!form || !window.indexedDB) return;
  const kept = new Kept(form.dataset.walk);
  try {
    await kept.opened;
  } catch {
    return; // The plain form sends all at once; it needs nothing kept.
  }
  const sender = new Sender(form, kept);
  listen(form, kept, sender);
  await restore(form, kept);
  sender.send();
  keepPage();
}

// With a network the page is the server's word, and only what is not sent stands over it; without
// one the page may be old, and everything noted here stands over it.
async function restore(form, kept) {
  try {
    const answer = await fetch(form.dataset.standing, { redirect: 'manual' });
    if (answer.ok) await kept.forgetSent();
  } catch {
    // No network: what was sent is still known here.
  }
  for (const note of await kept.notes()) {
    const radio = form.querySelector(`input[name="mark-${note.item}"][value="${note.mark}"]`);
    if (radio) radio.checked = true;
    const words = form.elements[`words-${note.item}`];
    if (words) words.value = note.words;
  }
  for (const photo of await kept.photos()) {
    oneMore(form.querySelector(`[data-item="${photo.item}"] [data-photos]`));
  }
  for (const item of form.querySelectorAll('[data-item]')) show(item);
}

function listen(form, kept, sender) {
  const taking = new Set();
  let typing;
  // Every letter is kept at once; only sending waits for a pause.
  const note = async (item, pause) => {
    show(item);
    const code = item.dataset.item;
    const mark = item.dataset.mark;
    const words = form.elements[`words-${code}`].value;
    const made = await kept.note({ item: code, mark, words, replaces: item.dataset.key });
    if (mark) item.dataset.key = made.key;
    clearTimeout(typing);
    typing = setTimeout(() => sender.send(), pause);
  };
  const doing = (work) => {
    const done = work.catch(() => sender.tell(form.dataset.full, 'wrong'));
    taking.add(done);
    done.finally(() => taking.delete(done));
  };
  form.addEventListener('change', (event) => {
    const item = event.target.closest('[data-item]');
    if (!item) return;
    if (event.target.type === 'file') doing(take(event.target, item, kept, sender));
    else doing(note(item, 0));
  });
  form.addEventListener('input', (event) => {
    const item = event.target.closest('[data-item]');
    if (item && event.target.tagName === 'TEXTAREA') doing(note(item, TYPING_MS));
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.querySelector('button[name=submit]').addEventListener('click', async (event) => {
    event.preventDefault();
    await Promise.all([...taking]);
    await kept.wish(!(await kept.wish()));
    sender.hold(await kept.wish());
    sender.send();
  });
  window.addEventListener('online', () => sender.send());
  document.addEventListener('visibilitychange', () => document.hidden || sender.send());
  setInterval(() => sender.send(), AGAIN_MS);
}

async function take(input, item, kept, sender) {
  const files = [...input.files];
  input.value = '';
  const count = item.querySelector('[data-photos]');
  for (const file of files) {
    if (Number(count.dataset.photos) >= Number(count.dataset.most)) {
      await sender.tell(count.dataset.enough, 'wrong');
      return;
    }
    await kept.photo({ item: item.dataset.item, name: 'photo.jpg', blob: await smaller(file) });
    oneMore(count);
  }
  sender.send();
}

function oneMore(count) {
  if (!count) return;
  count.dataset.photos = Number(count.dataset.photos) + 1;
  count.textContent = count.dataset.photos;
}

// Words and a photograph are asked for where something is wrong.
function show(item) {
  const mark = item.querySelector('input[type=radio]:checked')?.value ?? '';
  item.dataset.mark = mark;
}

// A photograph as large as one needs to see it; as it is where the browser cannot draw it.
async function smaller(file) {
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, PHOTO_MOST / Math.max(picture.width, picture.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob((blob) => done(blob ?? file), 'image/jpeg', 0.85));
  } catch {
    return file;
  }
}

// The page itself, its styles and scripts: to be opened again where there is no network.
async function keepPage() {
  if (!navigator.serviceWorker) return;
  navigator.storage?.persist?.();
  const files = [...document.querySelectorAll('link[rel=stylesheet], script[src], link[rel=icon]')];
  const urls = files.map((one) => one.href ?? one.src);
  const icons = document.querySelector('svg.icon use')?.getAttribute('href')?.split('#')[0];
  try {
    await navigator.serviceWorker.register('/inspections/worker.js', { scope: '/inspections/' });
    const ready = await navigator.serviceWorker.ready;
    ready.active.postMessage({ keep: [window.location.pathname, ...urls, ...(icons ? [icons] : [])] });
  } catch {
    // Without it the list still keeps every tap; only opening the page anew needs a network.
  }
}

// Pages kept for one person are not shown to the next who signs in on the same telephone.
export function forgetOthers() {
  const now = document.body.dataset.person ?? '';
  try {
    if (localStorage.getItem('sujin-person') === now) return;
    localStorage.setItem('sujin-person', now);
    window.caches?.delete('sujin-walk-1');
  } catch {
    // A browser without storage keeps no pages either.
  }
}
