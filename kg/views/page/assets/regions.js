// Questions about regions.

import { newestFirst } from './links.js';

/** @import { Graph } from './graph.js' */

/**
 * The posts of a region, the newest first.
 * @param {Graph} graph
 * @param {number} community
 */
export function postsOfRegion(graph, community) {
  return newestFirst(graph, [...graph.byWeight].filter((node) => graph.community[node] === community && graph.isPost(node)));
}

/**
 * The most central of some posts of a region: those with most links that stay in it.
 * @param {Graph} graph
 * @param {number} community
 * @param {number[]} posts
 */
export function centralFirst(graph, community, posts) {
  const inside = new Map(posts.map((post) => [post, graph.edgesAt(post).filter((edge) => graph.community[graph.other(edge, post)] === community).length]));
  return [...posts].sort((a, b) => (inside.get(b) ?? 0) - (inside.get(a) ?? 0) || a - b);
}

/**
 * How many posts of a region name each of some nodes.
 * @param {Graph} graph
 * @param {number} community
 * @param {number} node
 */
export function postsInside(graph, community, node) {
  return graph.postsAt(node).filter((post) => graph.community[post] === community).length;
}

/**
 * The regions that a region is linked with, most first, for their size: [[community, links]].
 * @param {Graph} graph
 * @param {number} community
 * @returns {[number, number][]}
 */
export function neighboursOf(graph, community) {
  const { m, source, target, regions } = graph;
  const links = new Map();
  for (let edge = 0; edge < m; edge++) {
    const here = graph.community[source[edge]];
    const there = graph.community[target[edge]];
    if ((here === community) === (there === community)) continue;
    const other = here === community ? there : here;
    links.set(other, (links.get(other) ?? 0) + 1);
  }
  const weight = (/** @type {[number, number]} */ [other, count]) => count / Math.sqrt(regions[other].size);
  return [...links].sort((a, b) => weight(b) - weight(a) || a[0] - b[0]);
}

/**
 * The region of an id, or -1.
 * @param {Graph} graph
 * @param {string} id
 */
export function regionOf(graph, id) {
  return graph.regions.findIndex((region) => region.id === id);
}
