// What the page says, in one of its languages.

import { PLURALS, RELATIONS, WORDS } from './texts.js';

/**
 * @import { Kind } from './graph.js'
 * @import { Word } from './texts.js'
 */

/** @typedef {keyof typeof WORDS} Language */

const LANGUAGES = /** @type {Language[]} */ (Object.keys(WORDS));

/** @type {Intl.NumberFormatOptions} */
const PERCENT = { style: 'percent', maximumSignificantDigits: 2 };

/** A language, and what is said in it. */
export class Words {
  /** @type {Language} */
  language = 'en';
  /** The language that was asked for, or nothing where the browser decides. */
  chosen = '';
  #numbers = new Intl.NumberFormat(this.language);
  #percents = new Intl.NumberFormat(this.language, PERCENT);

  /**
   * Speak a language, or, where it is none of ours, the first of those that the reader prefers.
   * @param {string} language
   * @param {readonly string[]} preferred language tags, the best first
   */
  choose(language, preferred = navigator.languages ?? [navigator.language ?? 'en']) {
    const chosen = LANGUAGES.find((known) => known === language);
    const wanted = preferred.map((tag) => tag.toLowerCase().split('-')[0]);
    this.chosen = chosen ?? '';
    this.language = chosen ?? LANGUAGES.find((known) => known === wanted.find((tag) => LANGUAGES.some((each) => each === tag))) ?? 'en';
    this.#numbers = new Intl.NumberFormat(this.language);
    this.#percents = new Intl.NumberFormat(this.language, PERCENT);
  }

  /**
   * A text, with values for the names that it holds in braces.
   * @param {Word} key
   * @param {Record<string, string | number>} values
   * @param {number} count of what is spoken about
   */
  say(key, values = {}, count = 2) {
    const forms = WORDS[this.language][key];
    const text = typeof forms === 'string' ? forms : forms[count === 1 ? 0 : 1];
    return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  }

  /**
   * The words for so many; they have a form for one, and one for any other number.
   * @param {Word} key
   * @param {number} count
   * @param {Record<string, string | number>} values
   */
  counted(key, count, values = {}) {
    return this.say(key, { n: this.number(count), ...values }, count);
  }

  /**
   * A number as it is written.
   * @param {number} value
   */
  number(value) {
    return this.#numbers.format(value);
  }

  /**
   * A share as it is written.
   * @param {number} share in 0..1
   */
  percent(share) {
    return this.#percents.format(share);
  }

  /**
   * What one of a kind is called.
   * @param {Kind} kind
   */
  kind({ name, en, zh }) {
    return (this.language === 'zh' ? zh : en) || name;
  }

  /**
   * What many of a kind are called.
   * @param {Kind} kind
   */
  kinds(kind) {
    return (this.language === 'en' && PLURALS[kind.name]) || this.kind(kind);
  }

  /**
   * What a relation is called.
   * @param {string} name a prefixed predicate
   * @param {boolean} forward read from its source to its target
   */
  relation(name, forward) {
    const known = RELATIONS[name];
    const at = (this.language === 'zh' ? 2 : 0) + (forward ? 0 : 1);
    if (known?.[at]) return known[at];
    const local = name.replace(/^.*[:/#]/, '').replace(/_x([0-9A-F]{4,6})_/g, (_, code) => String.fromCodePoint(Number.parseInt(code, 16)));
    const spaced = local.replace(/([a-z])([A-Z])/g, '$1 $2').replaceAll('_', ' ').toLowerCase();
    return forward ? spaced : `← ${spaced}`;
  }
}

/** The words of this page: its language is chosen once, before anything is said. */
export const words = new Words();
