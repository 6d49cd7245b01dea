// What is done with the conversation that is open, asked for where something must be chosen, and undone where possible.
import { facts, fill, h, words } from "./facts.js";
import { post, Refusal } from "./net.js";
import { choose, confirm, when } from "./sheet.js";
import { sentence } from "./times.js";
import { toast } from "./toast.js";

export class Acts {
  // `did(verb, id)` is called after something was done.
  constructor(talk, did) {
    this._talk = talk;
    this._did = did;
    talk.element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-verb], [data-ask]");
      if (!button) return;
      button.closest("details.menu")?.removeAttribute("open");
      if (button.dataset.ask) this.ask(button.dataset.ask);
      else this.ask(button.dataset.verb, "fieldTag" in button.dataset ? { tag: button.dataset.fieldTag } : undefined);
    });
    talk.element.addEventListener("submit", (event) => {
      const verb = event.target.dataset.verbForm;
      if (!verb) return;
      event.preventDefault();
      this.ask(verb);
    });
  }

  may(verb) {
    const verbs = this._talk.state?.verbs ?? [];
    if (["tag", "untag", "priority"].includes(verb)) return Boolean(this._talk.state);
    return verb === "claim" ? verbs.includes("claim") || verbs.includes("take_over") : verbs.includes(verb);
  }

  // Asks for what a verb needs, then does it.
  async ask(verb, fields = null) {
    if (!this.may(verb)) return;
    const id = this._talk.id;
    const asked = fields ?? (await this._fields(verb));
    if (asked) await this.act(id, verb === "take_over" ? "claim" : verb, asked);
  }

  async act(id, verb, fields = {}) {
    try {
      const { said, undo } = await post(`/desk/conversations/${id}/${verb}`, fields);
      if (said || undo) {
        const back = undo && (async () => {
          await this.act(id, undo.verb, undo.fields);
        });
        if (said) toast(sentence(said), { undo: back });
      }
      this._did(verb, id);
    } catch (error) {
      if (!(error instanceof Refusal)) return toast(words.not_sent, { isBad: true });
      if (error.reason === "meanwhile") return this._anyway(id, verb, fields);
      toast(error.message || words.not_sent, { isBad: true });
      this._talk.refresh();
    }
  }

  async _anyway(id, verb, fields) {
    await this._talk.refresh();
    if (await confirm(words.resolve, words.meanwhile, words.resolve)) this.act(id, verb, { ...fields, anyway: "yes" });
  }

  async _fields(verb) {
    const ask = { claim: "_claim", take_over: "_claim", transfer: "_transfer", resolve: "_resolve", snooze: "_snooze", priority: "_priority", tag: "_tag", block: "_block" }[verb];
    return ask ? this[ask]() : {};
  }

  async _claim() {
    const { verbs, agent } = this._talk.state;
    if (verbs.includes("claim")) return {};
    const isMeant = await confirm(words.take_over, fill(words.take_over_ask, { name: agent }), words.take_over);
    return isMeant ? { take_over: "yes" } : null;
  }

  async _transfer() {
    const note = h("textarea", { class: "input choose-note", rows: "2", maxlength: "10000", placeholder: words.transfer_note, "aria-label": words.transfer_note });
    const people = facts.colleagues.filter((one) => one.id !== this._talk.state.agent_id && one.id !== facts.me.id);
    const to = await choose(words.transfer_to, [
      ...people.map((one) => ({ value: `user:${one.id}`, label: one.name, icon: "user-round", group: words.transfer_people })),
      ...facts.teams.map((one) => ({ value: `team:${one.id}`, label: one.name, icon: "users", group: words.transfer_teams })),
    ], { extra: note });
    return to && { to: to.value, note: note.value };
  }

  async _resolve() {
    const reasons = Object.entries(facts.resolutions).map(([value, label]) => ({ value, label, icon: "circle-check" }));
    const chosen = await choose(words.resolve_as, reasons);
    return chosen && { reason: chosen.value, seen_seq: this._talk.state.customer_seq };
  }

  async _snooze() {
    const chosen = await choose(words.snooze_until, presets().map(([name, at]) => ({ value: at, label: words[name], icon: at ? "clock" : "calendar" })));
    if (!chosen) return null;
    const at = chosen.value ?? (await when(words.snooze_until));
    return at && { until: at.toISOString() };
  }

  async _priority() {
    const chosen = await choose(words.priority, facts.priorities.map((label, value) => ({ value, label, icon: "flag" })).reverse());
    return chosen && { priority: chosen.value };
  }

  async _tag() {
    const known = facts.tags.filter((tag) => !this._talk.state.tags.includes(tag));
    const free = (typed) => ({ value: typed, label: typed, icon: "plus", hint: words.tag_add });
    const chosen = await choose(words.tag_add, known.map((tag) => ({ value: tag, label: tag, icon: "tag" })), { free });
    return chosen && { tag: chosen.value };
  }

  async _block() {
    return (await confirm(words.block, words.block_ask, words.block)) ? {} : null;
  }
}

function presets() {
  const now = new Date();
  const at = (days, hour) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);
  const days = (8 - now.getDay()) % 7 || 7;
  const all = [["snooze_hour", new Date(now.getTime() + 3_600_000)], ["snooze_afternoon", at(0, 15)], ["snooze_evening", at(0, 18)], ["snooze_tomorrow", at(1, 9)], ["snooze_monday", at(days, 9)]];
  return [...all.filter(([, moment]) => moment > now), ["snooze_other", null]];
}
