// A binary heap, the least first.

/** Values by their keys. */
export class Heap {
  /** @type {number[]} */
  #keys = [];
  /** @type {number[]} */
  #values = [];

  get size() {
    return this.#keys.length;
  }

  /**
   * Put in a value.
   * @param {number} key
   * @param {number} value
   */
  push(key, value) {
    const keys = this.#keys;
    const values = this.#values;
    let at = keys.length;
    while (at) {
      const parent = (at - 1) >> 1;
      if (keys[parent] <= key) break;
      keys[at] = keys[parent];
      values[at] = values[parent];
      at = parent;
    }
    keys[at] = key;
    values[at] = value;
  }

  /**
   * The least key, with its value; of a heap that is not empty.
   * @returns {[number, number]}
   */
  pop() {
    const keys = this.#keys;
    const values = this.#values;
    /** @type {[number, number]} */
    const top = [keys[0], values[0]];
    const key = keys.pop() ?? 0;
    const value = values.pop() ?? 0;
    const size = keys.length;
    let at = 0;
    while (size) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && keys[child + 1] < keys[child]) child++;
      if (keys[child] >= key) break;
      keys[at] = keys[child];
      values[at] = values[child];
      at = child;
    }
    if (size) {
      keys[at] = key;
      values[at] = value;
    }
    return top;
  }
}
