// How much of the map is drawn at a zoom: from afar what matters most, and everything from near by.

/**
 * @import { Camera } from './camera.js'
 * @import { Graph } from './graph.js'
 */

/** So many nodes are drawn at zoom 1 on a desk, and so much faster their number grows than the map. */
const AT_FIRST = 1500;
const GROWS = 2.2;
/** Parts of the map along each side; and how much sooner a node comes for being ahead in its part than on the whole map. */
const PARTS = 16;
const FAIRLY = 2;
/** The least share of those that are drawn fades in, in so many steps. */
const FADING = 0.3;
const STEPS = 6;

/**
 * Nodes in the order in which they come into sight: next is whichever is further ahead, on the whole map or in its own part
 * of it. Every part has something to show, however famous the nodes of others are.
 * @param {Pick<Graph, 'x' | 'y' | 'byWeight'>} graph
 */
export function orderOfSight({ x, y, byWeight }) {
  const n = byWeight.length;
  const part = Uint16Array.from({ length: n }, (_, node) => Math.floor(((x[node] + 1.1) / 2.2) * (PARTS - 1)) * PARTS + Math.floor(((y[node] + 1.1) / 2.2) * (PARTS - 1)));
  const sizes = new Uint32Array(PARTS * PARTS);
  for (const each of part) sizes[each]++;
  const seen = new Uint32Array(PARTS * PARTS);
  const ahead = new Float64Array(n);
  byWeight.forEach((node, place) => {
    ahead[node] = Math.min((place + 1) / n, ++seen[part[node]] / sizes[part[node]] / FAIRLY);
  });
  return byWeight.slice().sort((a, b) => ahead[a] - ahead[b]);
}

/**
 * How many of some nodes are drawn, the first in that order.
 * @param {number} count
 * @param {Camera} camera
 */
export function nodesShown(count, camera) {
  return Math.min(count, Math.round(AT_FIRST * camera.roominess * Math.max(camera.zoom, 0.5) ** GROWS));
}

/**
 * How strongly the links of posts show: not while most of what they link is not drawn.
 * @param {number} count nodes that there are to see
 * @param {Camera} camera
 */
export function threads(count, camera) {
  const share = nodesShown(count, camera) / Math.max(count, 1);
  return Math.min(1, Math.max(0, (share - 0.25) / 0.5));
}

/**
 * Nodes in steps, the least important and faintest first; those of an index that is sorted like that, from a place on.
 * @param {number} count
 * @param {Camera} camera
 * @returns {{ from: number, until: number, alpha: number }[]}
 */
export function fadeIn(count, camera) {
  const shown = nodesShown(count, camera);
  const first = count - shown;
  if (!first) return [{ from: 0, until: count, alpha: 1 }];
  const fading = Math.floor(shown * FADING);
  const steps = [];
  for (let k = 0; k < STEPS; k++) {
    steps.push({ from: first + Math.floor((fading * k) / STEPS), until: first + Math.floor((fading * (k + 1)) / STEPS), alpha: (k + 1) / (STEPS + 1) });
  }
  return [...steps, { from: first + fading, until: count, alpha: 1 }];
}
