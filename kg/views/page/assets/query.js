// The query editor, for a page that is served along with a SPARQL endpoint (https://www.w3.org/TR/sparql11-protocol/).

import { byId, element, foreign } from './dom.js';
import { nodeRow, webLink } from './rows.js';
import { PREFIXES, shorten, withPrefixes } from './sparql.js';
import { clip, isWebAddress } from './text.js';
import { words } from './words.js';

/** @import { View } from './view.js' */

/** More rows of an answer are counted, and not shown. */
const QUERY_ROWS = 500;

const KEYWORDS = [
  'SELECT', 'DISTINCT', 'WHERE', 'OPTIONAL', 'FILTER', 'UNION', 'GROUP BY', 'ORDER BY', 'DESC', 'LIMIT', 'OFFSET', 'COUNT', 'CONSTRUCT',
  'ASK', 'DESCRIBE', 'VALUES', 'BIND', 'MINUS', 'FILTER NOT EXISTS', 'HAVING', 'LANG', 'REGEX', 'CONTAINS', 'LCASE', 'STR',
];

const EXAMPLE = `SELECT ?thing ?label (COUNT(?post) AS ?posts) WHERE {
  ?post a schema:BlogPosting ; schema:mentions ?thing .
  ?thing rdfs:label ?label .
} GROUP BY ?thing ?label ORDER BY DESC(?posts) LIMIT 25`;

/**
 * A value of an answer.
 * @typedef {{ type: string, value: string, 'xml:lang'?: string }} Term
 */

/**
 * An answer: a table, or whether something is so.
 * @typedef {object} Answer
 * @property {{ vars?: string[] }} head
 * @property {{ bindings: Record<string, Term | undefined>[] }} [results]
 * @property {boolean} [boolean]
 */

export class QueryEditor {
  /**
   * @param {View} view
   * @param {{ endpoint: string, examples: [string, string][] }} config
   */
  constructor(view, { endpoint, examples }) {
    this.view = view;
    this.endpoint = endpoint;
    this.box = byId('query');
    this.text = byId('query-text', HTMLTextAreaElement);
    this.result = byId('query-result');
    const opener = byId('open-query');
    opener.hidden = false;
    opener.addEventListener('click', () => this.toggle());
    byId('query-close').addEventListener('click', () => this.toggle(false));
    byId('query-run').addEventListener('click', () => this.run());
    const offered = examples.length ? examples : [[words.say('exampleMost'), EXAMPLE]];
    const choice = byId('query-examples', HTMLSelectElement);
    choice.append(...offered.map(([title], i) => element('option', { value: i, text: title })));
    choice.addEventListener('change', () => {
      if (choice.value === '') return;
      this.text.value = withPrefixes(offered[Number(choice.value)][1]);
      choice.value = '';
      this.text.focus();
    });
    this.text.value = withPrefixes(offered[0][1]);
    this.text.addEventListener('keydown', (event) => this.#key(event));
    this.text.addEventListener('input', () => this.#suggest());
    this.text.addEventListener('blur', () => this.#closeSuggestions());
    this.list = byId('query-terms');
    /** @type {string[]} what is offered to complete a word, and which of it is marked */
    this.offered = [];
    this.active = 0;
    /** @type {AbortController | null} */
    this.running = null;
    const { graph } = this.view;
    this.terms = [...new Set([
      ...graph.predicates.map((p) => p.name), ...graph.kinds.map((kind) => shorten(kind.class)),
      'rdf:type', 'rdfs:label', 'skos:altLabel', 'skos:prefLabel', 'schema:datePublished', 'schema:headline', 'schema:abstract',
    ])].filter((name) => name.includes(':')).sort();
  }

  /**
   * Open or close the editor.
   * @param {boolean} open
   */
  toggle(open = Boolean(this.box.hidden)) {
    this.box.hidden = !open;
    byId('open-query').setAttribute('aria-expanded', String(open));
    if (open) this.text.focus();
    else this.view.focusMap();
  }

  /**
   * Run, or walk through what is offered.
   * @param {KeyboardEvent} event
   */
  #key(event) {
    const open = !this.list.hidden;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.run();
    else if (open && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) this.#highlight(this.active + (event.key === 'ArrowDown' ? 1 : -1));
    else if (open && (event.key === 'Tab' || event.key === 'Enter')) this.#complete(this.offered[this.active]);
    else if (open && event.key === 'Escape') this.#closeSuggestions();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** The word before the cursor. */
  #word() {
    const before = this.text.value.slice(0, this.text.selectionStart);
    return /[A-Za-z_][\w-]*:?[\w-]*$/.exec(before)?.[0] ?? '';
  }

  /** Offer terms that begin like the word before the cursor. */
  #suggest() {
    const word = this.#word().toLowerCase();
    const starts = (/** @type {string} */ term) => term.toLowerCase().startsWith(word) || (word.length > 2 && term.split(':')[1]?.toLowerCase().startsWith(word));
    this.offered = word.length < 2 ? [] : [...this.terms.filter(starts), ...KEYWORDS.filter(starts)].filter((term) => term.toLowerCase() !== word).slice(0, 8);
    this.list.replaceChildren(...this.offered.map((term, i) =>
      element('div', { class: 'option', role: 'option', id: `term-${i}`, text: term, on: { pointerdown: (event) => { event.preventDefault(); this.#complete(term); } } })));
    this.list.hidden = !this.offered.length;
    if (this.offered.length) this.#highlight(0);
  }

  /**
   * Mark one of the terms offered.
   * @param {number} position
   */
  #highlight(position) {
    this.active = (position + this.offered.length) % this.offered.length;
    for (const [i, option] of [...this.list.children].entries()) option.setAttribute('aria-selected', String(i === this.active));
    this.text.setAttribute('aria-activedescendant', `term-${this.active}`);
  }

  /**
   * Write a term out, with the prefix that it needs.
   * @param {string} term
   */
  #complete(term) {
    const word = this.#word();
    const at = this.text.selectionStart;
    this.text.setRangeText(term + ' ', at - word.length, at, 'end');
    const prefix = term.split(':')[0];
    if (term.includes(':') && PREFIXES[prefix] && !new RegExp(`prefix\\s+${prefix}:`, 'i').test(this.text.value)) {
      const line = `PREFIX ${prefix}: <${PREFIXES[prefix]}>\n`;
      this.text.setRangeText(line, 0, 0, 'preserve');
    }
    this.#closeSuggestions();
  }

  /** Offer nothing. */
  #closeSuggestions() {
    this.list.hidden = true;
    this.text.removeAttribute('aria-activedescendant');
  }

  /** Ask the server, and forget what was asked before. */
  async run() {
    this.running?.abort();
    const running = (this.running = new AbortController());
    this.result.replaceChildren(element('p', { class: 'hint', text: words.say('running') }));
    const start = performance.now();
    try {
      const response = await fetch(this.endpoint, {
        method: 'POST',
        body: this.text.value,
        signal: running.signal,
        headers: { 'Content-Type': 'application/sparql-query', Accept: 'application/sparql-results+json, text/turtle;q=0.9, text/plain;q=0.5' },
      });
      const text = await response.text();
      if (!response.ok) this.#fail(text || response.statusText);
      else if ((response.headers.get('Content-Type') ?? '').includes('json')) this.#show(JSON.parse(text), performance.now() - start);
      else this.result.replaceChildren(element('pre', { text: clip(text, 200_000) }));
      const note = response.headers.get('Kg-Note');
      if (note) this.result.prepend(element('p', { class: 'hint', role: 'status', text: note }));
    } catch {
      if (!running.signal.aborted) this.#fail(words.say('noAnswer'));
    }
  }

  /**
   * Say what went wrong.
   * @param {string} text
   */
  #fail(text) {
    this.result.replaceChildren(element('p', { class: 'fault', role: 'alert', text: clip(text, 2000) }));
  }

  /**
   * Show an answer (https://www.w3.org/TR/sparql11-results-json/).
   * @param {Answer} answer
   * @param {number} duration in milliseconds
   */
  #show(answer, duration) {
    if (!answer.results) {
      this.result.replaceChildren(element('p', { class: 'answer', role: 'status', text: String(answer.boolean) }));
      return;
    }
    const names = answer.head.vars ?? [];
    const rows = answer.results.bindings;
    /** @type {Set<number>} */
    const nodes = new Set();
    const cell = (/** @type {Term | undefined} */ value) => {
      if (!value) return element('td');
      const node = value.type === 'uri' ? this.view.graph.find(value.value) : -1;
      if (node >= 0) return element('td', {}, nodeRow(this.view, node, null));
      const shown = value.type === 'uri' ? shorten(value.value) : value.value;
      return element('td', {}, value.type === 'uri' && isWebAddress(value.value) && shown === value.value ? webLink(value.value) : foreign(clip(shown, 300)),
        value['xml:lang'] ? element('span', { class: 'count', text: value['xml:lang'] }) : null);
    };
    for (const row of rows) for (const value of Object.values(row)) if (value?.type === 'uri') nodes.add(this.view.graph.find(value.value));
    nodes.delete(-1);
    this.result.replaceChildren(
      element('p', { class: 'hint', role: 'status', text: words.counted('answered', rows.length, { ms: words.number(Math.round(duration)) }) }),
      element('div', { class: 'scroll', tabindex: '0' }, element('table', {},
        element('thead', {}, element('tr', {}, names.map((name) => element('th', { scope: 'col', text: name })))),
        element('tbody', {}, rows.slice(0, QUERY_ROWS).map((row) => element('tr', {}, names.map((name) => cell(row[name]))))))),
    );
    if (rows.length > QUERY_ROWS) this.result.append(element('p', { class: 'hint', text: words.say('more', { n: words.number(rows.length - QUERY_ROWS) }) }));
    if (nodes.size) this.view.mark({ nodes });
  }
}
