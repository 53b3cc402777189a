// How much of the map is drawn at a zoom: from afar what matters most, and everything from near by.

/** @import { Camera } from './camera.js' */

/** So many nodes are drawn at zoom 1 on a desk, and so much faster their number grows than the map. */
const AT_FIRST = 1500;
const GROWS = 2.2;
/** The least share of those that are drawn fades in, in so many steps. */
const FADING = 0.3;
const STEPS = 6;

/**
 * How many of some nodes are drawn, the most important ones.
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
