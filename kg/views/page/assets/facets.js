// The panel of filters: every choice with the number of what it would show.

import { byId, element, foreign } from './dom.js';
import { Histogram } from './histogram.js';
import { icon } from './icons.js';
import { announce } from './messages.js';
import { clip } from './text.js';
import { words } from './words.js';

/**
 * @import { Counts } from './filters.js'
 * @import { View } from './view.js'
 */

/** Tags, categories and areas listed before one searches. */
const VALUES_SHOWN = 8;

/**
 * A choice among values, such as kinds: what each is called and looks like, whether it is on, how to switch it, and how many it
 * would show.
 * @typedef {object} Description
 * @property {(value: number) => string} name
 * @property {(value: number) => Node} [mark]
 * @property {(value: number) => boolean} on
 * @property {(value: number, on: boolean) => unknown} set
 * @property {(counts: Counts, value: number) => number} count
 */

/**
 * A box to check, and what keeps it true; `shown` is the number that it shows.
 * @typedef {object} Check
 * @property {HTMLInputElement} box
 * @property {HTMLElement} number
 * @property {HTMLElement} label
 * @property {number} shown
 * @property {(counts: Counts) => number} count
 * @property {() => boolean} on
 */

/**
 * A field to fill in, and what it says when nobody types.
 * @typedef {{ input: HTMLInputElement | HTMLSelectElement, value: () => string | number }} Field
 */

export class Facets {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.box = byId('filters');
    this.body = byId('filter-body');
    /** @type {Histogram | null} */
    this.histogram = null;
    /** @type {Check[]} the boxes to check; there are none before the panel was opened */
    this.checks = [];
    /** @type {Field[]} the fields to fill in */
    this.fields = [];
    /** @type {(() => void)[]} what fills the lists of values */
    this.lists = [];
    this.built = false;
    byId('filter-clear').addEventListener('click', () => {
      this.histogram?.stop();
      this.view.filters.clear();
      this.view.applyFilters();
      this.#fillLists();
    });
    byId('filter-close').addEventListener('click', () => this.toggle(false));
    this.view.on('filters', () => this.refresh());
    this.badge = byId('filter-badge');
  }

  /**
   * Open or close the panel.
   * @param {boolean} open
   */
  toggle(open = Boolean(this.box.hidden)) {
    this.box.hidden = !open;
    byId('open-filters').setAttribute('aria-expanded', String(open));
    document.body.classList.toggle('filtering', open);
    if (open) {
      if (!this.built) this.#build();
      this.#fillLists();
      byId('filter-close').focus();
    } else {
      this.histogram?.stop();
      byId('open-filters').focus();
    }
  }

  /** Make all sections, when the panel is first opened. */
  #build() {
    const { graph, filters } = this.view;
    this.built = true;
    if (filters.span) {
      this.histogram = new Histogram(this.view, filters.span);
      this.fields.push(...this.histogram.fields);
      this.#section('dates', words.say('dates')).append(...this.histogram.parts);
    }
    this.#group('kinds', words.say('types'), graph.kinds.map((_, kind) => kind).filter((kind) => this.view.whole.counts.byKind[kind]), {
      name: (kind) => words.kinds(graph.kinds[kind]),
      mark: (kind) => this.view.theme.mark(kind),
      on: (kind) => !filters.kindsOff.has(kind),
      set: (kind, on) => (on ? filters.kindsOff.delete(kind) : filters.kindsOff.add(kind)),
      count: (counts, kind) => counts.byKind[kind],
    });
    for (const name of filters.facets) this.#values(name);
    // Of a literal, such as a summary, there are no edges.
    this.#group('relations', words.say('relations'), graph.predicates.map((_, p) => p).filter((p) => this.view.whole.counts.byRelation[p]), {
      name: (p) => words.relation(graph.predicates[p].name, true),
      on: (p) => !filters.relationsOff.has(p),
      set: (p, on) => (on ? filters.relationsOff.delete(p) : filters.relationsOff.add(p)),
      count: (counts, p) => counts.byRelation[p],
    });
    this.#degrees();
    const regions = graph.regions.map((_, c) => c).filter((c) => graph.regions[c].size > 1).slice(0, 40);
    if (regions.length > 1) {
      this.#group('regions', words.say('regions'), regions, {
        name: (c) => graph.regions[c].names[words.language] ?? graph.regions[c].name,
        on: (c) => filters.communities.has(c),
        set: (c, on) => (on ? filters.communities.add(c) : filters.communities.delete(c)),
        count: (counts, c) => counts.byCommunity[c],
      }, false);
    }
    this.#rest();
  }

  /** What was chosen may have changed while the lists of values were not looked at. */
  #fillLists() {
    for (const fill of this.lists) fill();
    this.refresh();
  }

  /**
   * A section that can be folded.
   * @param {string} id
   * @param {string} title
   * @param {boolean} open
   */
  #section(id, title, open = true) {
    const details = element('details', { class: 'section', open, id: `facet-${id}` }, element('summary', {}, icon('down'), element('h3', { text: title })));
    this.body.append(details);
    return details;
  }

  /**
   * A box to check.
   * @param {number} value
   * @param {Description} description
   */
  #check(value, { name, mark, on, set, count }) {
    const box = element('input', { type: 'checkbox' });
    box.checked = on(value);
    const number = element('span', { class: 'count' });
    box.addEventListener('change', () => {
      set(value, box.checked);
      this.view.applyFilters();
    });
    const label = element('label', { class: 'check' }, box, mark ? mark(value) : null, foreign(clip(name(value), 60), { class: 'name' }), number);
    this.checks.push({ box, number, label, shown: -1, count: (counts) => count(counts, value), on: () => on(value) });
    return label;
  }

  /**
   * A section of boxes, one for each value.
   * @param {string} id
   * @param {string} title
   * @param {number[]} values
   * @param {Description} describe
   * @param {boolean} open
   */
  #group(id, title, values, describe, open = true) {
    const section = this.#section(id, title, open);
    const rows = values.map((value) => this.#check(value, describe));
    section.append(element('div', { class: 'checks', role: 'group', 'aria-label': title }, rows));
  }

  /**
   * Tags, categories and areas: the most frequent, those chosen, and those that match what is typed.
   * @param {string} name a facet of posts
   */
  #values(name) {
    const { graph, filters } = this.view;
    const kind = graph.kindNumber.get(name) ?? -1;
    /** @type {number[]} */
    const all = [];
    for (let i = 0; i < graph.n; i++) if (graph.kind[i] === kind) all.push(i);
    if (!all.length) return;
    /** @type {string[]} */
    let spellings = [];
    const matches = (/** @type {string} */ query) => {
      if (!spellings.length) spellings = all.map((node) => graph.hanzi.folded(`${graph.nameIn(node, words.language)}\n${graph.labels[node]}`));
      return all.filter((_, place) => spellings[place].includes(query));
    };
    const section = this.#section(name, words.kinds(graph.kinds[kind]), name !== 'tag' || filters.chosen[name].size > 0 || all.length < 30);
    const holder = element('div', { class: 'checks', role: 'group', 'aria-label': words.kind(graph.kinds[kind]) });
    /** @type {Description} */
    const describe = {
      name: (node) => graph.nameIn(node, words.language),
      on: (node) => filters.chosen[name].has(node),
      set: (node, on) => (on ? filters.chosen[name].add(node) : filters.chosen[name].delete(node)),
      count: (counts, node) => counts.byValue[node],
    };
    let typed = '';
    const fill = () => {
      const query = graph.hanzi.folded(typed).trim();
      this.checks = this.checks.filter(({ box }) => !holder.contains(box));
      const matching = query ? matches(query) : all;
      const chosen = [...filters.chosen[name]].sort((a, b) => a - b);
      const shown = [...new Set([...chosen, ...matching.slice(0, VALUES_SHOWN)])];
      holder.replaceChildren(...shown.map((node) => this.#check(node, describe)));
    };
    this.lists.push(fill);
    if (all.length > VALUES_SHOWN) {
      const input = element('input', { type: 'search', class: 'small', placeholder: words.say('findIn', { n: words.number(all.length) }), 'aria-label': `${words.say('find')}: ${words.kind(graph.kinds[kind])}` });
      input.addEventListener('input', () => {
        typed = input.value;
        fill();
        this.refresh();
      });
      section.append(input);
    }
    section.append(holder);
  }

  /** How many links a node may have. */
  #degrees() {
    const { graph, filters } = this.view;
    const section = this.#section('degree', words.say('links'), false);
    const highest = graph.degree[0] ?? 0;
    /** @type {(label: string, value: () => string | number, set: (value: number | null) => void) => HTMLElement} */
    const field = (label, value, set) => {
      const input = element('input', { type: 'number', min: 0, max: highest, class: 'small' });
      this.fields.push({ input, value });
      input.addEventListener('change', () => {
        set(input.value === '' ? null : Math.max(0, Number(input.value) || 0));
        this.view.applyFilters();
      });
      return element('label', { class: 'field' }, element('span', { text: label }), input);
    };
    section.append(
      element('div', { class: 'fields' },
        field(words.say('atLeast'), () => filters.least || '', (value) => { filters.least = value ?? 0; }),
        field(words.say('atMost'), () => (filters.most < Infinity ? filters.most : ''), (value) => { filters.most = value ?? Infinity; })),
    );
  }

  /** What happens to what is filtered out. */
  #rest() {
    const { filters } = this.view;
    const choice = element('select', { id: 'rest' },
      element('option', { value: 'hide', text: words.say('hidden') }),
      element('option', { value: 'dim', text: words.say('dimmed') }));
    this.fields.push({ input: choice, value: () => (filters.hide ? 'hide' : 'dim') });
    choice.addEventListener('change', () => {
      filters.hide = choice.value === 'hide';
      this.view.applyFilters();
    });
    this.body.append(element('label', { class: 'field rest' }, element('span', { text: words.say('filteredOut') }), choice));
  }

  /** Numbers, checks, fields and bars after a change. What stays the same is left alone: every write costs layout. */
  refresh() {
    const { counts, shown } = this.view.visible;
    const active = this.view.filters.active;
    this.badge.textContent = active ? words.number(active) : '';
    this.badge.hidden = !active;
    byId('filter-clear', HTMLButtonElement).disabled = !active;
    if (this.box.hidden) return;
    const summary = words.say('showing', { n: words.number(shown), all: words.number(this.view.graph.n) });
    byId('filter-summary').textContent = summary;
    for (const row of this.checks) {
      const count = row.count(counts);
      row.box.checked = row.on();
      if (count === row.shown) continue;
      row.shown = count;
      row.number.textContent = words.number(count);
      row.label.classList.toggle('none', count === 0);
    }
    for (const { input, value } of this.fields) {
      // What is being typed is not chosen yet.
      if (input !== document.activeElement && input.value !== String(value())) input.value = String(value());
    }
    this.histogram?.draw();
    if (active) announce(summary);
  }
}
