// Finding names: all labels and other spellings, letter after letter in one array, searched for what is typed and, where
// that finds little, with up to two typing errors.
//
// A search looks at every name, so looking must cost next to nothing: each has a signature, one bit for a thirtieth of all
// letters, and a name that lacks a wanted letter is passed over without being read.

import { initialsOf } from './hanzi.js';

/** @import { Graph } from './graph.js' */

const LINE = 10;
const MOST_WEIGHED = 250;
/** So long a word may hold two errors. */
const TWO_ERRORS = 6;
/** As much of a name as is weighed against what was typed. */
const WEIGHED_LENGTH = 120;
const BREAK = /[\s\-_.,:;!?'"“”‘’()[\]{}《》「」【】（）：，。、·|/]/;
const BOUNDARY = /[\s\p{P}]/u;
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
/** Texts that are searched besides names. */
const TOLD = ['schema:abstract', 'schema:description', 'skos:definition'];
/** What a letter may be: known at all, between words, and such that what follows it is a beginning. */
const KNOWN = 1;
const BREAKS = 2;
const BOUNDS = 4;
/** Ranks: below the first, a name holds what was typed; from it on, with errors; the last, not at all. */
export const LIKE = 4;
const NOTHING = 255;
/** Bits of a signature: as many as a small integer of the usual engines holds. */
const SIGNATURE = 30;

/** So many letters tell a name by how it sounds: of the whole of it, of its beginning or its initials. */
const SOUNDS = 2;
const BEGINS = 3;
/** So many letters may hold an error; a word in Chinese is shorter. */
const FORGIVEN = 4;
const FORGIVEN_WIDE = 3;
/** So many nodes have their texts read at a time, in the pauses of loading. */
const TEXTS_AT_A_TIME = 400;

/**
 * Something found. Rank 0 is the very name; 4 and more hold typing errors.
 * @typedef {{ node: number, entry: number, rank: number }} Hit
 */

/** What is looked for: its UTF-16 codes and their signature. */
class Pattern {
  /** @param {string} text */
  constructor(text) {
    this.codes = Uint16Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
    this.length = text.length;
    this.signature = this.codes.reduce((signature, code) => signature | (1 << code % SIGNATURE), 0);
  }
}

/** All names of a graph, to be searched. */
export class NameIndex {
  /** @param {Graph} graph */
  constructor(graph) {
    /** @type {string[]} */
    const parts = [];
    /** @type {number[]} */
    const nodes = [];
    for (let node = 0; node < graph.n; node++) {
      parts.push(graph.labels[node]);
      nodes.push(node);
      const line = graph.otherNames[node];
      if (line.length < 4) continue;
      for (const name of graph.names(node)) {
        if (name.text === graph.labels[node]) continue;
        parts.push(name.text);
        nodes.push(node);
      }
    }
    this.graph = graph;
    /** The entries, one a name: their nodes, ascending. */
    this.node = Uint32Array.from(nodes);
    this.count = nodes.length;
    const names = graph.hanzi.folded(parts.join('\n'));
    const { codes, start, signatures, letters } = lettersOf(names, this.count);
    this.codes = codes;
    this.start = start;
    this.signatures = signatures;
    this.letters = letters;
    this.masks = new Int32Array(65536);
    this.rows = [0, 1, 2].map(() => new Int32Array(WEIGHED_LENGTH + 4));
    /** The best that a search has found of each node: its rank, LIKE or NOTHING, and the entry; and ranks of what is LIKE. */
    this.rank = new Uint8Array(graph.n);
    this.entry = new Uint32Array(graph.n);
    /** @type {Map<number, number>} */
    this.likeness = new Map();
    this.found = 0;
    /** @type {{ entry: number, syllables: string[], sound: string, initials: string }[]} how names of things sound */
    this.sounds = [];
    names.split('\n').forEach((name, entry) => {
      if (graph.isPost(nodes[entry])) return;
      const syllables = graph.hanzi.syllables(name) ?? [];
      const initials = syllables.length ? syllables.map((part) => part[0]).join('') : initialsOf(name);
      if (initials) this.sounds.push({ entry, syllables, sound: syllables.join(''), initials });
    });
    /** @type {string[]} the summary of each post, and what each thing is said to be, folded; as far as they have been read */
    this.texts = [];
  }

  /**
   * What answers to a query, the best first, each node once.
   * @param {string} query
   * @returns {Hit[]}
   */
  find(query) {
    const wanted = this.#wanted(query);
    if (!wanted) return [];
    this.rank.fill(NOTHING);
    this.likeness.clear();
    this.found = 0;
    const keep = (/** @type {number} */ entry, /** @type {number} */ rank) => this.#keep(entry, rank);
    this.#scan(wanted, keep);
    const tokens = wanted.split(' ');
    if (tokens.length > 1) this.#scanAll(tokens, keep);
    this.#scanSounds(wanted, keep);
    if (this.found < 6 && wanted.length >= (WIDE.test(wanted) ? FORGIVEN_WIDE : FORGIVEN)) {
      const pattern = new Pattern(wanted);
      const joinedWords = tokens.join('');
      let weighed = 0;
      const keepLike = (/** @type {number} */ entry, /** @type {number} */ errors) => {
        // The best-connected come first; of very many, the rest need not be told apart.
        this.#keepLike(entry, LIKE + (++weighed > MOST_WEIGHED ? errors + 1 : this.#likeness(entry, pattern, errors)));
      };
      this.#scanLike(wanted, keepLike);
      if (wanted.length < TWO_ERRORS) for (const swapped of swaps(wanted)) this.#scan(swapped, (entry) => keepLike(entry, 1));
      if (joinedWords !== wanted) this.#scan(joinedWords, (entry, rank) => this.#keepLike(entry, LIKE + rank));
    }
    return this.#best();
  }

  /**
   * Nodes whose summary or definition holds all words of a query, the newest posts first; none before the details have come.
   * @param {string} query
   */
  findInTexts(query) {
    const { graph } = this;
    const wanted = this.#wanted(query);
    if (!graph.detailed || wanted.length < (WIDE.test(wanted) ? 2 : 3)) return [];
    while (this.readTexts());
    const tokens = wanted.split(' ');
    const found = [];
    for (let node = 0; node < graph.n; node++) if (this.texts[node] && tokens.every((token) => this.texts[node].includes(token))) found.push(node);
    return found.sort((a, b) => graph.date[b] - graph.date[a] || a - b);
  }

  /** Read some more summaries and definitions; whether there are yet more. */
  readTexts() {
    const { graph, texts } = this;
    const until = Math.min(graph.n, texts.length + TEXTS_AT_A_TIME);
    for (let node = texts.length; node < until; node++) {
      const said = graph.literals(node).filter(({ name }) => TOLD.includes(name)).map(({ value }) => value);
      texts.push(said.length ? graph.hanzi.folded(said.join('\n')) : '');
    }
    return until < graph.n;
  }

  /**
   * What is looked for, without the differences that make none.
   * @param {string} query
   */
  #wanted(query) {
    return this.graph.hanzi.folded(query).trim().replace(/\s+/g, ' ');
  }

  /**
   * Names that sound like what was typed, in pinyin: the whole, its beginning, its last syllables; or that have these initials.
   * @param {string} wanted
   * @param {(entry: number, rank: number) => void} keep
   */
  #scanSounds(wanted, keep) {
    const typed = wanted.replace(/[ '’-]/g, '');
    if (typed.length < SOUNDS || !/^[a-z0-9]+$/.test(typed)) return;
    for (const { entry, syllables, sound, initials } of this.sounds) {
      if (sound === typed) keep(entry, 1);
      else if (typed.length < BEGINS) continue;
      else if (sound.startsWith(typed)) keep(entry, 2);
      else if (initials === typed || (sound.endsWith(typed) && syllables.some((_, at) => syllables.slice(at).join('') === typed))) keep(entry, 3);
    }
  }

  /**
   * Remember an entry that holds what was typed, if it is the best of its node.
   * @param {number} entry
   * @param {number} rank
   */
  #keep(entry, rank) {
    const node = this.node[entry];
    if (rank >= this.rank[node]) return;
    if (this.rank[node] === NOTHING) this.found++;
    this.rank[node] = rank;
    this.entry[node] = entry;
  }

  /**
   * Remember an entry that is merely alike.
   * @param {number} entry
   * @param {number} rank
   */
  #keepLike(entry, rank) {
    const node = this.node[entry];
    if (this.rank[node] < LIKE || rank >= (this.likeness.get(node) ?? Infinity)) return;
    this.likeness.set(node, rank);
    this.rank[node] = LIKE;
    this.entry[node] = entry;
  }

  /** Nodes come in order, and the ranks without errors are few: only what is merely alike has to be sorted. */
  #best() {
    /** @type {Hit[][]} */
    const exact = [[], [], [], []];
    for (let node = 0; node < this.rank.length; node++) {
      const rank = this.rank[node];
      if (rank < LIKE) exact[rank].push({ node, entry: this.entry[node], rank });
    }
    const like = Array.from(this.likeness, ([node, rank]) => ({ node, entry: this.entry[node], rank }));
    return exact.flat().concat(like.sort((a, b) => a.rank - b.rank || a.node - b.node));
  }

  /**
   * Where a name first holds a pattern, or -1.
   * @param {number} entry
   * @param {Pattern} pattern
   */
  #place(entry, { codes: wanted, length }) {
    const { codes } = this;
    const last = this.start[entry + 1] - 1 - length;
    for (let at = this.start[entry]; at <= last; at++) {
      let same = 0;
      while (same < length && codes[at + same] === wanted[same]) same++;
      if (same === length) return at;
    }
    return -1;
  }

  /**
   * Names that hold a text: the whole, the beginning, a word, or anywhere.
   * @param {string} wanted
   * @param {(entry: number, rank: number) => void} keep
   */
  #scan(wanted, keep) {
    const pattern = new Pattern(wanted);
    const { signatures, count, start } = this;
    const { signature, length } = pattern;
    for (let entry = 0; entry < count; entry++) {
      if (signature & ~signatures[entry]) continue;
      const at = this.#place(entry, pattern);
      if (at < 0) continue;
      const begins = at === start[entry];
      if (begins) keep(entry, start[entry + 1] - 1 - at === length ? 0 : 1);
      else keep(entry, this.letters[this.codes[at - 1]] & BOUNDS ? 2 : 3);
    }
  }

  /**
   * Names that hold all the words, in any order.
   * @param {string[]} tokens
   * @param {(entry: number, rank: number) => void} keep
   */
  #scanAll(tokens, keep) {
    const patterns = tokens.map((token) => new Pattern(token));
    const signature = patterns.reduce((all, pattern) => all | pattern.signature, 0);
    for (let entry = 0; entry < this.count; entry++) {
      if (signature & ~this.signatures[entry]) continue;
      if (patterns.every((pattern) => this.#place(entry, pattern) >= 0)) keep(entry, 3);
    }
  }

  /**
   * Names that hold what is wanted with few errors. As many letters of it may be missing as errors are allowed.
   * @param {string} wanted
   * @param {(entry: number, rank: number) => void} keep
   */
  #scanLike(wanted, keep) {
    const pattern = new Pattern(wanted.slice(0, 31));
    const { codes, length, signature } = pattern;
    const two = length >= TWO_ERRORS;
    const { masks, signatures, count } = this;
    for (let i = 0; i < length; i++) masks[codes[i]] |= 1 << i;
    for (let entry = 0; entry < count; entry++) {
      let missing = signature & ~signatures[entry];
      missing &= missing - 1;
      if (two) missing &= missing - 1;
      if (missing) continue;
      const errors = this.#errors(entry, length);
      if (errors < 2 || (two && errors === 2 && this.#begins(entry, codes[0]))) keep(entry, errors);
    }
    for (let i = 0; i < length; i++) masks[codes[i]] = 0;
  }

  /**
   * The errors with which a name holds the pattern of `masks`, by the bit-parallel method of Myers (1999,
   * https://doi.org/10.1145/316542.316550): a column of the edit-distance table is held in two words.
   * @param {number} entry
   * @param {number} length
   */
  #errors(entry, length) {
    const { codes, masks } = this;
    const last = 1 << (length - 1);
    const end = this.start[entry + 1] - 1;
    let up = -1;
    let down = 0;
    let score = length;
    let least = length;
    for (let i = this.start[entry]; i < end; i++) {
      const equal = masks[codes[i]];
      const x = equal | down;
      const h = (((equal & up) + up) ^ up) | equal;
      let rise = down | ~(h | up);
      let fall = up & h;
      if (rise & last) score++;
      else if (fall & last) score--;
      rise <<= 1;
      fall <<= 1;
      up = fall | ~(x | rise);
      down = rise & x;
      if (score < least) least = score;
    }
    return least;
  }

  /**
   * How far a name is from what was typed: as a whole, or, a little farther, one of its words. People err within a word
   * rather than at its beginning, and mean what many things link to.
   * @param {number} entry
   * @param {Pattern} pattern
   * @param {number} errors
   */
  #likeness(entry, pattern, errors) {
    const from = this.start[entry];
    const end = Math.min(this.start[entry + 1] - 1, from + WEIGHED_LENGTH);
    let best = Math.min(errors + 1, this.#distance(from, end, pattern, 0));
    for (let word = this.#wordAt(from, end); word < end; ) {
      const after = this.#wordEnd(word, end);
      best = Math.min(best, this.#distance(word, after, pattern, 0.3));
      word = this.#wordAt(after, end);
    }
    return best - Math.min(0.25, Math.log10(1 + this.graph.degree[this.node[entry]]) / 12);
  }

  /**
   * Errors in a part of the names, and `extra`; more where it begins otherwise, endless where it is too long or too short.
   * @param {number} from
   * @param {number} until
   * @param {Pattern} pattern
   * @param {number} extra
   */
  #distance(from, until, pattern, extra) {
    if (Math.abs(until - from - pattern.length) > 2) return Infinity;
    return this.#typingErrors(from, until, pattern) + extra + (this.codes[from] === pattern.codes[0] ? 0 : 0.6);
  }

  /**
   * Where the next word begins, at a place or after it.
   * @param {number} place
   * @param {number} end
   */
  #wordAt(place, end) {
    while (place < end && this.letters[this.codes[place]] & BREAKS) place++;
    return place;
  }

  /**
   * Where a word ends.
   * @param {number} place
   * @param {number} end
   */
  #wordEnd(place, end) {
    while (place < end && !(this.letters[this.codes[place]] & BREAKS)) place++;
    return place;
  }

  /**
   * Whether a word of a name begins with a letter: two errors and another beginning are too far off.
   * @param {number} entry
   * @param {number} letter
   */
  #begins(entry, letter) {
    const end = this.start[entry + 1] - 1;
    for (let word = this.#wordAt(this.start[entry], end); word < end; word = this.#wordAt(this.#wordEnd(word, end), end)) {
      if (this.codes[word] === letter) return true;
    }
    return false;
  }

  /**
   * Letters to put in, leave out or change, or neighbours to swap, that make what was typed of a part of the names
   * (Damerau 1964, https://doi.org/10.1145/363958.363994).
   * @param {number} from
   * @param {number} until
   * @param {Pattern} pattern
   */
  #typingErrors(from, until, { codes: wanted, length }) {
    const { codes } = this;
    let [before, above, row] = this.rows;
    for (let j = 0; j <= length; j++) above[j] = j;
    for (let i = from; i < until; i++) {
      const code = codes[i];
      row[0] = i - from + 1;
      for (let j = 1; j <= length; j++) {
        let errors = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (code === wanted[j - 1] ? 0 : 1));
        if (i > from && j > 1 && code === wanted[j - 2] && codes[i - 1] === wanted[j - 1]) errors = Math.min(errors, before[j - 2] + 1);
        row[j] = errors;
      }
      [before, above, row] = [above, row, before];
    }
    return above[length];
  }

  /**
   * The spelling that was found, as it is written.
   * @param {Hit} hit
   */
  spelling({ node, entry }) {
    const first = this.#entryOf(node);
    if (entry === first) return this.graph.labels[node];
    const others = this.graph.names(node).filter((name) => name.text !== this.graph.labels[node]);
    return others[entry - first - 1]?.text ?? this.graph.labels[node];
  }

  /**
   * The first entry of a node.
   * @param {number} node
   */
  #entryOf(node) {
    let low = 0;
    let high = this.node.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.node[middle] < node) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * A text with each two neighbours swapped.
 * @param {string} text
 */
function swaps(text) {
  return Array.from({ length: text.length - 1 }, (_, i) => text.slice(0, i) + text[i + 1] + text[i] + text.slice(i + 2)).filter((other) => other !== text);
}

/**
 * Names, laid out letter after letter: their codes, where each name begins (and, one further, ends), their signatures, and what
 * each code is.
 * @param {string} text the names, one a line
 * @param {number} count of names
 */
function lettersOf(text, count) {
  const codes = new Uint16Array(text.length + 1);
  const start = new Uint32Array(count + 1);
  const signatures = new Uint32Array(count);
  const letters = new Uint8Array(65536);
  codes[text.length] = LINE;
  let entry = 0;
  let signature = 0;
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : LINE;
    codes[i] = code;
    if (code === LINE) {
      signatures[entry++] = signature;
      start[entry] = i + 1;
      signature = 0;
      continue;
    }
    signature |= 1 << code % SIGNATURE;
    if (!letters[code]) {
      const letter = String.fromCharCode(code);
      letters[code] = KNOWN | (BREAK.test(letter) ? BREAKS : 0) | (BOUNDARY.test(letter) ? BOUNDS : 0);
    }
  }
  return { codes, start, signatures, letters };
}
