// The box at the top left: what is typed lights up on the map and is listed by type.

import { day } from './dates.js';
import { element, foreign } from './dom.js';
import { announce } from './messages.js';
import { setName } from './setname.js';
import { postsOfSet, readSet } from './sets.js';
import { clip } from './text.js';
import { words } from './words.js';

/**
 * @import { Hit } from './names.js'
 * @import { Wanted } from './sets.js'
 * @import { View } from './view.js'
 */

/** Of one type, once a reader has asked for more. */
const MOST_LISTED = 60;

/** Stands for what was found in summaries and definitions where otherwise a kind would. */
const TEXTS = -1;

/** A box to type in, and the list of what was found. */
export class SearchBox {
  /**
   * @param {View} view
   * @param {HTMLInputElement} input
   * @param {HTMLElement} list
   * @param {object} use
   * @param {(node: number) => void} use.choose what to do with what is chosen
   * @param {(found: number[] | null) => void} [use.preview] and with what is found; null: nothing is looked for
   * @param {() => number[]} [use.suggestions] nodes to offer while nothing is typed
   * @param {(wanted: Wanted) => void} [use.sets] what to do with a set that is asked for
   * @param {boolean} [use.keeps] whether what is in the box stays there once chosen
   */
  constructor(view, input, list, { choose, preview = () => {}, suggestions = () => [], sets, keeps = false }) {
    this.view = view;
    this.input = input;
    this.list = list;
    this.choose = choose;
    this.preview = preview;
    this.suggestions = suggestions;
    this.keeps = keeps;
    this.sets = sets;
    /** @type {{ take: () => void, option: HTMLElement }[]} */
    this.options = [];
    this.active = -1;
    /** @type {number | null} the kind of which more is listed; TEXTS: summaries */
    this.expanded = null;
    this.lastQuery = '';
    this.scrolled = false;
    input.setAttribute('role', 'combobox');
    input.setAttribute('aria-autocomplete', 'list');
    input.setAttribute('aria-controls', list.id);
    input.setAttribute('aria-expanded', 'false');
    input.addEventListener('input', () => this.refresh());
    input.addEventListener('focus', () => this.refresh());
    input.addEventListener('keydown', (event) => this.#key(event));
    input.addEventListener('blur', () => setTimeout(() => this.#leave(), 150));
    list.setAttribute('role', 'listbox');
    // The box stays in use while something in the list is pressed.
    list.addEventListener('pointerdown', (event) => {
      if (/** @type {Element} */ (event.target).closest('.option')) event.preventDefault();
    });
    list.addEventListener('click', (event) => {
      const pressed = this.options.find(({ option }) => option.contains(/** @type {Node} */ (event.target)));
      pressed?.take();
    });
    list.addEventListener('scroll', () => (this.scrolled = list.scrollTop > 0), { passive: true });
  }

  /** Close the list once the focus has gone elsewhere. */
  #leave() {
    if (!this.list.contains(document.activeElement) && document.activeElement !== this.input) this.close();
  }

  /** Search anew for what is in the box. */
  refresh() {
    const query = this.input.value;
    const found = query.trim() ? this.view.index.find(query) : [];
    const named = new Set(found.map((hit) => hit.node));
    const inTexts = query.trim() ? this.view.index.findInTexts(query).filter((node) => !named.has(node)) : [];
    this.expanded = this.lastQuery === query ? this.expanded : null;
    this.lastQuery = query;
    this.preview(query.trim() ? [...named, ...inTexts] : null);
    this.#fill(query, found, inTexts);
  }

  /**
   * List what was found, by type, or what is suggested.
   * @param {string} query
   * @param {Hit[]} found
   * @param {number[]} inTexts
   * @param {number} active the option that is marked
   */
  #fill(query, found, inTexts, active = 0) {
    const { graph } = this.view;
    this.list.replaceChildren();
    this.options = [];
    this.active = -1;
    const set = this.sets && query.trim() ? readSet(graph, this.view.index, query) : null;
    if (set) this.#setOption(set);
    if (!query.trim()) {
      const suggestions = this.suggestions();
      if (suggestions.length) this.list.append(element('div', { class: 'group', role: 'presentation', text: words.say('try') }));
      for (const node of suggestions) this.#option(node, '');
    } else if (!found.length && !inTexts.length && !set) {
      this.list.append(element('div', { class: 'empty', role: 'presentation', text: words.say('nothing', { query: clip(query, 40) }) }));
    } else {
      const groups = this.#byKind(found);
      for (const [kind, { count, first }] of groups) {
        const hits = first.slice(0, this.expanded === kind ? MOST_LISTED : groups.size > 3 ? 3 : 6);
        this.list.append(
          element('div', { class: 'group', role: 'presentation' }, words.kinds(graph.kinds[kind]), element('span', { class: 'count', text: words.number(count) })),
        );
        for (const hit of hits) this.#option(hit.node, this.view.index.spelling(hit));
        if (count > hits.length && this.expanded !== kind) this.#more(count - hits.length, kind, query, found, inTexts);
      }
      if (inTexts.length) {
        this.list.append(element('div', { class: 'group', role: 'presentation' }, words.say('inTexts'), element('span', { class: 'count', text: words.number(inTexts.length) })));
        const shown = inTexts.slice(0, this.expanded === TEXTS ? MOST_LISTED : groups.size ? 3 : 8);
        for (const node of shown) this.#option(node, '');
        if (inTexts.length > shown.length && this.expanded !== TEXTS) this.#more(inTexts.length - shown.length, TEXTS, query, found, inTexts);
      }
      announce(words.say('found', { n: words.number(found.length + inTexts.length) }));
    }
    this.list.hidden = !this.list.childElementCount;
    this.input.setAttribute('aria-expanded', String(!this.list.hidden));
    this.input.removeAttribute('aria-activedescendant');
    if (query.trim() && this.options.length) this.#activate(Math.min(active, this.options.length - 1));
    // Asking where things are would have the page laid out at once, and again for the frame.
    if (this.scrolled) this.list.scrollTop = 0;
  }

  /**
   * Offer more of a kind; keys reach this as they reach what was found.
   * @param {number} count
   * @param {number} kind
   * @param {string} query
   * @param {Hit[]} found
   * @param {number[]} inTexts
   */
  #more(count, kind, query, found, inTexts) {
    const place = this.options.length;
    const option = element('div', { class: 'option more', role: 'option', id: `${this.list.id}-${place}`, 'aria-selected': 'false', text: words.say('more', { n: words.number(count) }) });
    this.options.push({
      take: () => {
        this.expanded = kind;
        this.#fill(query, found, inTexts, place);
        this.options[this.active]?.option.scrollIntoView({ block: 'nearest' });
        this.input.focus();
      },
      option,
    });
    this.list.append(option);
  }

  /**
   * Kinds of what was found, in the order of their best: how many there are, and the first.
   * @param {Hit[]} found
   */
  #byKind(found) {
    const { kind } = this.view.graph;
    /** @type {Map<number, { count: number, first: Hit[] }>} */
    const groups = new Map();
    for (const hit of found) {
      let group = groups.get(kind[hit.node]);
      if (!group) groups.set(kind[hit.node], (group = { count: 0, first: [] }));
      if (++group.count <= MOST_LISTED) group.first.push(hit);
    }
    return groups;
  }

  /**
   * Add a node to the list.
   * @param {number} node
   * @param {string} spelling that was found
   */
  #option(node, spelling) {
    const { graph } = this.view;
    const id = `${this.list.id}-${this.options.length}`;
    const name = graph.nameIn(node, words.language);
    const option = element(
      'div',
      { class: 'option', role: 'option', id, 'aria-selected': 'false' },
      this.view.theme.mark(graph.kind[node]),
      element('span', { class: 'name' }, foreign(clip(name, 80)), spelling && spelling !== name ? foreign(clip(spelling, 60), { class: 'also' }) : null),
      element('span', { class: 'count', text: graph.isPost(node) ? day(graph.date[node]) : words.number(graph.degree[node]) }),
    );
    this.options.push({ take: () => this.#choose(node), option });
    this.list.append(option);
  }

  /**
   * Offer a set of posts.
   * @param {Wanted} wanted
   */
  #setOption(wanted) {
    const posts = postsOfSet(this.view.graph, wanted).length;
    const option = element('div', { class: 'option', role: 'option', id: `${this.list.id}-${this.options.length}`, 'aria-selected': 'false' },
      this.view.theme.mark(this.view.graph.post),
      element('span', { class: 'name' }, foreign(setName(this.view, wanted))),
      element('span', { class: 'count', text: words.counted('nPosts', posts) }));
    this.options.push({
      take: () => {
        this.close();
        this.sets?.(wanted);
      },
      option,
    });
    this.list.append(element('div', { class: 'group', role: 'presentation', text: words.say('set') }), option);
  }

  /**
   * Mark an option.
   * @param {number} position
   */
  #activate(position) {
    this.options[this.active]?.option.setAttribute('aria-selected', 'false');
    this.active = position;
    const { option } = this.options[position];
    option.setAttribute('aria-selected', 'true');
    this.input.setAttribute('aria-activedescendant', option.id);
  }

  /**
   * Mark an option, and bring it into sight.
   * @param {number} position
   */
  #walk(position) {
    this.#activate(position);
    this.options[position].option.scrollIntoView({ block: 'nearest' });
  }

  /**
   * Walk through the list, choose, or leave.
   * @param {KeyboardEvent} event
   */
  #key(event) {
    if (event.isComposing) return;
    const count = this.options.length;
    if (event.key === 'ArrowDown' && count) this.#walk((this.active + 1) % count);
    else if (event.key === 'ArrowUp' && count) this.#walk((this.active + count - 1) % count);
    else if (event.key === 'Enter' && count) this.options[Math.max(this.active, 0)].take();
    else if (event.key === 'Escape') {
      // Once for what was typed, once to leave the box.
      if (this.list.hidden) {
        this.input.blur();
        this.view.focusMap();
        if (this.keeps) return;
      } else if (this.input.value && !this.keeps) {
        this.input.value = '';
        this.refresh();
      } else this.close();
      event.stopPropagation();
    } else return;
    event.preventDefault();
  }

  /**
   * Take an option.
   * @param {number} node
   */
  #choose(node) {
    this.close();
    this.choose(node);
  }

  /** Close the list. */
  close() {
    this.list.hidden = true;
    this.input.setAttribute('aria-expanded', 'false');
    this.preview(null);
  }
}
