// Sends what a telephone keeps, one round after another, and says how far it is.
export class Sender {
  constructor(form, kept) {
    this.form = form;
    this.kept = kept;
    this.running = false;
    this.again = false;
    this.why = '';
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
      await this.all();
      if (await this.kept.wish()) await this.submit();
      await this.tell(this.why || said.kept, this.why ? 'wrong' : 'sent');
    } catch (problem) {
      await this.tell(problem.why ?? said.offline, problem.why ? 'wrong' : 'offline');
    }
  }

  // Until nothing is left: more may have come while it was sent.
  async all() {
    let notes = await this.kept.unsent();
    let photos = await this.kept.photos();
    while (notes.length || photos.length) {
      if (notes.length) await this.notes(notes);
      for (const photo of photos) await this.photo(photo);
      notes = await this.kept.unsent();
      photos = await this.kept.photos();
    }
  }

  // One that is refused holds up no other: then each is sent by itself.
  async notes(notes) {
    try {
      const body = JSON.stringify({ notes: notes.map(plain) });
      const { stands } = await this.post(this.form.dataset.marks, body, 'application/json');
      await this.kept.sent(notes);
      for (const one of notes) await this.differs(one, stands[one.item]);
    } catch (problem) {
      if (!problem.refused) throw problem;
      if (notes.length === 1) await this.kept.put('notes', { ...notes[0], refused: problem.why });
      else for (const one of notes) await this.notes([one]);
    }
  }

  // Another telephone's word stands: whoever taps again has seen it, and then it is replaced.
  async differs(note, stands) {
    const now = (await this.kept.notes()).find((one) => one.id === note.id);
    if (!stands || stands.key === note.key || now?.key !== note.key) return;
    this.form.querySelector(`[data-item="${note.item}"]`).dataset.key = stands.key;
    await this.kept.put('notes', { ...note, refused: this.form.dataset.other });
  }

  async photo(photo) {
    const body = new FormData();
    body.set('key', photo.key);
    body.set('item', photo.item);
    body.set('at', photo.at);
    body.set('photo', photo.blob, photo.name);
    try {
      await this.post(this.form.dataset.photos, body);
      await this.kept.drop('photos', photo.key);
    } catch (problem) {
      if (!problem.refused) throw problem;
      await this.kept.put('photos', { ...photo, refused: problem.why });
    }
  }

  // Not refused for good: whoever fills in what is missing hands it in again.
  async submit() {
    this.why = '';
    try {
      const answer = await this.post(this.form.dataset.submission, '');
      await this.kept.clear();
      await window.caches?.open('sujin-walk-1').then((cache) => cache.delete(window.location.pathname));
      window.location.assign(answer.url);
    } catch (problem) {
      if (!problem.refused) throw problem;
      await this.kept.wish(false);
      this.why = problem.why;
    }
  }

  async post(url, body, type) {
    const headers = { 'X-CSRFToken': cookie('csrftoken') };
    if (type) headers['Content-Type'] = type;
    const answer = await fetch(url, { method: 'POST', body, headers, redirect: 'manual' });
    const said = this.form.dataset;
    if (answer.ok) return answer.json();
    if (answer.status === 422) throw { refused: true, ...(await answer.json()) };
    if (answer.status === 413) throw { refused: true, why: said.tooLarge };
    if (answer.status === 404) throw { why: said.gone };
    throw answer.status >= 500 ? new Error(answer.status) : { why: said.signedOut };
  }

  async tell(words, state) {
    const [notes, photos, refused, wish] = await Promise.all([
      this.kept.unsent(), this.kept.photos(), this.kept.refused(), this.kept.wish(),
    ]);
    const said = this.form.dataset;
    const left = notes.length + photos.length;
    const bar = this.form.querySelector('[data-walk-state]');
    const waits = wish && state === 'offline' ? said.waits : words;
    bar.textContent = left ? `${waits} · ${said.left.replace('%d', left)}` : waits;
    bar.dataset.walkState = state;
    const marked = this.form.querySelectorAll('[data-item]:not([data-mark=""])').length;
    this.form.querySelector('[data-walk-done]').textContent = marked;
    this.hold(wish);
    for (const item of this.form.querySelectorAll('[data-item]')) {
      const mine = refused.filter((one) => one.item === item.dataset.item);
      item.querySelector('[data-walk-wrong]').replaceChildren(...mine.map((one) => this.wrong(one)));
    }
  }

  // While the list waits to be handed in, nothing is changed; the same button takes the wish back.
  hold(wish) {
    for (const area of this.form.querySelectorAll('fieldset')) area.disabled = Boolean(wish);
    const button = this.form.querySelector('button[name=submit]');
    button.querySelector('[data-walk-submit]').textContent =
      wish ? this.form.dataset.takeBack : this.form.dataset.handIn;
  }

  wrong(one) {
    const told = document.createElement('p');
    const drop = document.createElement('button');
    told.textContent = `${one.refused} `;
    drop.type = 'button';
    drop.className = 'btn btn-sm';
    drop.textContent = this.form.dataset.drop;
    drop.addEventListener('click', async () => {
      await this.kept.drop(one.blob ? 'photos' : 'notes', one.blob ? one.key : one.id);
      this.send();
    });
    told.append(drop);
    return told;
  }
}

function plain({ key, item, mark, words, at, replaces }) {
  return { key, item, mark, words, at, replaces: replaces ?? '' };
}

function cookie(name) {
  const found = document.cookie.split('; ').find((one) => one.startsWith(`${name}=`));
  return found?.slice(name.length + 1) ?? '';
}
