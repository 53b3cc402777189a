// What lies under a point of the screen.

import { holds } from './boxes.js';
import { MOST_RADIUS, screenRadius } from './sizes.js';
import { STATE } from './states.js';

/**
 * @import { Camera } from './camera.js'
 * @import { Graph } from './graph.js'
 * @import { Labels } from './labels.js'
 * @import { Places } from './places.js'
 */

/**
 * What is on the screen.
 * @typedef {object} Scene
 * @property {Graph} graph
 * @property {Camera} camera
 * @property {Places} places
 * @property {Uint8Array} states of the nodes, bytes of STATE
 * @property {{ radius: Float32Array }} renderer
 * @property {Pick<Labels, 'shown' | 'regionsShown'>} labels
 */

/**
 * The node at a point, or -1: the nearest that is drawn there, else the one that is named there.
 * @param {Scene} scene
 * @param {number} x in pixels of the screen
 * @param {number} y
 * @param {number} reach how far beside a node a point may lie, in pixels
 */
export function nodeAt({ graph, camera, places, states, renderer, labels }, x, y, reach) {
  const most = MOST_RADIUS + reach;
  let best = -1;
  let bestRank = Infinity;
  places.within(camera.mapX(x - most), camera.mapY(y + most), camera.mapX(x + most), camera.mapY(y - most), (node) => {
    const state = states[node];
    if (state === STATE.hidden || state === STATE.faded) return;
    const distance = Math.hypot(camera.screenX(graph.x[node]) - x, camera.screenY(graph.y[node]) - y);
    const radius = screenRadius(renderer, camera, node);
    if (distance > radius + reach) return;
    const rank = distance - radius - (state >= STATE.marked ? 6 : state === STATE.dimmed ? -3 : 0);
    if (rank < bestRank) {
      bestRank = rank;
      best = node;
    }
  });
  return best >= 0 ? best : labels.shown.find(({ box }) => holds(box, x, y))?.node ?? -1;
}

/**
 * The community whose name is written at a point, or -1.
 * @param {Scene} scene
 * @param {number} x in pixels of the screen
 * @param {number} y
 */
export function regionAt({ labels }, x, y) {
  return labels.regionsShown.find(({ box }) => holds(box, x, y))?.community ?? -1;
}
