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
  // Calls back when another tab of the same site sets it.
  watch(name, changed) {
    window.addEventListener("storage", (event) => event.key === `handrail.${name}` && changed(event.newValue));
  },
};
