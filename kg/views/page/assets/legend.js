// What shapes and colours mean; each can be switched off and on.

import { byId, element, within } from './dom.js';
import { words } from './words.js';

/** @import { View } from './view.js' */

/**
 * What shapes and colours mean; each can be switched off and on.
 * @param {View} view
 */
export function legend(view) {
  const { graph, filters } = view;
  const holder = byId('legend');
  const counts = new Uint32Array(graph.kinds.length);
  for (let i = 0; i < graph.n; i++) counts[graph.kind[i]]++;
  /** @type {Map<number, HTMLElement>} */
  const rows = new Map();
  graph.kinds.forEach((_, kind) => {
    if (!counts[kind]) return;
    const row = element('button', { type: 'button', class: 'chip', 'aria-pressed': 'true', title: words.say('toggleKind') },
      view.theme.mark(kind), element('span', { text: words.kinds(graph.kinds[kind]) }), element('span', { class: 'count', text: words.number(counts[kind]) }));
    row.addEventListener('click', () => {
      if (filters.kindsOff.has(kind)) filters.kindsOff.delete(kind);
      else filters.kindsOff.add(kind);
      view.applyFilters();
    });
    rows.set(kind, row);
    holder.append(row);
  });
  view.on('filters', ({ counts: { byKind } }) => {
    for (const [kind, row] of rows) {
      row.setAttribute('aria-pressed', String(!filters.kindsOff.has(kind)));
      within(row, '.count').textContent = words.number(byKind[kind]);
    }
  });
}
