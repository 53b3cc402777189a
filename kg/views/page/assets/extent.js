// Rectangles of the map.

/** @import { Graph } from './graph.js' */

/** Such a share of many nodes may stray far on each side. */
const STRAY = 0.004;

/**
 * The rectangle around nodes (all, by default), leaving out the few that stray farthest.
 * @param {Graph} graph
 * @param {number[] | null} nodes
 */
export function extent(graph, nodes = null) {
  const count = nodes ? nodes.length : graph.n;
  if (!count) return { x: 0, y: 0, halfWidth: 1, halfHeight: 1 };
  const [left, right] = bounds(graph.x, nodes, count);
  const [bottom, top] = bounds(graph.y, nodes, count);
  return { x: (left + right) / 2, y: (bottom + top) / 2, halfWidth: Math.max((right - left) / 2, 0.01), halfHeight: Math.max((top - bottom) / 2, 0.01) };
}

/**
 * The least and the greatest of some values, but for the few farthest out.
 * @param {Float32Array} values
 * @param {number[] | null} nodes
 * @param {number} count
 */
function bounds(values, nodes, count) {
  const sorted = nodes ? Float32Array.from(nodes, (node) => values[node]) : values.slice();
  sorted.sort();
  const spare = count > 500 ? Math.floor(count * STRAY) : 0;
  return [sorted[spare], sorted[count - 1 - spare]];
}
