// What is on the screen: the map, what is chosen and highlighted on it, and the loop that draws it.

let view = null;

const RESTS_AFTER = 150;
const COMPANY = 30;

class View {
  constructor(graph) {
    this.graph = graph;
    this.map = byId('map');
    this.theme = new Theme(graph.kinds);
    this.camera = new Camera();
    this.camera.bounds = extent(graph);
    Camera.NEAREST = Math.min(Math.max(Math.sqrt(graph.n) * 0.5, 8), 200);
    this.places = new Places(graph);
    this.filters = new Filters(graph);
    /** What passes the filters, as they say it; and what does when there are none. */
    this.visible = this.whole = this.filters.apply();
    this.labels = new Labels(byId('names'), graph, this.theme, this.places);
    this.renderer = this.#renderer();
    this.selected = -1;
    /** What most often appears with the chosen thing. */
    this.company = [];
    this.hovered = -1;
    /** What is highlighted beside the selection: {nodes: Set, path: [node …] or null, reason} or null. */
    this.marked = null;
    this.found = null;
    this.listeners = {};
    /** What lies over the map, as boxes; no name is put under it. */
    this.obstacles = [];
    this.lastMove = -Infinity;
    this.timings = {};
    this.resize();
    this.camera.jump(this.camera.viewOf(this.camera.bounds, 1));
    new ResizeObserver(() => this.resize()).observe(this.map);
    for (const query of ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(forced-colors: active)']) {
      matchMedia(query).addEventListener('change', () => this.retheme());
    }
  }

  #renderer() {
    const canvas = byId('drawing');
    let renderer;
    try {
      if (new URLSearchParams(location.search).has('flat')) throw new Error('asked for');
      renderer = new Renderer(canvas, this.graph, this.theme, this.whole);
    } catch {
      const plainCanvas = canvas.cloneNode();
      canvas.replaceWith(plainCanvas);
      renderer = new FlatRenderer(plainCanvas, this.graph, this.theme, this.whole);
      if (this.graph.n > FLAT_NODES) setTimeout(() => toast(words.say('flat', { n: words.number(FLAT_NODES) })), 800);
    }
    renderer.onrestored = () => this.redraw();
    return renderer;
  }

  on(type, listener) {
    (this.listeners[type] ??= []).push(listener);
  }

  emit(type, detail) {
    for (const listener of this.listeners[type] ?? []) listener(detail);
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.map;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    this.camera.resize(width, height);
    this.renderer.resize(width, height, ratio);
    this.labels.resize(width, height, ratio);
    this.redraw();
  }

  retheme() {
    this.theme.read();
    this.renderer.setTheme();
    this.update();
    this.emit('theme');
  }

  // What is chosen.

  /** Choose a node (-1: none), and go there unless told not to. */
  select(node, { fly = true } = {}) {
    if (node === this.selected && !this.marked) {
      if (fly && node >= 0) this.flyTo([node]);
      return;
    }
    this.selected = node;
    this.company = node < 0 || this.graph.isPost(node) ? [] : this.#company(node);
    this.marked = null;
    this.hovered = -1;
    this.emit('select', node);
    this.update();
    if (node >= 0) {
      announce(words.counted('chosen', this.graph.degree[node], { name: this.graph.labels[node], kind: words.kind(this.graph.kind[node]) }));
      if (fly) this.flyTo([node, ...this.neighbours(node).slice(0, 60)], node);
    }
    this.emit('address');
  }

  /** Highlight a set of nodes, or a path through them; null ends it. */
  mark(marked, { fly = true } = {}) {
    this.marked = marked;
    this.emit('marked');
    this.update();
    if (marked && fly && marked.nodes.size) this.flyTo([...marked.nodes].slice(0, 4000));
    this.emit('address');
  }

  #company(node) {
    const { graph } = this;
    const told = new Set(['person', 'organization', 'product', 'work'].map((name) => graph.kindNumber.get(name)));
    return [...companions(graph, node)]
      .filter(([other, count]) => told.has(graph.kind[other]) && count > 1 && this.visible.nodes[other])
      .sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .slice(0, COMPANY)
      .map(([other]) => other);
  }

  neighbours(node) {
    const { graph } = this;
    const found = new Set();
    for (const edge of graph.edgesAt(node)) found.add(graph.other(edge, node));
    found.delete(node);
    return [...found].filter((other) => this.visible.nodes[other]);
  }

  applyFilters() {
    const start = performance.now();
    this.visible = this.filters.apply();
    const all = this.filters.active === 0;
    this.renderer.setVisible((this.filters.hide ? this.visible : this.whole).nodes, this.visible.edges, !all);
    this.update();
    this.timings.filter = performance.now() - start;
    this.emit('filters', this.visible);
    this.emit('address');
  }

  /** The nodes that are highlighted now, or null. */
  highlighted() {
    if (this.marked) return this.marked.nodes;
    if (this.found) return this.found;
    if (this.selected >= 0) return new Set([this.selected, ...this.neighbours(this.selected), ...this.company]);
    return null;
  }

  /** Bring states and strokes in line with what is chosen. */
  update() {
    const { graph, filters } = this;
    const states = new Uint8Array(graph.n);
    const highlighted = this.highlighted();
    const rest = highlighted ? STATE.dimmed : STATE.plain;
    if (filters.active) {
      const outside = filters.hide ? STATE.hidden : STATE.faded;
      for (let i = 0; i < graph.n; i++) states[i] = this.visible.nodes[i] ? rest : outside;
    } else states.fill(rest);
    if (highlighted) for (const node of highlighted) if (states[node] !== STATE.hidden || this.marked?.path) states[node] = STATE.marked;
    if (this.selected >= 0) states[this.selected] = STATE.chosen;
    this.only = highlighted;
    this.states = states;
    this.renderer.setStates(states, highlighted !== null);
    this.renderer.setStrokes(this.#strokes(highlighted));
    this.redraw();
  }

  #strokes(highlighted) {
    const { graph, theme } = this;
    const strokes = [];
    const add = (from, to, alpha, width, colour) => strokes.push({ from, to, alpha, width, colour });
    if (this.marked?.path) {
      const { path } = this.marked;
      for (let i = 1; i < path.length; i++) add(path[i - 1], path[i], 1, 3.5, theme.accent);
    } else if (this.marked) {
      const { nodes } = this.marked;
      const alpha = Math.max(0.12, Math.min(0.6, 60 / nodes.size));
      for (const node of nodes) {
        for (const edge of graph.edgesAt(node)) {
          if (graph.source[edge] !== node || !nodes.has(graph.target[edge]) || strokes.length > 30_000) continue;
          add(node, graph.target[edge], alpha, 1.2, theme.ofKind[graph.kind[graph.target[edge]]]);
        }
      }
    } else {
      const centre = this.selected >= 0 ? this.selected : this.found ? -1 : this.hovered;
      if (centre >= 0) {
        const near = this.neighbours(centre);
        const alpha = (this.selected >= 0 ? 1 : 0.6) * Math.max(0.16, Math.min(0.75, 40 / near.length));
        for (const other of near.slice(0, 5000)) add(centre, other, alpha, 1.4, theme.ofKind[graph.kind[other]]);
      }
    }
    return strokes;
  }

  hover(node) {
    if (node === this.hovered) return;
    this.hovered = node;
    this.map.classList.toggle('pointing', node >= 0);
    if (this.selected < 0 && !this.marked && !this.found) this.renderer.setStrokes(this.#strokes(null));
    this.redraw();
  }

  /** The node under a point of the screen, or -1. */
  nodeAt(x, y, reach = 6) {
    const { camera, graph, renderer } = this;
    const most = MOST_RADIUS + reach;
    let best = -1;
    let bestDistance = Infinity;
    const consider = (node) => {
      const state = this.states[node];
      if (state === STATE.hidden || state === STATE.faded) return;
      const distance = Math.hypot(camera.screenX(graph.x[node]) - x, camera.screenY(graph.y[node]) - y);
      const radius = screenRadius(renderer, camera, node);
      if (distance > radius + reach) return;
      const rank = distance - radius - (state >= STATE.marked ? 6 : state === STATE.dimmed ? -3 : 0);
      if (rank < bestDistance) {
        bestDistance = rank;
        best = node;
      }
    };
    this.places.within(camera.mapX(x - most), camera.mapY(y + most), camera.mapX(x + most), camera.mapY(y - most), consider);
    if (best >= 0) return best;
    const label = this.labels.shown.find(({ box }) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3]);
    return label ? label.node : -1;
  }

  regionAt(x, y) {
    return this.labels.regionsShown.find(({ box }) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3])?.community ?? -1;
  }

  // Where we look.

  flyTo(nodes, centre = -1) {
    const { graph, camera } = this;
    if (!nodes.length) return;
    const box = extent(graph, nodes);
    if (centre >= 0) {
      // Keep the chosen node in the middle, and look no further than most of its neighbours.
      const reach = nodes.map((node) => Math.hypot(graph.x[node] - graph.x[centre], graph.y[node] - graph.y[centre])).sort((a, b) => a - b);
      const half = Math.max(reach[Math.floor(reach.length * 0.7)] ?? 0, 0.02);
      Object.assign(box, { x: graph.x[centre], y: graph.y[centre], halfWidth: half, halfHeight: half });
    }
    box.halfWidth = Math.max(box.halfWidth * 1.15, 0.012);
    box.halfHeight = Math.max(box.halfHeight * 1.15, 0.012);
    camera.fly(camera.viewOf(box, graph.n < 400 ? 3 : 60));
    this.moved();
  }

  fit() {
    this.camera.fly(this.camera.viewOf(this.camera.bounds, 1.2));
    this.moved();
  }

  zoom(factor, x, y) {
    this.camera.zoomAt(factor, x, y);
    this.moved();
  }

  pan(dx, dy) {
    this.camera.pan(dx, dy);
    this.moved();
  }

  /** The camera has moved, or is about to. */
  moved() {
    this.lastMove = performance.now();
    this.redraw();
    this.emit('camera');
  }

  focusMap() {
    this.map.focus({ preventScroll: true });
  }

  redraw() {
    if (!this.frame) this.frame = requestAnimationFrame((now) => this.#draw(now));
  }

  #draw(now) {
    this.frame = 0;
    const start = performance.now();
    const travelling = this.camera.advance(now);
    if (travelling) this.lastMove = now;
    const moving = travelling || performance.now() - this.lastMove < RESTS_AFTER;
    const more = this.renderer.draw(this.camera, moving);
    this.drawLabels();
    this.timings.frame = performance.now() - start;
    this.settled = !moving && !more;
    if (moving || more) this.redraw();
    if (this.wasMoving && !moving) this.emit('rest');
    this.wasMoving = moving;
  }

  drawLabels(options = {}) {
    const first = this.marked?.path ? [...this.marked.path] : [];
    if (this.selected >= 0 && !first.includes(this.selected)) first.push(this.selected);
    if (this.hovered >= 0 && !first.includes(this.hovered)) first.unshift(this.hovered);
    const { active } = this.filters;
    const hidden = active ? this.visible.nodes : null;
    const regions = active ? this.visible.communities : null;
    return this.labels.draw(this.renderer, this.camera, { only: this.only, first, hidden, regions, obstacles: this.obstacles, ...options });
  }

  /** Nodes that are shown within the picture, the most important first. */
  inSight() {
    const { camera, graph } = this;
    const found = [];
    this.places.within(camera.mapX(0), camera.mapY(camera.height), camera.mapX(camera.width), camera.mapY(0), (node) => {
      const state = this.states[node];
      if (state === STATE.hidden || state === STATE.faded) return;
      const x = camera.screenX(graph.x[node]);
      const y = camera.screenY(graph.y[node]);
      if (x >= 0 && y >= 0 && x <= camera.width && y <= camera.height) found.push(node);
    });
    return found.sort((a, b) => a - b);
  }
}

/** The rectangle around nodes (all, by default), leaving out the few that stray farthest. */
function extent(graph, nodes = null) {
  const count = nodes ? nodes.length : graph.n;
  if (!count) return { x: 0, y: 0, halfWidth: 1, halfHeight: 1 };
  const [left, right] = bounds(graph.x, nodes, count);
  const [bottom, top] = bounds(graph.y, nodes, count);
  return { x: (left + right) / 2, y: (bottom + top) / 2, halfWidth: Math.max((right - left) / 2, 0.01), halfHeight: Math.max((top - bottom) / 2, 0.01) };
}

function bounds(values, nodes, count) {
  const sorted = nodes ? Float32Array.from(nodes, (node) => values[node]) : values.slice();
  sorted.sort();
  const spare = count > 2000 ? Math.floor(count * 0.002) : 0;
  return [sorted[spare], sorted[count - 1 - spare]];
}
