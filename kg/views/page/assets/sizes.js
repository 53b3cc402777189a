// How large a node is on the screen.

import { STATE } from './states.js';

/**
 * @import { Camera } from './camera.js'
 * @import { Graph } from './graph.js'
 */

export const MOST_RADIUS = 26;
/** What is highlighted is drawn larger by this, and never smaller than LIT of the smallest. */
const GROWN = 1.15;
const LIT = 3;
/** No node is drawn larger, in pixels of the screen. */
export const MOST_DRAWN = MOST_RADIUS * GROWN;

/**
 * Radius in pixels at zoom 1, from the weight: its area grows with the number of links.
 * @param {Graph} graph
 */
export function nodeRadii(graph) {
  const radius = new Float32Array(graph.n);
  const few = graph.n < 400 ? 2.2 : graph.n < 4000 ? 1.3 : 1;
  const most = Math.sqrt(Math.max(graph.weight[graph.byWeight[0]] ?? 1, 16));
  for (let i = 0; i < graph.n; i++) radius[i] = few * (0.8 + 9.5 * (Math.sqrt(graph.weight[i]) / most));
  return radius;
}

/**
 * How much bigger than at zoom 1 nodes are drawn.
 * @param {Camera} camera
 */
export function growth(camera) {
  return Math.pow(Math.max(camera.zoom, 0.6), 0.42) * camera.roominess;
}

/**
 * No node is drawn smaller than this, in pixels of the screen.
 * @param {Camera} camera
 */
export function leastRadius(camera) {
  return Math.min(1.25 + Math.max(0, Math.log2(camera.zoom)) * 0.55, 4.5) * Math.sqrt(camera.roominess);
}

/**
 * The radius of a node on the screen, in CSS pixels.
 * @param {{ radius: Float32Array }} renderer
 * @param {Camera} camera
 * @param {number} node
 */
export function screenRadius(renderer, camera, node) {
  return Math.min(Math.max(renderer.radius[node] * growth(camera), leastRadius(camera)), MOST_RADIUS);
}

/**
 * The radius that a node is drawn with in its state, in CSS pixels; the shader in shaders.js knows the same.
 * @param {{ radius: Float32Array }} renderer
 * @param {Camera} camera
 * @param {number} node
 * @param {number} state
 */
export function drawnRadius(renderer, camera, node, state) {
  const radius = screenRadius(renderer, camera, node);
  return state >= STATE.marked ? Math.max(radius * GROWN, leastRadius(camera) * LIT) : radius;
}
