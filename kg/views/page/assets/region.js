// Reading about a region.

import { element, foreign } from './dom.js';
import { list, nodeRow } from './rows.js';
import { words } from './words.js';

/** @import { View } from './view.js' */

/**
 * What a region is called.
 * @param {View} view
 * @param {number} community
 */
export function regionName({ graph }, community) {
  const region = graph.regions[community];
  return region.names[words.language] ?? region.name;
}

/**
 * All there is to say of a region.
 * @param {View} view
 * @param {number} community
 * @returns {HTMLElement[]}
 */
export function regionCard(view, community) {
  const { graph } = view;
  const { size, typical } = graph.regions[community];
  return [
    element('h2', { tabindex: '-1' }, foreign(regionName(view, community))),
    element('p', { class: 'also', text: words.counted('nThings', size) }),
    list(typical, (node) => nodeRow(view, node, words.number(graph.degree[node]))),
  ];
}
