// Putting the page together.

async function main() {
  const config = JSON.parse(byId('kg-config').textContent);
  words.choose(Address.early().get('lang'));
  words.translate(document);
  if (typeof DecompressionStream !== 'function') throw new Error(words.say('oldBrowser'));
  const started = performance.now();
  const graph = await Graph.load();
  view = new View(graph);
  view.timings.decoded = performance.now() - started;
  const paths = new Paths();
  const steps = new Neighbourhood();
  const panel = new Panel({
    startPath: (node) => paths.open(node),
    showSteps: (node) => steps.show(node),
  });
  const facets = new Facets();
  const table = new TableTwin();
  new Pointer({ longPress: (node) => { view.select(node, { fly: false }); steps.show(node, 1); } });
  legend(facets);
  if (location.hash.length < 2) new Welcome();
  layout();
  view.on('layout', layout);
  const covers = new ResizeObserver(layout);
  for (const id of ['welcome', 'panel', 'path', 'filters', 'legend']) covers.observe(byId(id));
  addEventListener('resize', layout);
  view.update();

  // The first picture comes before everything that a reader can only ask for later.
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  view.timings.firstFrame = performance.now();
  document.body.classList.add('ready');
  view.index = new NameIndex(graph);
  const search = searchBox(paths);
  toolbar({ facets, table, paths, panel, search });
  keys({ facets, table, paths, search });
  rehearse();
  await graph.loadDetail();
  const address = new Address({ path: (from, to) => paths.show(from, to), steps: (node, count, most) => steps.show(node, count, most) });
  if (location.hash.length > 1) address.restore();
  view.emit('detail');
  if (config.endpoint) new QueryEditor(config);
  if (config.events) follow(config.events);
  // For the console, and for tests.
  window.kg = { view, graph, search, paths, facets, address, pngOf, svgOf, csvOf, jsonOf, sparqlOf, chosenNodes, STATE, timings: view.timings };
  document.body.dataset.ready = 'true';
}

/**
 * Ask before anybody does, in the pauses of loading: an engine compiles what it has seen run, so that the first search and
 * the first filter are as quick as all others.
 */
async function rehearse() {
  const { graph, index, filters } = view;
  const pause = () => new Promise((resolve) => (window.requestIdleCallback ?? setTimeout)(resolve));
  for (const label of graph.labels.slice(0, 3)) {
    const mistyped = `${label.slice(0, 1)}${label.slice(2)}x`;
    for (const ask of [() => index.find(mistyped), () => index.find(label.slice(0, 1)), () => filters.apply()]) {
      await pause();
      ask();
    }
  }
}

function searchBox(paths) {
  const input = byId('search');
  const clear = byId('search-clear');
  const box = new SearchBox(input, byId('results'), {
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
      const nodes = found?.length ? new Set(found.slice(0, 5000).map((hit) => hit.node)) : null;
      if (!nodes && !view.found) return;
      view.found = nodes;
      view.update();
    },
    suggestions: examples,
  });
  input.placeholder = words.counted('searchHint', view.graph.n);
  clear.addEventListener('click', () => {
    input.value = '';
    input.focus();
    box.refresh();
  });
  return box;
}

/** What shapes and colours mean; each can be switched off and on. */
function legend(facets) {
  const { graph, filters } = view;
  const holder = byId('legend');
  const counts = new Uint32Array(graph.kinds.length);
  for (let i = 0; i < graph.n; i++) counts[graph.kind[i]]++;
  const rows = new Map();
  graph.kinds.forEach((_, kind) => {
    if (!counts[kind]) return;
    const row = element('button', { type: 'button', class: 'chip', 'aria-pressed': 'true', title: words.say('toggleKind') },
      kindMark(kind), element('span', { text: words.kinds(kind) }), element('span', { class: 'count', text: words.number(counts[kind]) }));
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
      row.lastChild.textContent = words.number(byKind[kind]);
    }
  });
}

function toolbar({ facets, table, paths }) {
  const on = (id, listener) => byId(id).addEventListener('click', listener);
  on('open-filters', () => facets.toggle());
  on('open-table', () => table.open());
  on('open-path', () => (byId('path').hidden ? paths.open(view.selected) : paths.close()));
  on('open-help', () => byId('help').showModal());
  on('help-close', () => byId('help').close());
  on('zoom-in', () => view.zoom(1.7));
  on('zoom-out', () => view.zoom(1 / 1.7));
  on('zoom-fit', () => view.fit());
  const menu = byId('menu');
  const opener = byId('open-menu');
  const open = (wanted) => {
    menu.hidden = !wanted;
    opener.setAttribute('aria-expanded', String(wanted));
    if (wanted) menu.querySelector('button').focus();
  };
  opener.addEventListener('click', () => open(menu.hidden));
  menu.addEventListener('keydown', (event) => {
    const items = [...menu.querySelectorAll('button')];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape') {
      open(false);
      opener.focus();
      event.stopPropagation();
    } else if (step) {
      items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
      event.preventDefault();
    }
  });
  document.addEventListener('pointerdown', (event) => {
    if (!menu.hidden && !menu.contains(event.target) && !opener.contains(event.target)) open(false);
  });
  const item = (id, action) => on(id, async () => {
    open(false);
    await action();
  });
  item('save-png', async () => download('graph.png', await pngOf(Number(byId('png-scale').value)), 'image/png'));
  item('save-svg', () => download('graph.svg', svgOf(), 'image/svg+xml'));
  item('save-csv', () => download('graph.csv', csvOf(chosenNodes()), 'text/csv;charset=utf-8'));
  item('save-json', () => download('graph.json', jsonOf(chosenNodes()), 'application/json'));
  item('copy-sparql', () => copy(sparqlOf(chosenNodes())));
  item('copy-link', () => copy(location.href));
  const themes = ['', 'light', 'dark', 'contrast'];
  byId('theme').value = document.documentElement.dataset.theme ?? '';
  byId('theme').addEventListener('change', (event) => {
    const theme = themes.includes(event.target.value) ? event.target.value : '';
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    view.retheme();
    view.emit('address');
  });
  byId('language').value = words.language;
  byId('language').addEventListener('change', (event) => {
    words.choose(event.target.value);
    view.emit('address');
    // Everything on the page is in words: it is simplest, and surest, to begin again where we are.
    setTimeout(() => location.reload(), 350);
  });
}

function keys({ facets, table, paths, search }) {
  document.addEventListener('keydown', (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? '') && document.activeElement.type !== 'checkbox';
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    if (event.key === 'Escape') {
      if (!byId('query').hidden) byId('query-close').click();
      else if (!byId('path').hidden) paths.close();
      else if (view.marked) view.mark(null, { fly: false });
      else if (view.selected >= 0) view.select(-1);
      else if (!byId('filters').hidden) facets.toggle(false);
      else return;
      if (!typing) view.focusMap();
      return;
    }
    if (typing) return;
    const action = {
      '/': () => search.input.focus(),
      f: () => facets.toggle(),
      t: () => table.open(),
      p: () => paths.open(view.selected),
      '?': () => byId('help').showModal(),
    }[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

/** Tell the camera what covers the map, so that it flies to where there is room. */
function layout() {
  const wide = innerWidth >= 720;
  const reading = document.body.classList.contains('reading');
  const side = byId('side').getBoundingClientRect();
  const filtering = !byId('filters').hidden;
  view.camera.covered = wide
    ? { left: reading ? side.right : 0, right: filtering ? 330 : 0, top: 56, bottom: 90 }
    : { left: 12, right: 62, top: 64, bottom: sheet(reading) };
  view.obstacles = [...document.querySelectorAll('.bar, #welcome, #panel, #path, #tools, #filters, #zoom, #legend .chip')]
    .map((part) => part.getBoundingClientRect())
    .filter((box) => box.width)
    .map((box) => [box.left, box.top, box.right, box.bottom]);
  view.redraw();
}

/** How much of a small screen is covered from below; what is being opened will soon be half of it. */
function sheet(reading) {
  const tops = ['panel', 'path', 'filters'].map((id) => byId(id).getBoundingClientRect()).filter((box) => box.height).map((box) => box.top);
  return Math.max(reading ? innerHeight / 2 : 0, innerHeight - Math.min(innerHeight, ...tops));
}

/** Load the page again when the server says that the graph has changed. */
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
