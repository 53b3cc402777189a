// Telling others what has happened.

/**
 * What tells, and whom.
 * @template {object} Told by the name of an event, what is told with it
 */
export class Teller {
  /** @type {{ [Name in keyof Told]?: ((detail: Told[Name]) => void)[] }} */
  #listeners = {};

  /**
   * Be told of an event, after those who asked before.
   * @template {keyof Told} Name
   * @param {Name} name
   * @param {(detail: Told[Name]) => void} listener
   */
  on(name, listener) {
    (this.#listeners[name] ??= []).push(listener);
  }

  /**
   * Tell everybody who asked.
   * @template {keyof Told} Name
   * @param {Name} name
   * @param {Told[Name] extends void ? [] : [Told[Name]]} detail
   */
  emit(name, ...detail) {
    for (const listener of this.#listeners[name] ?? []) listener(.../** @type {[Told[Name]]} */ (detail));
  }
}
