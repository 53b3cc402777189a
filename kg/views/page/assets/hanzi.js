// Chinese characters: traditional and simplified ones are the same to a reader, and many type how they sound.

/** A letter that joins words within a name is not written in its pinyin. */
const SOUNDLESS = /[^\p{Script=Han}\p{L}\p{N}]/gu;

/** What two spellings have in common, and how a name sounds. */
export class Hanzi {
  /** @type {Map<string, string>} */
  #simple = new Map();
  /** @type {RegExp | null} all that are not simplified */
  #traditional = null;
  /** @type {Map<string, string>} */
  #sound = new Map();

  /**
   * @param {string} alike traditional characters, each followed by its simplified one
   * @param {Record<string, string>} sounds syllable → the characters that are read so
   */
  constructor(alike, sounds) {
    const letters = [...alike];
    for (let i = 0; i < letters.length; i += 2) this.#simple.set(letters[i], letters[i + 1]);
    if (letters.length) this.#traditional = new RegExp(`[${[...this.#simple.keys()].join('')}]`, 'gu');
    for (const [syllable, characters] of Object.entries(sounds)) for (const one of characters) this.#sound.set(one, syllable);
  }

  /**
   * A text without the differences that make none: no case, no accents, no width, simplified.
   * @param {string} text
   */
  folded(text) {
    const plain = text.normalize('NFKD').replace(/\p{M}+/gu, '').toLowerCase();
    return this.#traditional ? plain.replace(this.#traditional, (one) => this.#simple.get(one) ?? one) : plain;
  }

  /**
   * The syllables of a name that holds at least two Chinese characters, or null; runs of other letters count as one.
   * @param {string} name folded
   */
  syllables(name) {
    if ((name.match(/\p{Script=Han}/gu)?.length ?? 0) < 2) return null;
    return (name.replace(SOUNDLESS, '').match(/\p{Script=Han}|\P{Script=Han}+/gu) ?? []).map((part) => this.#sound.get(part) ?? part);
  }
}

/**
 * The first letters of a name of several words, or nothing.
 * @param {string} name folded
 */
export function initialsOf(name) {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  return words.length > 2 && words.length < 7 ? words.map((word) => word[0]).join('') : '';
}
