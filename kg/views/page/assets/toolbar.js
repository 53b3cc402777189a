// The buttons over the map, and the menu of what can be saved and set.

import { copy } from './clipboard.js';
import { byId } from './dom.js';
import { chosenNodes, csvOf, download, jsonOf } from './files.js';
import { pngOf, svgOf } from './pictures.js';
import { sparqlOf } from './sparql.js';
import { turtleOf } from './turtle.js';
import { words } from './words.js';

/**
 * @import { Facets } from './facets.js'
 * @import { Paths } from './paths.js'
 * @import { TableTwin } from './table.js'
 * @import { View } from './view.js'
 */

/**
 * Give every button its work.
 * @param {View} view
 * @param {{ facets: Facets, table: TableTwin, paths: Paths }} boxes
 */
export function toolbar(view, { facets, table, paths }) {
  const on = (/** @type {string} */ id, /** @type {() => void} */ listener) => byId(id).addEventListener('click', listener);
  on('open-filters', () => facets.toggle());
  on('open-table', () => table.open());
  on('open-path', () => (byId('path').hidden ? paths.open(view.selected) : paths.close()));
  on('open-help', () => byId('help', HTMLDialogElement).showModal());
  on('help-close', () => byId('help', HTMLDialogElement).close());
  on('zoom-in', () => view.zoom(1.7));
  on('zoom-out', () => view.zoom(1 / 1.7));
  on('zoom-fit', () => view.fit());
  on('open-whole', () => {
    const parts = new URLSearchParams(location.hash.slice(1));
    parts.delete('embed');
    window.open(location.href.replace(/#.*/, `#${parts}`), '_blank', 'noopener');
  });
  on('outline', () => byId('outline').setAttribute('aria-pressed', String(view.map.classList.toggle('outlining'))));
  const menu = byId('menu');
  const opener = byId('open-menu');
  const open = (/** @type {boolean} */ wanted) => {
    menu.hidden = !wanted;
    opener.setAttribute('aria-expanded', String(wanted));
    if (wanted) menu.querySelector('button')?.focus();
  };
  opener.addEventListener('click', () => open(Boolean(menu.hidden)));
  menu.addEventListener('keydown', (event) => {
    const items = [...menu.querySelectorAll('button')];
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (event.key === 'Escape') {
      open(false);
      opener.focus();
      event.stopPropagation();
    } else if (step) {
      items[(items.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement)) + step + items.length) % items.length].focus();
      event.preventDefault();
    }
  });
  document.addEventListener('pointerdown', (event) => {
    const pressed = /** @type {Node} */ (event.target);
    if (!menu.hidden && !menu.contains(pressed) && !opener.contains(pressed)) open(false);
  });
  const item = (/** @type {string} */ id, /** @type {() => unknown} */ action) => on(id, async () => {
    open(false);
    await action();
  });
  item('save-png', async () => download('graph.png', await pngOf(view, Number(byId('png-scale', HTMLSelectElement).value)), 'image/png'));
  item('save-svg', () => download('graph.svg', svgOf(view), 'image/svg+xml'));
  item('save-csv', () => download('graph.csv', csvOf(view.graph, chosenNodes(view)), 'text/csv;charset=utf-8'));
  item('save-json', () => download('graph.json', jsonOf(view.graph, chosenNodes(view)), 'application/json'));
  item('save-turtle', () => download('graph.ttl', turtleOf(view.graph, chosenNodes(view)), 'text/turtle;charset=utf-8'));
  item('copy-sparql', () => copy(sparqlOf(view, chosenNodes(view))));
  item('copy-link', () => copy(location.href));
  const theme = byId('theme', HTMLSelectElement);
  theme.value = document.documentElement.dataset.theme ?? '';
  theme.addEventListener('change', () => {
    if (theme.value) document.documentElement.dataset.theme = theme.value;
    else delete document.documentElement.dataset.theme;
    view.retheme();
    view.emit('address');
  });
  const language = byId('language', HTMLSelectElement);
  language.value = words.language;
  language.addEventListener('change', () => {
    words.choose(language.value);
    view.emit('address');
    // Everything on the page is in words: it is simplest, and surest, to begin again where we are.
    setTimeout(() => location.reload(), 350);
  });
}
