// Edges that are drawn over the others, because something is highlighted.

/**
 * @import { Colour } from './colours.js'
 * @import { Graph } from './graph.js'
 * @import { Group } from './groups.js'
 * @import { Theme } from './theme.js'
 */

/**
 * @typedef {object} Stroke
 * @property {number} from node
 * @property {number} to node
 * @property {Colour} colour
 * @property {number} alpha in 0..1
 * @property {number} width in pixels of the screen
 */

/** Among more edges than this none stands out. */
const MOST_WITHIN = 30_000;
const MOST_FROM = 5000;

/**
 * A path, from each of its nodes to the next.
 * @param {Theme} theme
 * @param {number[]} path
 * @returns {Stroke[]}
 */
export function strokesAlong({ accent }, path) {
  return path.slice(1).map((to, i) => ({ from: path[i], to, alpha: 1, width: 3.5, colour: accent }));
}

/**
 * The edges among some nodes, in the colour of where they lead.
 * @param {Graph} graph
 * @param {Theme} theme
 * @param {Set<number>} nodes
 */
export function strokesAmong(graph, theme, nodes) {
  /** @type {Stroke[]} */
  const strokes = [];
  const alpha = Math.max(0.12, Math.min(0.6, 60 / nodes.size));
  for (const from of nodes) {
    for (const edge of graph.edgesAt(from)) {
      const to = graph.target[edge];
      if (graph.source[edge] !== from || !nodes.has(to) || strokes.length > MOST_WITHIN) continue;
      strokes.push({ from, to, alpha, width: 1.2, colour: theme.ofKind[graph.kind[to]] });
    }
  }
  return strokes;
}

/**
 * From a node to groups of posts next to it: the wider, the more they are.
 * @param {Theme} theme
 * @param {Graph} graph
 * @param {number} from
 * @param {Group[]} groups
 * @returns {Stroke[]}
 */
export function strokesTo(theme, { post }, from, groups) {
  return groups.filter(({ open }) => !open).map(({ at, posts }) => ({ from, to: at, alpha: 0.5, width: 1 + Math.log2(posts.length), colour: theme.ofKind[post] }));
}

/**
 * From a node to its neighbours, in their colours.
 * @param {Graph} graph
 * @param {Theme} theme
 * @param {number} from
 * @param {number[]} neighbours
 * @param {number} strength in 0..1
 * @param {number} of so many there would be if none were in a group
 * @returns {Stroke[]}
 */
export function strokesFrom(graph, theme, from, neighbours, strength, of = neighbours.length) {
  const alpha = strength * Math.max(0.16, Math.min(0.75, 40 / of));
  return neighbours.slice(0, MOST_FROM).map((to) => ({ from, to, alpha, width: 1.4, colour: theme.ofKind[graph.kind[to]] }));
}
