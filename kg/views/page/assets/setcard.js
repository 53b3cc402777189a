// Reading about a set of posts, or about an area of the map.

import { copy } from './clipboard.js';
import { button, element, foreign } from './dom.js';
import { csvOf, download, jsonOf } from './files.js';
import { newestFirst } from './links.js';
import { proofRow } from './proof.js';
import { list, nodeRow, postRow, section } from './rows.js';
import { setName } from './setname.js';
import { PARTS, membersOf, moved, postsOfSet } from './sets.js';
import { sparqlOf } from './sparql.js';
import { timeline } from './timeline.js';
import { turtleOf } from './turtle.js';
import { gSquared } from './typical.js';
import { words } from './words.js';

/**
 * @import { Part, Wanted } from './sets.js'
 * @import { View } from './view.js'
 */

/** @type {Record<Part, 'setAll' | 'setAny' | 'setNone'>} */
const NAMES = { all: 'setAll', any: 'setAny', none: 'setNone' };

/**
 * What a set asks for, to be changed here; its posts in a list and over time; and how to take them away.
 * @param {View} view
 * @param {Wanted} wanted
 * @returns {HTMLElement[]}
 */
export function setCard(view, wanted) {
  const { graph } = view;
  const found = postsOfSet(graph, wanted);
  const posts = found.filter((post) => view.admits(post));
  const results = section(words.say('posts'), posts.length, true, 'posts');
  const spark = timeline(view, found);
  if (spark) results.append(spark);
  results.append(posts.length ? list(posts, (post) => proofRow(view, post, [...wanted.all, ...wanted.any.filter((node) => graph.postsAt(node).includes(post))])) : element('p', { class: 'hint', text: words.say('setEmpty') }));
  return [
    element('header', { class: 'head' },
      element('div', { class: 'kind' },
        element('span', { text: words.say('set') }),
        element('span', { class: 'grow' }),
        button(words.say('close'), () => view.mark(null, { fly: false }), { symbol: 'close', visible: false, class: 'quiet close' })),
      element('h2', { tabindex: '-1' }, foreign(setName(view, wanted))),
      element('p', { class: 'second', text: words.counted('nPosts', posts.length) })),
    element('ul', { class: 'rows members' }, membersOf(wanted).map((node) => element('li', {}, memberRow(view, wanted, node)))),
    exports(view, posts),
    results,
  ];
}

/**
 * What lies in an area: what is typical of its posts, and these in a list and over time.
 * @param {View} view
 * @param {number[]} nodes
 * @returns {HTMLElement[]}
 */
export function areaCard(view, nodes) {
  const { graph } = view;
  const posts = newestFirst(graph, nodes.filter((node) => graph.isPost(node)));
  const things = nodes.filter((node) => !graph.isPost(node));
  const inside = new Set(posts);
  const { counts, total } = graph.posts;
  const score = new Map(things.map((node) => [node, gSquared(graph.postsAt(node).filter((post) => inside.has(post)).length, posts.length, counts[node], total)]));
  const typical = [...things].sort((a, b) => (score.get(b) ?? 0) - (score.get(a) ?? 0) || graph.degree[b] - graph.degree[a]);
  const parts = [
    element('header', { class: 'head' },
      element('div', { class: 'kind' },
        element('span', { text: words.say('area') }),
        element('span', { class: 'grow' }),
        button(words.say('close'), () => view.mark(null, { fly: false }), { symbol: 'close', visible: false, class: 'quiet close' })),
      element('h2', { tabindex: '-1', text: words.say('holdsBoth', { posts: words.counted('nPosts', posts.length), things: words.counted('nThings', things.length) }) })),
    exports(view, nodes),
  ];
  if (things.length) {
    const body = section(words.say('typical'), things.length, true, 'typical');
    body.append(list(typical, (node) => nodeRow(view, node, words.number(graph.degree[node]))));
    parts.push(body);
  }
  if (posts.length) {
    const body = section(words.say('posts'), posts.length, true, 'posts');
    const spark = timeline(view, posts);
    if (spark) body.append(spark);
    body.append(list(posts, (post) => postRow(view, post)));
    parts.push(body);
  }
  return parts;
}

/**
 * How to take nodes away.
 * @param {View} view
 * @param {number[]} nodes
 */
function exports(view, nodes) {
  const { graph } = view;
  return element('div', { class: 'actions' },
    button('CSV', () => download('set.csv', csvOf(graph, nodes), 'text/csv;charset=utf-8'), { id: 'set-csv' }),
    button('JSON', () => download('set.json', jsonOf(graph, nodes), 'application/json'), { id: 'set-json' }),
    button('Turtle', () => download('set.ttl', turtleOf(graph, nodes), 'text/turtle;charset=utf-8'), { id: 'set-turtle' }),
    button(words.say('copySparql'), () => copy(sparqlOf(view, nodes)), { symbol: 'code' }),
    button(words.say('copyLink'), () => copy(location.href), { symbol: 'copy' }));
}

/**
 * A thing that a set asks about, and in which part it is.
 * @param {View} view
 * @param {Wanted} wanted
 * @param {number} node
 */
function memberRow(view, wanted, node) {
  const row = nodeRow(view, node, null);
  const choice = element('select', { 'aria-label': view.graph.nameIn(node, words.language), on: {
    change: () => view.chooseSet(moved(wanted, node, /** @type {Part | null} */ (choice.value || null)), { fly: false }),
  } },
  PARTS.map((part) => element('option', { value: part, selected: wanted[part].includes(node), text: words.say(NAMES[part]) })),
  element('option', { value: '', text: words.say('setRemove') }));
  row.append(choice);
  return row;
}
