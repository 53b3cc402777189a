// Keys that work wherever the focus is.

import { byId } from './dom.js';

/**
 * @import { Facets } from './facets.js'
 * @import { Paths } from './paths.js'
 * @import { SearchBox } from './search.js'
 * @import { TableTwin } from './table.js'
 * @import { View } from './view.js'
 */

/**
 * Listen for them.
 * @param {View} view
 * @param {{ facets: Facets, table: TableTwin, paths: Paths, search: SearchBox }} boxes
 */
export function keys(view, { facets, table, paths, search }) {
  document.addEventListener('keydown', (event) => {
    const typing = document.activeElement?.matches('input:not([type=checkbox]), textarea, select') ?? false;
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    if (event.key === 'Escape') {
      if (!byId('query').hidden) byId('query-close').click();
      else if (!byId('path').hidden) paths.close();
      else if (view.marked) view.mark(null, { fly: false });
      else if (view.selected >= 0 || view.region >= 0) view.select(-1);
      else if (!byId('filters').hidden) facets.toggle(false);
      else return;
      if (!typing) view.focusMap();
      return;
    }
    if (typing) return;
    /** @type {Record<string, () => void>} */
    const actions = {
      '/': () => search.input.focus(),
      f: () => facets.toggle(),
      t: () => table.open(),
      p: () => paths.open(view.selected),
      '?': () => byId('help', HTMLDialogElement).showModal(),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
