// What someone sees who has just opened the page: what it is of, what is in it, what is new, and what is left out.

import { day } from './dates.js';
import { nodesShown } from './detail.js';
import { button, byId, element, foreign } from './dom.js';
import { regionName, swatch } from './region.js';
import { clip } from './text.js';
import { words } from './words.js';

/**
 * @import { Graph } from './graph.js'
 * @import { View } from './view.js'
 */

const REGIONS = 4;
const RISEN = 3;
const BRIDGES = 3;

export class Welcome {
  /** @param {View} view */
  constructor(view) {
    const { graph, filters } = view;
    this.view = view;
    this.box = byId('welcome');
    const posts = graph.kind.reduce((sum, kind) => sum + (kind === graph.post ? 1 : 0), 0);
    const values = { posts: words.counted('nPosts', posts), things: words.counted('nThings', graph.n - posts) };
    const span = filters.span ? `${day(filters.span.first).slice(0, 7)} – ${day(filters.span.last).slice(0, 7)}` : '';
    const parts = [this.#regions(), this.#risen(), this.#bridges()].filter((part) => part !== null);
    if (parts.length < 2) parts.push(this.#bestKnown());
    this.left = element('p', { class: 'hint' });
    this.box.append(
      element('div', { class: 'head' },
        element('div', { class: 'kind' },
          element('h1', {}, foreign(clip(document.title, 80))),
          element('span', { class: 'grow' }),
          button(words.say('close'), () => this.close(), { symbol: 'close', visible: false, class: 'quiet' }))),
      element('p', { class: 'also' }, words.say('holds', values), span ? ' · ' : null, element('span', { class: 'whole', text: span })),
      element('p', { class: 'hint', text: words.say('welcome') }),
      element('div', { class: 'story' }, parts),
      this.left,
    );
    this.box.hidden = graph.n === 0;
    this.#tellWhatIsLeftOut();
    view.on('detail', () => this.#tellWhatIsLeftOut());
    for (const event of /** @type {const} */ (['select', 'region', 'filters', 'marked'])) view.on(event, () => this.close());
    byId('search').addEventListener('focus', () => this.close());
  }

  /** It has done its work once anything else has begun. */
  close() {
    this.box.hidden = true;
  }

  /** Caps, and what the first picture leaves out. */
  #tellWhatIsLeftOut() {
    const { camera, graph } = this.view;
    const concepts = graph.kind.reduce((sum, kind) => sum + (graph.kinds[kind].name === 'concept' ? 1 : 0), 0);
    const first = nodesShown(graph.n, camera);
    this.left.textContent = [
      first < graph.n ? words.say('fromAfar', { n: words.number(first) }) : '',
      graph.maxConcepts && concepts >= graph.maxConcepts ? words.say('capped', { n: words.number(graph.maxConcepts) }) : '',
      graph.cut ? words.say('textsCut', { n: words.number(graph.cut) }) : '',
    ].join(' ').trim();
  }

  /** The largest regions, if there are several. */
  #regions() {
    const { view } = this;
    const largest = [...view.graph.regions.entries()].filter(([community, { name }]) => name && community !== view.graph.loose).sort(([, a], [, b]) => b.size - a.size).slice(0, REGIONS);
    return largest.length < 2 ? null : part(words.say('largestRegions'), largest.map(([community, { size }]) =>
      chip(() => view.selectRegion(community, { fly: true }), '', swatch(view, community), foreign(clip(regionName(view, community), 34)), element('span', { class: 'count', text: words.number(size) }))));
  }

  /** What rose of late, by its share of all posts. */
  #risen() {
    const { window: [from, to], risen } = this.view.graph.story;
    return !risen.length ? null : part(words.say('rose', { from, to }), risen.slice(0, RISEN).map(([node, , now, shareBefore, shareNow]) => {
      const [was, is] = [words.percent(shareBefore), words.percent(shareNow)];
      return this.#node(node, words.counted('roseBy', now, { was, now: is }), element('span', { class: 'count', text: `${was} → ${is}` }));
    }));
  }

  /** What ties two regions. */
  #bridges() {
    const { view } = this;
    const name = (/** @type {number} */ community) => clip(regionName(view, community).split(' · ')[0], 18);
    const { bridges } = view.graph.story;
    return !bridges.length ? null : part(words.say('bridging'), bridges.slice(0, BRIDGES).map(([node, one, other]) =>
      this.#node(node, '', element('span', { class: 'count' }, foreign(name(one)), ' ↔ ', foreign(name(other))))));
  }

  /** A few well-known things. */
  #bestKnown() {
    return part(words.say('bestKnown'), firstOf(this.view.graph, ['organization', 'person', 'product', 'concept', 'tag', 'post'], 1).slice(0, 3).map((node) => this.#node(node, '')));
  }

  /**
   * A node to begin with.
   * @param {number} node
   * @param {string} title
   * @param {...Node} more
   */
  #node(node, title, ...more) {
    const { view } = this;
    return chip(() => view.select(node), title, view.theme.mark(view.graph.kind[node]), foreign(clip(view.graph.nameIn(node, words.language), 28)), ...more);
  }
}

/**
 * A part of the story.
 * @param {string} title
 * @param {HTMLElement[]} chips
 */
function part(title, chips) {
  return element('section', { class: 'part' }, element('h2', { text: title }), element('div', { class: 'chips' }, chips));
}

/**
 * Something to begin with.
 * @param {() => void} choose
 * @param {string} title
 * @param {...Node} content
 */
function chip(choose, title, ...content) {
  return element('button', { type: 'button', class: 'chip', title: title || null, on: { click: choose } }, ...content);
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
