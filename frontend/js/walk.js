// An inspection on a telephone: every tap is kept here first and sent when there is a network, under
// a key of its own, so that what is sent twice is kept once and what is not sent is not lost.
import { Kept } from './kept.js';

const AGAIN_MS = 10000;
const TYPING_MS = 400;
const PHOTO_MOST = 1600;

export function walk() {
  const form = document.querySelector('form[data-walk]');
  if (!form || !window.indexedDB) return;
  const kept = new Kept(form.dataset.walk);
  const sender = new Sender(form, kept);
  restore(form, kept).then(() => sender.send());
  listen(form, kept, sender);
  keepPage();
}

// What is here and not sent yet stands over what the server knew when the page was made.
async function restore(form, kept) {
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
  let typing;
  // Every letter is kept at once; only sending waits for a pause.
  const note = async (item, pause) => {
    show(item);
    const code = item.dataset.item;
    const radio = item.querySelector('input[type=radio]:checked');
    if (!radio) return;
    const words = form.elements[`words-${code}`].value;
    await kept.note({ item: code, mark: radio.value, words });
    clearTimeout(typing);
    typing = setTimeout(() => sender.send(), pause);
  };
  form.addEventListener('change', (event) => {
    const item = event.target.closest('[data-item]');
    if (!item) return;
    if (event.target.type === 'file') take(event.target, item, kept, sender);
    else note(item, 0);
  });
  form.addEventListener('input', (event) => {
    const item = event.target.closest('[data-item]');
    if (item && event.target.tagName === 'TEXTAREA') note(item, TYPING_MS);
  });
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (event.submitter?.name === 'submit') await kept.wish(true);
    sender.send();
  });
  window.addEventListener('online', () => sender.send());
  document.addEventListener('visibilitychange', () => document.hidden || sender.send());
  setInterval(() => sender.send(), AGAIN_MS);
}

async function take(input, item, kept, sender) {
  const files = [...input.files];
  input.value = '';
  for (const file of files) {
    await kept.photo({ item: item.dataset.item, name: 'photo.jpg', blob: await smaller(file) });
    oneMore(item.querySelector('[data-photos]'));
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

class Sender {
  constructor(form, kept) {
    this.form = form;
    this.kept = kept;
    this.running = false;
    this.again = false;
    this.refused = '';
  }

  async send() {
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = true;
    do {
      this.again = false;
      await this.once();
    } while (this.again);
    this.running = false;
  }

  async once() {
    const said = this.form.dataset;
    try {
      await this.notes();
      await this.photos();
      if (await this.kept.wish()) await this.submit();
      await this.tell(this.refused || said.kept, this.refused ? 'wrong' : 'sent');
    } catch (problem) {
      await this.tell(problem.why ?? said.offline, problem.why ? 'wrong' : 'offline');
    }
  }

  async notes() {
    const notes = await this.kept.notes();
    if (!notes.length) return;
    const sent = notes.map(({ key, item, mark, words, at }) => ({ key, item, mark, words, at }));
    await this.post(this.form.dataset.marks, JSON.stringify({ notes: sent }), 'application/json');
    await this.kept.sent(notes);
  }

  async photos() {
    for (const photo of await this.kept.photos()) {
      const body = new FormData();
      body.set('key', photo.key);
      body.set('item', photo.item);
      body.set('at', photo.at);
      body.set('photo', photo.blob, photo.name);
      await this.post(this.form.dataset.photos, body);
      await this.kept.drop('photos', photo.key);
    }
  }

  // Not refused for good: whoever fills in what is missing hands it in again.
  async submit() {
    this.refused = '';
    try {
      const answer = await this.post(this.form.dataset.submission, '');
      await this.kept.clear();
      window.location.assign(answer.url);
    } catch (problem) {
      if (!problem.why) throw problem;
      await this.kept.wish(false);
      this.refused = problem.why;
    }
  }

  async post(url, body, type) {
    const headers = { 'X-CSRFToken': cookie('csrftoken') };
    if (type) headers['Content-Type'] = type;
    const answer = await fetch(url, { method: 'POST', body, headers, redirect: 'manual' });
    if (answer.ok) return answer.json();
    if (answer.status === 422) throw await answer.json();
    if (answer.status === 404) throw { why: this.form.dataset.gone };
    throw answer.status >= 500 ? new Error(answer.status) : { why: this.form.dataset.signedOut };
  }

  async tell(words, state) {
    const [notes, photos, wish] = [
      await this.kept.notes(), await this.kept.photos(), await this.kept.wish(),
    ];
    const left = notes.length + photos.length;
    const bar = this.form.querySelector('[data-walk-state]');
    const waits = wish && state === 'offline' ? this.form.dataset.waits : words;
    bar.textContent = left ? `${waits} · ${this.form.dataset.left.replace('%d', left)}` : waits;
    bar.dataset.walkState = state;
    const marked = this.form.querySelectorAll('[data-item]:not([data-mark=""])').length;
    this.form.querySelector('[data-walk-done]').textContent = marked;
  }
}

function cookie(name) {
  return document.cookie.split('; ').find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
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
