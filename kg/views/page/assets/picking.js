// What lies under a point of the screen: what you see there is what you get.

import { holds } from './boxes.js';
import { MOST_DRAWN, drawnRadius } from './sizes.js';
import { STATE } from './states.js';

/**
 * @import { Box } from './boxes.js'
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
 * @property {{ radius: Float32Array, draws: (node: number) => boolean }} renderer
 * @property {Pick<Labels, 'shown' | 'regionsShown' | 'groupsShown'>} labels
 */

/** @typedef {{ type: 'node', node: number } | { type: 'region', community: number } | { type: 'group', community: number }} Thing */

/** A node with a smaller radius, in pixels of the screen, cannot be aimed at. */
const AIMABLE = 2.5;

/**
 * What a point picks: the name that is written there; else the largest node that is drawn there; else the nearest name or
 * node within reach; or nothing. Dust is never picked: it has to be zoomed in on until it can be aimed at.
 * @param {Scene} scene
 * @param {number} x in pixels of the screen
 * @param {number} y
 * @param {number} reach how far beside a thing a point may lie, in pixels
 * @returns {Thing | null}
 */
export function thingAt(scene, x, y, reach) {
  const { labels } = scene;
  /** @type {{ box: Box, thing: Thing }[]} */
  const names = [
    ...labels.groupsShown.map(({ community, box }) => ({ box, thing: /** @type {Thing} */ ({ type: 'group', community }) })),
    ...labels.shown.map(({ node, box }) => ({ box, thing: named(node) })),
    ...labels.regionsShown.map(({ community, box }) => ({ box, thing: /** @type {Thing} */ ({ type: 'region', community }) })),
  ];
  const written = names.find(({ box }) => holds(box, x, y));
  if (written) return written.thing;
  const { on, beside, distance } = nodesAt(scene, x, y, reach);
  if (on >= 0) return named(on);
  let nearest = beside >= 0 ? named(beside) : null;
  let least = distance;
  for (const { box, thing } of names) {
    const away = Math.hypot(Math.max(box[0] - x, 0, x - box[2]), Math.max(box[1] - y, 0, y - box[3]));
    if (away > reach || away >= least) continue;
    least = away;
    nearest = thing;
  }
  return nearest;
}

/**
 * A node, as a thing.
 * @param {number} node
 * @returns {Thing}
 */
function named(node) {
  return { type: 'node', node };
}

/**
 * The node that lies on top at a point, and the nearest beside it with how far away its rim is; -1 where there is none.
 * @param {Scene} scene
 * @param {number} x
 * @param {number} y
 * @param {number} reach
 */
function nodesAt({ graph, camera, places, states, renderer }, x, y, reach) {
  const most = MOST_DRAWN + reach;
  const found = { on: -1, beside: -1, distance: reach };
  let top = -1;
  places.within(camera.mapX(x - most), camera.mapY(y + most), camera.mapX(x + most), camera.mapY(y - most), (node) => {
    const state = states[node];
    if (state === STATE.hidden || state === STATE.faded) return;
    const radius = drawnRadius(renderer, camera, node, state);
    if (radius < AIMABLE || !(state >= STATE.marked || renderer.draws(node))) return;
    const away = Math.hypot(camera.screenX(graph.x[node]) - x, camera.screenY(graph.y[node]) - y) - radius;
    if (away <= 0) {
      const height = radius + (state >= STATE.marked ? MOST_DRAWN : 0);
      if (height <= top) return;
      top = height;
      found.on = node;
    } else if (away < found.distance) {
      found.distance = away;
      found.beside = node;
    }
  });
  return found;
}
