// The map's twin for those who cannot see it, or would rather read: what is shown, as a table.

import { day } from './dates.js';
import { button, byId, element, foreign, within } from './dom.js';
import { chosenNodes, csvOf, download, jsonOf } from './files.js';
import { STATE } from './states.js';
import { clip } from './text.js';
import { words } from './words.js';

/**
 * @import { Graph } from './graph.js'
 * @import { View } from './view.js'
 */

const PAGE_ROWS = 100;

/** @typedef {'name' | 'kind' | 'degree' | 'date'} Column */

/** @type {Column[]} */
const COLUMNS = ['name', 'kind', 'degree', 'date'];

export class TableTwin {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.dialog = byId('table', HTMLDialogElement);
    this.scope = byId('table-scope', HTMLSelectElement);
    /** @type {number[]} */
    this.nodes = [];
    this.page = 0;
    /** @type {{ key: Column, down: boolean }} */
    this.order = { key: 'degree', down: true };
    this.scope.addEventListener('change', () => this.#fill(true));
    byId('table-close').addEventListener('click', () => this.dialog.close());
    byId('table-csv').addEventListener('click', () => download('graph.csv', csvOf(view.graph, this.nodes), 'text/csv;charset=utf-8'));
    byId('table-json').addEventListener('click', () => download('graph.json', jsonOf(view.graph, this.nodes), 'application/json'));
    byId('table-previous').addEventListener('click', () => this.#turn(-1));
    byId('table-next').addEventListener('click', () => this.#turn(1));
  }

  /** Open the table. */
  open() {
    const { scope } = this;
    for (const option of scope.options) option.disabled = option.value === 'highlighted' && !this.view.highlighted();
    scope.value = this.view.highlighted() ? 'highlighted' : this.view.camera.zoom > 1.5 ? 'sight' : 'all';
    this.dialog.showModal();
    this.#fill(true);
  }

  /**
   * Turn pages.
   * @param {number} by
   */
  #turn(by) {
    this.page += by;
    this.#fill(false);
  }

  /** The nodes to list. */
  #collect() {
    const { graph, states } = this.view;
    const scope = this.scope.value;
    if (scope === 'highlighted' && this.view.highlighted()) return chosenNodes(this.view);
    if (scope === 'sight') return this.view.inSight();
    /** @type {number[]} */
    const all = [];
    for (let i = 0; i < graph.n; i++) if (states[i] !== STATE.hidden && states[i] !== STATE.faded) all.push(i);
    return all;
  }

  /**
   * Write the rows, collected and sorted anew if told to.
   * @param {boolean} anew
   */
  #fill(anew) {
    const { graph } = this.view;
    if (anew) {
      this.nodes = this.#collect();
      this.page = 0;
      const { key, down } = this.order;
      const by = comparison(graph, key);
      this.nodes.sort((a, b) => (down ? by(b, a) : by(a, b)));
    }
    const pages = Math.max(1, Math.ceil(this.nodes.length / PAGE_ROWS));
    this.page = Math.min(Math.max(this.page, 0), pages - 1);
    const heads = COLUMNS.map((key, place) => {
      const sorted = this.order.key === key;
      return element('th', { scope: 'col', 'aria-sort': sorted ? (this.order.down ? 'descending' : 'ascending') : 'none' },
        button(words.say(`column_${key}`) + (sorted ? (this.order.down ? ' ↓' : ' ↑') : ''), () => {
          this.order = { key, down: sorted ? !this.order.down : key === 'degree' || key === 'date' };
          this.#fill(true);
          within(byId('table-body'), `th:nth-child(${place + 1}) button`).focus();
        }));
    });
    const rows = this.nodes.slice(this.page * PAGE_ROWS, (this.page + 1) * PAGE_ROWS).map((node) => {
      const name = element('button', { type: 'button', class: 'node', on: { click: () => { this.dialog.close(); this.view.select(node); } } }, foreign(clip(graph.nameIn(node, words.language), 120)));
      return element('tr', {},
        element('th', { scope: 'row' }, name),
        element('td', {}, this.view.theme.mark(graph.kind[node]), ' ', words.kind(graph.kindOf(node))),
        element('td', { class: 'number', text: words.number(graph.degree[node]) }),
        element('td', { text: day(graph.date[node]) }));
    });
    byId('table-body').replaceChildren(
      element('table', {}, element('caption', { text: words.counted('tableCaption', this.nodes.length) }),
        element('thead', {}, element('tr', {}, heads)), element('tbody', {}, rows)),
    );
    byId('table-page').textContent = words.say('page', { n: this.page + 1, all: pages });
    byId('table-previous', HTMLButtonElement).disabled = this.page === 0;
    byId('table-next', HTMLButtonElement).disabled = this.page === pages - 1;
  }
}

/**
 * How two nodes compare by a column.
 * @param {Graph} graph
 * @param {Column} column
 * @returns {(a: number, b: number) => number}
 */
function comparison(graph, column) {
  const { compare } = new Intl.Collator(words.language);
  switch (column) {
    case 'name':
      return (a, b) => compare(graph.labels[a], graph.labels[b]);
    case 'kind':
      return (a, b) => graph.kind[a] - graph.kind[b] || a - b;
    case 'degree':
      return (a, b) => graph.degree[a] - graph.degree[b] || b - a;
    case 'date':
      return (a, b) => graph.date[a] - graph.date[b];
  }
}
