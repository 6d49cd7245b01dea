// What could not be sent yet, kept in this browser: per person, article and language.
export class Kept {
  constructor(user, { locale, id }) {
    this._key = `handrail-draft:${user}:${locale}:${id}`;
  }

  // `fields`: those that changed; `base`: what stood there before; `seen`: what they were written from.
  keep(fields, base, seen) {
    try {
      localStorage.setItem(this._key, JSON.stringify({ fields, base, seen }));
      return true;
    } catch {
      return false; // The browser keeps nothing, or no more.
    }
  }

  find() {
    try {
      return JSON.parse(localStorage.getItem(this._key));
    } catch {
      return null;
    }
  }

  forget() {
    try {
      localStorage.removeItem(this._key);
    } catch {
      // Then it was never kept.
    }
  }
}
