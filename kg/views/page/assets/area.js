// An area of the map that was drawn around: what lies in it.

/**
 * @import { Graph } from './graph.js'
 * @import { Places } from './places.js'
 * @import { Point } from './shapes.js'
 */

/** More corners than this say no more. */
const MOST_CORNERS = 40;

/** Corners are as exact as an address tells them. */
const EXACT = 10_000;

/**
 * An outline with few corners.
 * @param {Point[]} outline
 * @returns {Point[]}
 */
export function simplified(outline) {
  const step = Math.max(1, outline.length / MOST_CORNERS);
  const rounded = (/** @type {number} */ value) => Math.round(value * EXACT) / EXACT;
  return Array.from({ length: Math.min(outline.length, MOST_CORNERS) }, (_, i) => {
    const [x, y] = outline[Math.floor(i * step)];
    return [rounded(x), rounded(y)];
  });
}

/**
 * The nodes within an outline, in map coordinates, that pass the filters, the most important first.
 * @param {Graph} graph
 * @param {Places} places
 * @param {Point[]} outline
 * @param {Uint8Array} passes 1 for nodes that do
 */
export function nodesWithin(graph, places, outline, passes) {
  const [xs, ys] = [outline.map(([x]) => x), outline.map(([, y]) => y)];
  /** @type {number[]} */
  const found = [];
  places.within(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys), (node) => {
    if (passes[node] && encloses(outline, graph.x[node], graph.y[node])) found.push(node);
  });
  return found.sort((a, b) => a - b);
}

/**
 * Whether a point lies within an outline: a ray from it crosses that an odd number of times.
 * @param {Point[]} outline
 * @param {number} x
 * @param {number} y
 */
export function encloses(outline, x, y) {
  let inside = false;
  for (let i = 0, j = outline.length - 1; i < outline.length; j = i++) {
    const [[ax, ay], [bx, by]] = [outline[i], outline[j]];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}
