// Ties: which things go together. They are the lines of the map from afar, where the links of every post would be a haze.

import { mixed } from './colours.js';
import { threads } from './detail.js';

/**
 * @import { Camera } from './camera.js'
 * @import { Colour } from './colours.js'
 * @import { Graph } from './graph.js'
 * @import { Theme } from './theme.js'
 */

/** So many ties are drawn at most at zoom 1, and so much faster their number grows. */
const AT_FIRST = 1000;
const GROWS = 1.6;
/** And so many while the camera moves. */
const MOVING = 4000;
/** How far a tie bends towards where all between its two regions run: within one region, and across. */
const WITHIN = 0.3;
const ACROSS = 0.55;
/** Longer ties, in map coordinates, are fainter. */
const LONG = 0.25;

/**
 * A tie as it is drawn: a quadratic Bézier curve.
 * @typedef {object} Curve
 * @property {number} from node
 * @property {number} to node
 * @property {number} cx its control point, in map coordinates
 * @property {number} cy
 * @property {Colour} colour
 * @property {number} alpha in 0..1
 * @property {number} width in pixels of the screen
 */

/**
 * The ties whose ends pass the filters, in the order in which they come into sight.
 * @param {Graph} graph
 * @param {Uint8Array} nodes 1 for those that pass
 */
export function tiesAmong({ ties }, nodes) {
  const { from, to } = ties;
  return Uint32Array.from(from.keys()).filter((tie) => nodes[from[tie]] && nodes[to[tie]]);
}

/**
 * How many of these are drawn: those whose ends are both shown, and not too many.
 * @param {Graph} graph
 * @param {Uint32Array} chosen
 * @param {Camera} camera
 * @param {number} last the place of the last node that is shown, in the order of sight
 * @param {boolean} moving
 */
export function tiesShown({ ties, place }, chosen, camera, last, moving) {
  const most = Math.min(chosen.length, AT_FIRST * camera.roominess * Math.max(camera.zoom, 1) ** GROWS, moving ? MOVING : Infinity);
  let low = 0;
  let high = Math.floor(most);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Math.max(place[ties.from[chosen[middle]]], place[ties.to[chosen[middle]]]) <= last) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * A tie as it is drawn. Ties between the same two regions bend the same way, so that they run together.
 * @param {Graph} graph
 * @param {Theme} theme
 * @param {number} tie
 * @returns {Curve}
 */
export function curveOf({ x, y, community, regions, ties }, theme, tie) {
  const from = ties.from[tie];
  const to = ties.to[tie];
  const [here, there] = [regions[community[from]], regions[community[to]]];
  const share = here === there ? WITHIN : ACROSS;
  const bent = (/** @type {number} */ middle, /** @type {number} */ way) => middle + (way - middle) * share;
  const long = Math.hypot(x[from] - x[to], y[from] - y[to]) / LONG;
  const often = Math.min(1, Math.log2(1 + ties.posts[tie]) / 8);
  return {
    from,
    to,
    cx: bent((x[from] + x[to]) / 2, (here.x + there.x) / 2),
    cy: bent((y[from] + y[to]) / 2, (here.y + there.y) / 2),
    colour: here === there ? mixed(theme.region(community[from]), theme.text, 0.4) : theme.tie,
    alpha: (0.12 + 0.4 * often) / Math.max(1, long) ** 0.7,
    width: 0.8 + 2.2 * often ** 2,
  };
}

/**
 * How strongly all ties show: less where the links of posts show, and when something is highlighted.
 * @param {{ nodeCount: number, edgesDimmed: boolean }} renderer
 * @param {Camera} camera
 */
export function tieStrength({ nodeCount, edgesDimmed }, camera) {
  return (1 - 0.65 * threads(nodeCount, camera)) * (edgesDimmed ? 0.12 : 1);
}
