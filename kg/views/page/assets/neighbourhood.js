// The box that chooses how far around the chosen node the map is highlighted.

import { button, element } from './dom.js';
import { neighbourhood } from './links.js';
import { words } from './words.js';

/** @import { View } from './view.js' */

/** How many nodes can be taken in at a glance. */
const AT_A_GLANCE = 120;

/** The box that chooses how many steps around the chosen node are highlighted: at first two, unless that is too many. */
export class Neighbourhood {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
  }

  /**
   * Open the box, and highlight.
   * @param {number} node
   * @param {number} steps 0: two, unless that is too many
   * @param {number} most nodes with more links than this are not passed through
   */
  show(node, steps = 0, most = 300) {
    const { graph } = this.view;
    const within = (/** @type {number} */ count) => neighbourhood(graph, node, count, most, this.view.filters.active ? this.view.visible.nodes : null);
    if (!steps) steps = within(2).size <= AT_A_GLANCE ? 2 : 1;
    const limits = [50, 100, 300, 1000, Infinity];
    const box = document.getElementById('steps-box');
    if (!box) return;
    const group = element('div', { class: 'segments', role: 'group', 'aria-label': words.say('steps') });
    const summary = element('p', { class: 'hint', 'aria-live': 'polite' });
    const limit = element('select', { id: 'hub-limit' }, limits.map((value) =>
      element('option', { value: String(value), selected: value === most, text: value === Infinity ? words.say('anyHub') : words.counted('overLinks', value) })));
    const apply = () => {
      for (const segment of group.children) segment.setAttribute('aria-pressed', String(segment.getAttribute('data-steps') === String(steps)));
      const distance = within(steps);
      this.view.mark({ nodes: new Set(distance.keys()), steps, most });
      /** @type {Map<number, number>} */
      const kinds = new Map();
      for (const other of distance.keys()) if (other !== node) kinds.set(graph.kind[other], (kinds.get(graph.kind[other]) ?? 0) + 1);
      summary.textContent = [...kinds].sort((a, b) => b[1] - a[1]).map(([kind, count]) => `${words.kinds(graph.kinds[kind])} ${words.number(count)}`).join(' · ');
    };
    for (const count of [1, 2, 3]) {
      group.append(element('button', { type: 'button', 'data-steps': count, text: words.counted('nSteps', count), on: { click: () => { steps = count; apply(); } } }));
    }
    limit.addEventListener('change', () => { most = Number(limit.value); apply(); });
    box.replaceChildren(
      element('div', { class: 'steps-box' },
        group,
        element('label', {}, element('span', { text: words.say('skipHubs') + ' ' }), limit),
        summary,
        button(words.say('done'), () => { box.replaceChildren(); this.view.mark(null, { fly: false }); }, { class: 'quiet' })),
    );
    apply();
  }
}
