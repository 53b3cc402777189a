// What the page shows at this moment, for tests and for assistive tools.

import { membersOf } from './sets.js';
import { drawnRadius } from './sizes.js';
import { plain } from './text.js';
import { words } from './words.js';

/**
 * @import { Box } from './boxes.js'
 * @import { View } from './view.js'
 */

/**
 * A name or a region: `iri` of a node, `id` of a region, which both stay the same when the graph is built again; `box`
 * in CSS pixels of the window.
 * @typedef {{ type: 'node', iri: string, label: string, box: Box } | { type: 'region', id: string, label: string, box: Box }} Shown
 */

/**
 * Each name and each region that is written on the map now, the most important first.
 * @param {View} view
 * @returns {Shown[]}
 */
export function visible(view) {
  const { labels } = view;
  return [
    ...labels.shown.map(({ node, box }) => nodeShown(view, node, box)),
    ...labels.regionsShown.map(({ community, box }) => regionShown(view, community, box)),
  ];
}

/**
 * What is selected, as a list in the same form; for the first of it one may also ask the list itself.
 * @param {View} view
 * @returns {Shown[] & Partial<Shown>}
 */
export function selected(view) {
  const { camera, graph, labels, region } = view;
  const node = view.selected;
  /** @type {Shown[]} */
  const found = [];
  if (node >= 0) {
    found.push(nodeShown(view, node, boxOf(view, node)));
  } else if (view.marked?.set) {
    for (const member of membersOf(view.marked.set)) found.push(nodeShown(view, member, boxOf(view, member)));
  } else if (view.marked?.area) {
    for (const inside of view.marked.nodes) found.push(nodeShown(view, inside, boxOf(view, inside)));
  } else if (region >= 0) {
    const { x, y, r } = graph.regions[region];
    const around = /** @type {Box} */ ([camera.screenX(x - r), camera.screenY(y + r), camera.screenX(x + r), camera.screenY(y - r)]);
    found.push(regionShown(view, region, labels.regionsShown.find(({ community }) => community === region)?.box ?? around));
  }
  return Object.assign(found, found[0]);
}

/**
 * The box of the name of a node; where it has none, that of the node.
 * @param {View} view
 * @param {number} node
 * @returns {Box}
 */
function boxOf({ camera, graph, labels, renderer, states }, node) {
  const x = camera.screenX(graph.x[node]);
  const y = camera.screenY(graph.y[node]);
  const radius = drawnRadius(renderer, camera, node, states[node]);
  return labels.shown.find((label) => label.node === node)?.box ?? [x - radius, y - radius, x + radius, y + radius];
}

/**
 * A node as it is told.
 * @param {View} view
 * @param {number} node
 * @param {Box} box
 * @returns {Shown}
 */
function nodeShown(view, node, box) {
  return { type: 'node', iri: view.graph.iri(node), label: plain(view.graph.nameIn(node, words.language)), box: inWindow(view, box) };
}

/**
 * A region as it is told.
 * @param {View} view
 * @param {number} community
 * @param {Box} box
 * @returns {Shown}
 */
function regionShown(view, community, box) {
  const region = view.graph.regions[community];
  return { type: 'region', id: region.id, label: plain(region.names[words.language] ?? region.name), box: inWindow(view, box) };
}

/**
 * A box of the map as one of the window.
 * @param {View} view
 * @param {Box} box
 * @returns {Box}
 */
function inWindow(view, box) {
  const { left, top } = view.map.getBoundingClientRect();
  return [box[0] + left, box[1] + top, box[2] + left, box[3] + top];
}
