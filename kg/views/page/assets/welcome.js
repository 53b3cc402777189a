// What someone sees who has just opened the page: what it is of, what can be done, and three things to begin with.

import { day } from './dates.js';
import { button, byId, element, foreign } from './dom.js';
import { clip } from './text.js';
import { words } from './words.js';

/**
 * @import { Graph } from './graph.js'
 * @import { View } from './view.js'
 */

export class Welcome {
  /** @param {View} view */
  constructor(view) {
    const { graph, filters } = view;
    this.box = byId('welcome');
    const posts = graph.kind.reduce((sum, kind) => sum + (kind === graph.post ? 1 : 0), 0);
    const values = { posts: words.counted('nPosts', posts), things: words.counted('nThings', graph.n - posts) };
    const span = filters.span ? `${day(filters.span.first).slice(0, 7)} – ${day(filters.span.last).slice(0, 7)}` : '';
    this.box.append(
      element('div', { class: 'head' },
        element('div', { class: 'kind' },
          element('h1', {}, foreign(clip(document.title, 80))),
          element('span', { class: 'grow' }),
          button(words.say('close'), () => this.close(), { symbol: 'close', visible: false, class: 'quiet' }))),
      element('p', { class: 'also' }, words.say('holds', values), span ? ' · ' : null, element('span', { class: 'whole', text: span })),
      element('p', { class: 'hint', text: words.say('welcome') }),
      element('div', { class: 'chips' }, firstOf(graph, ['organization', 'person', 'product', 'concept', 'tag'], 1).slice(0, 3).map((node) =>
        element('button', { type: 'button', class: 'chip', on: { click: () => view.select(node) } },
          view.theme.mark(graph.kind[node]), foreign(clip(graph.nameIn(node, words.language), 28))))),
    );
    this.box.hidden = graph.n === 0;
    view.on('select', () => this.close());
    view.on('region', () => this.close());
    view.on('filters', () => this.close());
    view.on('marked', () => this.close());
    byId('search').addEventListener('focus', () => this.close());
  }

  /** It has done its work once anything else has begun. */
  close() {
    this.box.hidden = true;
  }
}

/**
 * A few well-known things of different types, for those who do not know what to look for.
 * @param {Graph} graph
 */
export function examples(graph) {
  return [...firstOf(graph, ['organization', 'person'], 2), ...firstOf(graph, ['product', 'work', 'concept', 'tag'], 1)];
}

/**
 * The best-connected of each of some types.
 * @param {Graph} graph
 * @param {string[]} names
 * @param {number} most
 */
function firstOf(graph, names, most) {
  /** @type {number[]} */
  const found = [];
  for (const kind of names.map((name) => graph.kindNumber.get(name))) {
    const enough = found.length + most;
    for (let node = 0; node < graph.n && found.length < enough; node++) if (graph.kind[node] === kind) found.push(node);
  }
  return found;
}
