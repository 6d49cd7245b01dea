// What the browser remembers for this site. Where storage is forbidden, it is remembered until the page goes.
const memory = new Map();

export const store = {
  get(name) {
    try {
      return localStorage.getItem(`handrail.${name}`);
    } catch {
      return memory.get(name) ?? null;
    }
  },
  set(name, value) {
    memory.set(name, value);
    try {
      localStorage.setItem(`handrail.${name}`, value);
    } catch {
      // Full or forbidden: memory has it.
    }
  },
  remove(name) {
    memory.delete(name);
    try {
      localStorage.removeItem(`handrail.${name}`);
    } catch {
      // Nothing was kept.
    }
  },
  // All whose name begins so, as [name, value].
  all(beginning) {
    const kept = new Map([...memory].map(([name, value]) => [`handrail.${name}`, value]));
    try {
      for (let at = 0; at < localStorage.length; at += 1) kept.set(localStorage.key(at), localStorage.getItem(localStorage.key(at)));
    } catch {
      // Memory has all there is.
    }
    return [...kept].map(([name, value]) => [name.replace("handrail.", ""), value]).filter(([name]) => name.startsWith(beginning));
  },
  // Calls back when another tab of the same site sets it.
  watch(name, changed) {
    window.addEventListener("storage", (event) => event.key === `handrail.${name}` && changed(event.newValue));
  },
};
