// What proves that two things go together: the posts that name both, and where they do.

import { element, foreign } from './dom.js';
import { commonPosts } from './links.js';
import { postRow } from './rows.js';
import { clip, unmarked } from './text.js';
import { words } from './words.js';

/**
 * @import { Graph } from './graph.js'
 * @import { View } from './view.js'
 */

/** Characters of a summary before and after a name in it. */
const BEFORE = 50;
const AFTER = 110;

/**
 * All spellings of a thing, folded; single letters are none.
 * @param {Graph} graph
 * @param {number} node
 */
function spellingsOf(graph, node) {
  return [graph.labels[node], ...graph.names(node).map(({ text }) => text)].map((text) => graph.hanzi.folded(text)).filter((text) => text.length > 1);
}

/**
 * The posts that name both of two nodes, the best proof first: what is named in a title is what a post is about, what is named
 * in a summary matters to it, what is named elsewhere may be named in passing. Of equals the newest comes first.
 * @param {Graph} graph
 * @param {number} one
 * @param {number} other
 */
export function proofs(graph, one, other) {
  const both = [one, other].map((node) => spellingsOf(graph, node));
  const posts = commonPosts(graph, one, other);
  const weight = new Map(posts.map((post) => {
    const title = graph.hanzi.folded(graph.labels[post]);
    const summary = graph.hanzi.folded(graph.literal(post, 'schema:abstract'));
    const each = both.map((names) => (names.some((name) => title.includes(name)) ? 2 : names.some((name) => summary.includes(name)) ? 1 : 0));
    return [post, 4 * Math.min(...each) + Math.max(...each)];
  }));
  return posts.sort((a, b) => (weight.get(b) ?? 0) - (weight.get(a) ?? 0));
}

/**
 * Where a post and a node say that they are linked, such as `people, line 12`; nothing where that is not known.
 * @param {Graph} graph
 * @param {number} one
 * @param {number} other
 */
export function placeOf(graph, one, other) {
  const from = graph.degree[one] < graph.degree[other] ? one : other;
  for (const edge of graph.edgesAt(from)) {
    const place = graph.other(edge, from) === (from === one ? other : one) ? graph.placeOf(edge) : null;
    if (place) return words.say('atLine', { field: place.field, n: words.number(place.line) });
  }
  return '';
}

/**
 * What a summary says of some things: from a little before the first name of any of them; nothing where it names none.
 * @param {Graph} graph
 * @param {number} post
 * @param {number[]} nodes
 */
export function excerpt(graph, post, nodes) {
  const summary = unmarked(graph.literal(post, 'schema:abstract'));
  const lower = summary.toLowerCase();
  const names = nodes.flatMap((node) => [graph.labels[node], ...graph.names(node).map(({ text }) => text)]).filter((text) => text.length > 1);
  const at = names.map((name) => lower.indexOf(name.toLowerCase())).filter((place) => place >= 0);
  if (!at.length || lower.length !== summary.length) return '';
  const begin = Math.max(0, Math.min(...at) - BEFORE);
  return (begin ? '…' : '') + clip(summary.slice(begin), BEFORE + AFTER);
}

/**
 * A post in a list, with what it says of some things, and the field and line in which it names each.
 * @param {View} view
 * @param {number} post
 * @param {number[]} nodes
 */
export function proofRow(view, post, nodes) {
  const { graph } = view;
  const row = postRow(view, post, excerpt(graph, post, nodes));
  const places = nodes.map((node) => ({ node, place: placeOf(graph, post, node) })).filter(({ place }) => place);
  if (places.length) {
    row.append(element('ul', { class: 'quotes' }, places.map(({ node, place }) =>
      element('li', {}, foreign(clip(graph.nameIn(node, words.language), 40)), ': ', element('span', { class: 'code', text: place })))));
  }
  return row;
}
