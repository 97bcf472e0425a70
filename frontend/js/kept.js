// What a telephone keeps of one inspection until the list is handed in.
const NAME = 'sujin-inspections';

export class Kept {
  // `scope` is the inspection and the person: another person's page sees nothing of it.
  constructor(scope) {
    this.scope = scope;
    this.opened = new Promise((done, fail) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore('notes', { keyPath: 'id' });
        asked.result.createObjectStore('photos', { keyPath: 'key' });
        asked.result.createObjectStore('wishes', { keyPath: 'scope' });
      };
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => fail(asked.error);
      asked.onblocked = () => fail(new Error('blocked'));
    });
  }

  // Fails aloud, also where the telephone is full.
  async store(name, mode, does) {
    const database = await this.opened;
    return new Promise((done, fail) => {
      const change = database.transaction(name, mode);
      const asked = does(change.objectStore(name));
      change.oncomplete = () => done(asked?.result);
      change.onerror = () => fail(change.error);
      change.onabort = () => fail(change.error ?? new Error('aborted'));
    });
  }

  async own(name) {
    const all = await this.store(name, 'readonly', (store) => store.getAll());
    return all.filter((one) => one.scope === this.scope).sort((a, b) => (a.at < b.at ? -1 : 1));
  }

  // Everything noted here, sent or not.
  notes() {
    return this.own('notes');
  }

  // What has a mark, is not sent and was not refused.
  async unsent() {
    return (await this.notes()).filter((one) => one.mark && !one.sent && !one.refused);
  }

  async photos() {
    return (await this.own('photos')).filter((one) => !one.refused);
  }

  async refused() {
    return [...(await this.own('photos')), ...(await this.notes())].filter((one) => one.refused);
  }

  note({ item, mark, words, replaces }) {
    const id = `${this.scope}:${item}`;
    const note = { id, scope: this.scope, item, mark, words, replaces, ...this.stamped() };
    return this.put('notes', note);
  }

  photo({ item, name, blob }) {
    return this.put('photos', { scope: this.scope, item, name, blob, ...this.stamped() });
  }

  put(name, row) {
    return this.store(name, 'readwrite', (store) => store.put(row)).then(() => row);
  }

  stamped() {
    return { key: crypto.randomUUID?.() ?? made(), at: new Date().toISOString() };
  }

  // What was changed while it was on its way is not what was sent.
  async sent(notes) {
    const now = new Map((await this.notes()).map((one) => [one.id, one.key]));
    for (const one of notes) {
      if (now.get(one.id) === one.key) await this.put('notes', { ...one, sent: true });
    }
  }

  // The server has said what it has: what was sent need not be kept any more.
  async forgetSent() {
    for (const one of await this.notes()) if (one.sent) await this.drop('notes', one.id);
  }

  drop(name, key) {
    return this.store(name, 'readwrite', (store) => store.delete(key));
  }

  // The wish to hand the list in: set, taken back, or (without an argument) asked for.
  async wish(wanted) {
    if (wanted === undefined) {
      return Boolean(await this.store('wishes', 'readonly', (store) => store.get(this.scope)));
    }
    const row = { scope: this.scope };
    await this.store('wishes', 'readwrite', (store) =>
      wanted ? store.put(row) : store.delete(this.scope));
    return wanted;
  }

  async clear() {
    for (const note of await this.notes()) await this.drop('notes', note.id);
    for (const photo of await this.own('photos')) await this.drop('photos', photo.key);
    await this.wish(false);
  }
}

// Browsers of 2020 cannot name a UUID; bytes of chance make one.
function made() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, '0')).join('');
  return [8, 12, 16, 20].reduceRight((text, at) => `${text.slice(0, at)}-${text.slice(at)}`, hex);
}
