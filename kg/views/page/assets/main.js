// Putting the page together.

import { Address, asksForSomething, obeyAddress } from './address.js';
import { byId } from './dom.js';
import { Facets } from './facets.js';
import { chosenNodes, csvOf, jsonOf } from './files.js';
import { Graph } from './graph.js';
import { keys } from './keys.js';
import { Layout } from './layout.js';
import { legend } from './legend.js';
import { Neighbourhood } from './neighbourhood.js';
import { Panel } from './panel.js';
import { Paths } from './paths.js';
import { pngOf, svgOf } from './pictures.js';
import { printing } from './print.js';
import { Pointer } from './pointer.js';
import { QueryEditor } from './query.js';
import { SearchBox } from './search.js';
import { selected, visible } from './shown.js';
import { sparqlOf } from './sparql.js';
import { STATE } from './states.js';
import { TableTwin } from './table.js';
import { toolbar } from './toolbar.js';
import { translate } from './translation.js';
import { turtleOf } from './turtle.js';
import { unpack } from './unpack.js';
import { View } from './view.js';
import { Welcome, examples } from './welcome.js';
import { words } from './words.js';

/** Open the page: decode, draw, then make everything else ready. */
async function main() {
  const config = JSON.parse(byId('kg-config').textContent ?? '');
  obeyAddress();
  translate();
  if (typeof DecompressionStream !== 'function') throw new Error(words.say('oldBrowser'));
  const started = performance.now();
  const graph = new Graph(await unpack(taken('kg-core')));
  const view = new View(graph);
  view.timings.decoded = performance.now() - started;
  const paths = new Paths(view);
  const steps = new Neighbourhood(view);
  new Panel(view, {
    startPath: (node) => paths.open(node),
    showSteps: (node) => steps.show(node),
  });
  const facets = new Facets(view);
  const table = new TableTwin(view);
  new Pointer(view, { longPress: (node) => { view.select(node, { fly: false }); steps.show(node, 1); } });
  legend(view);
  const asked = asksForSomething();
  if (!asked) new Welcome(view);
  const layout = new Layout(view);
  const cover = () => layout.update();
  view.camera.jump(view.home);
  view.on('layout', cover);
  const covers = new ResizeObserver(cover);
  for (const id of ['welcome', 'panel', 'path', 'filters', 'legend', 'results', 'menu', 'query', 'toast']) covers.observe(byId(id));
  addEventListener('resize', cover);
  view.update();

  // The first picture comes before everything that a reader can only ask for later.
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  view.timings.firstFrame = performance.now();
  document.body.classList.add('ready');
  const search = searchBox(view, paths);
  toolbar(view, { facets, table, paths });
  keys(view, { facets, table, paths, search });
  printing(view);
  rehearse(view);
  graph.addDetail(await unpack(taken('kg-detail')));
  const address = new Address(view, { path: (from, to) => paths.show(from, to), steps: (node, count, most) => steps.show(node, count, most) });
  if (asked) address.restore();
  view.emit('detail');
  if (config.endpoint) new QueryEditor(view, config);
  if (config.events) follow(config.events);
  // For the console, and for tests.
  Object.assign(window, { kg: {
    view, graph, search, paths, facets, address, STATE, timings: view.timings,
    visible: () => visible(view),
    selected: () => selected(view),
    chosenNodes: () => chosenNodes(view),
    csvOf: (/** @type {number[]} */ nodes) => csvOf(graph, nodes),
    jsonOf: (/** @type {number[]} */ nodes) => jsonOf(graph, nodes),
    turtleOf: (/** @type {number[]} */ nodes) => turtleOf(graph, nodes),
    sparqlOf: (/** @type {number[]} */ nodes) => sparqlOf(view, nodes),
    pngOf: (/** @type {number} */ times) => pngOf(view, times),
    svgOf: () => svgOf(view),
  } });
  document.body.dataset.ready = 'true';
}

/**
 * Ask before anybody does, in the pauses of loading: an engine compiles what it has seen run, so that the first search and
 * the first filter are as quick as all others.
 * @param {View} view
 */
async function rehearse(view) {
  const { graph, index, filters } = view;
  const pause = () => new Promise((resolve) => (window.requestIdleCallback ?? setTimeout)(resolve));
  for (const label of graph.labels.slice(0, 3)) {
    const mistyped = `${label.slice(0, 1)}${label.slice(2)}x`;
    for (const ask of [() => index.find(mistyped), () => index.find(label.slice(0, 1)), () => filters.apply()]) {
      await pause();
      ask();
    }
  }
  while (!graph.detailed || index.readTexts()) await pause();
}

/**
 * The search at the top, which also lights up what it finds on the map.
 * @param {View} view
 * @param {Paths} paths
 */
function searchBox(view, paths) {
  const input = byId('search', HTMLInputElement);
  const clear = byId('search-clear');
  const box = new SearchBox(view, input, byId('results'), {
    choose: (node) => {
      input.value = '';
      clear.hidden = true;
      paths.close(false);
      view.found = null;
      view.select(node);
      byId('panel').querySelector('h2')?.focus({ preventScroll: true });
    },
    preview: (found) => {
      clear.hidden = !input.value;
      const nodes = found?.length ? new Set(found.slice(0, 5000)) : null;
      if (!nodes && !view.found) return;
      view.found = nodes;
      view.update();
    },
    sets: (wanted) => {
      input.value = '';
      clear.hidden = true;
      paths.close(false);
      view.found = null;
      view.chooseSet(wanted);
      byId('panel').querySelector('h2')?.focus({ preventScroll: true });
    },
    suggestions: () => examples(view.graph),
  });
  input.placeholder = words.counted('searchHint', view.graph.n);
  clear.addEventListener('click', () => {
    input.value = '';
    input.focus();
    box.refresh();
  });
  return box;
}

/**
 * The text of an element that is no longer needed.
 * @param {string} id
 */
function taken(id) {
  const holder = byId(id);
  holder.remove();
  return holder.textContent ?? '';
}

/**
 * Load the page again when the server says that the graph has changed.
 * @param {string} address
 */
function follow(address) {
  const stream = new EventSource(address);
  stream.addEventListener('reload', () => location.reload());
}

main().catch((error) => {
  document.body.classList.add('ready');
  const box = byId('failure');
  box.hidden = false;
  box.textContent = String(error?.message ?? error);
  throw error;
});
