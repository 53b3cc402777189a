// What goes with a thing: more often than by chance, not just often.

import { companions } from './links.js';

/** @import { Graph } from './graph.js' */

/**
 * The log-likelihood ratio G² of two things (Dunning 1993, https://aclanthology.org/J93-1003/), with the sign of what it
 * says: minus where they avoid each other. `kg related` computes the same. A worked example: of 100 posts 10 name the one,
 * 10 the other, and 8 both; chance would have it that 1 does. Then G² is 35.8. What is named everywhere scores 0.
 * @param {number} both how many posts name both
 * @param {number} one how many name the first
 * @param {number} other how many name the second
 * @param {number} total how many posts there are
 */
export function gSquared(both, one, other, total) {
  const cells = [
    [both, one * other], [one - both, one * (total - other)], [other - both, (total - one) * other],
    [total - one - other + both, (total - one) * (total - other)],
  ];
  const sum = cells.reduce((so, [seen, expected]) => so + (seen > 0 && expected > 0 ? seen * Math.log((seen * total) / expected) : 0), 0);
  return both * total >= one * other ? 2 * sum : -2 * sum;
}

/**
 * What appears with a thing.
 * @typedef {object} Companion
 * @property {number} node
 * @property {number} count how many posts name both
 * @property {number} of how many name it at all
 * @property {number} score G²
 */

/**
 * Everything that appears in the same posts as a thing.
 * @param {Graph} graph
 * @param {number} node
 * @param {((post: number) => boolean) | null} admits which posts are looked at; null: all
 * @returns {Companion[]}
 */
export function companionsOf(graph, node, admits = null) {
  const { counts, total } = admits ? graph.postsThat(admits) : graph.posts;
  return [...companions(graph, node, admits)].map(([other, count]) => ({
    node: other, count, of: counts[other], score: gSquared(count, counts[node], counts[other], total),
  }));
}

/**
 * The more typical companion first.
 * @param {Companion} a
 * @param {Companion} b
 */
export function byTypicality(a, b) {
  return b.score - a.score || b.count - a.count || a.node - b.node;
}

/**
 * The more frequent companion first.
 * @param {Companion} a
 * @param {Companion} b
 */
export function byFrequency(a, b) {
  return b.count - a.count || b.score - a.score || a.node - b.node;
}
