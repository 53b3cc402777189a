// Names on the map: regions when far out, then hubs, then everything, and never one over another.

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans Arabic", "Noto Color Emoji", sans-serif';
const MOST_LABELS = 160;
const MOST_TRIED = 2500;
const CELL = 48;

/** Nodes by place, for names and for pointing: a grid over the map, every cell sorted by importance. */
class Places {
  constructor(graph, size = 128) {
    this.graph = graph;
    this.size = size;
    const cells = new Uint32Array(graph.n);
    this.start = new Uint32Array(size * size + 1);
    for (let i = 0; i < graph.n; i++) {
      cells[i] = this.#cell(graph.y[i]) * size + this.#cell(graph.x[i]);
      this.start[cells[i] + 1]++;
    }
    for (let c = 0; c < size * size; c++) this.start[c + 1] += this.start[c];
    const next = this.start.slice();
    this.nodes = new Uint32Array(graph.n);
    for (let i = 0; i < graph.n; i++) this.nodes[next[cells[i]]++] = i;
  }

  #cell(value) {
    return Math.min(this.size - 1, Math.max(0, Math.floor(((value + 1.1) / 2.2) * this.size)));
  }

  /** Call `visit` for every node in a rectangle of the map (and some just outside). */
  within(left, bottom, right, top, visit) {
    const lastRow = this.#cell(top);
    const firstColumn = this.#cell(left);
    const lastColumn = this.#cell(right);
    for (let row = this.#cell(bottom); row <= lastRow; row++) {
      const from = this.start[row * this.size + firstColumn];
      const until = this.start[row * this.size + lastColumn + 1];
      for (let k = from; k < until; k++) visit(this.nodes[k]);
    }
  }
}

class Labels {
  constructor(canvas, graph, theme, places) {
    this.canvas = canvas;
    this.context = canvas.getContext('2d');
    this.graph = graph;
    this.theme = theme;
    this.places = places;
    this.widths = new Map();
    this.shown = [];
    this.regionsShown = [];
    this.ratio = 1;
  }

  resize(width, height, ratio) {
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.ratio = ratio;
  }

  /** Place and draw. `only` limits names to a set of nodes, `first` come before all others, none on `obstacles`. */
  draw(renderer, camera, { only = null, first = [], hidden = null, obstacles = [], context = this.context, ratio = this.ratio } = {}) {
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (context === this.context) context.clearRect(0, 0, camera.width, camera.height);
    this.boxes = new Map();
    this.shown = [];
    this.regionsShown = [];
    for (const box of obstacles) this.#take(box);
    context.lineJoin = 'round';
    context.textBaseline = 'middle';
    for (const node of first) this.#tryNode(context, renderer, camera, node, true);
    if (!only) this.#regions(context, camera);
    let tried = 0;
    const most = only ? Math.min(MOST_LABELS, 26 + 3 * camera.zoom) : MOST_LABELS;
    for (const node of this.#candidates(camera, only, hidden)) {
      if (this.shown.length >= most || ++tried > MOST_TRIED) break;
      if (!first.includes(node)) this.#tryNode(context, renderer, camera, node, false);
    }
    return this.shown;
  }

  /** Nodes that may be named at this zoom, the most important first. */
  #candidates(camera, only, hidden) {
    const { graph } = this;
    const left = camera.mapX(0);
    const right = camera.mapX(camera.width);
    const bottom = camera.mapY(camera.height);
    const top = camera.mapY(0);
    const inSight = (i) =>
      graph.x[i] >= left && graph.x[i] <= right && graph.y[i] >= bottom && graph.y[i] <= top && (!hidden || hidden[i] !== 0);
    const heavier = (a, b) => graph.weight[b] - graph.weight[a] || a - b;
    if (only) return [...only].filter(inSight).sort(heavier);
    const rank = graph.n < 300 ? graph.n : Math.min(graph.n, 14 * Math.pow(Math.max(camera.zoom, 0.5), 2.3));
    const least = graph.weight[graph.byWeight[Math.min(graph.n - 1, Math.floor(rank))]] ?? 0;
    const found = [];
    if (camera.zoom < 6) {
      for (let k = 0; k < rank && found.length < MOST_TRIED; k++) if (inSight(graph.byWeight[k])) found.push(graph.byWeight[k]);
      return found;
    }
    this.places.within(left, bottom, right, top, (i) => {
      if (graph.weight[i] >= least && inSight(i)) found.push(i);
    });
    return found.sort(heavier);
  }

  #regions(context, camera) {
    const fade = Math.min(1, Math.max(0, (7 - camera.zoom) / 3));
    if (fade <= 0.05 || this.graph.n < 60) return;
    for (const [community, region] of this.graph.regions.entries()) {
      const radius = region.r * camera.scale;
      if (!region.name || region.size < Math.max(4, this.graph.n / 2000) || radius < 22) continue;
      const size = Math.round(Math.min(22, Math.max(12.5, 9 + radius / 14)));
      const text = clip(plain(region.names[words.language] ?? region.name), 28);
      context.font = `650 ${size}px ${FONT}`;
      if ('letterSpacing' in context) context.letterSpacing = '0.4px';
      const width = context.measureText(text).width + 6;
      const x = camera.screenX(region.x);
      const y = camera.screenY(region.y);
      for (const shift of [0, -size * 1.3, size * 1.3, -size * 2.6, size * 2.6]) {
        const box = [x - width / 2, y + shift - size * 0.68, x + width / 2, y + shift + size * 0.68];
        if (box[0] < 2 || box[2] > camera.width - 2 || box[1] < 2 || box[3] > camera.height - 2 || !this.#free(box)) continue;
        this.#take(box);
        const tint = this.theme.region(community);
        const mix = (a, b, share) => a.map((v, i) => v * (1 - share) + b[i] * share);
        const colour = mix(tint, this.theme.text, this.theme.contrast ? 1 : this.theme.dark ? 0.55 : 0.62);
        context.globalAlpha = fade;
        context.textAlign = 'center';
        context.lineWidth = 4;
        context.strokeStyle = css(this.theme.background, 0.8);
        context.strokeText(text, x, y + shift);
        context.fillStyle = css(colour);
        context.fillText(text, x, y + shift);
        context.globalAlpha = 1;
        this.regionsShown.push({ community, box, text, x, y: y + shift, size, colour });
        break;
      }
      if ('letterSpacing' in context) context.letterSpacing = '0px';
    }
  }

  #tryNode(context, renderer, camera, node, forced) {
    const { graph, theme } = this;
    const x = camera.screenX(graph.x[node]);
    const y = camera.screenY(graph.y[node]);
    const radius = screenRadius(renderer, camera, node);
    const size = forced ? 14 : radius > 14 ? 14 : radius > 8 ? 13 : 11.5;
    const { text, width: unit } = this.#measure(context, node);
    if (!text) return;
    const width = (unit * size) / 12 + 6;
    const height = size * 1.3;
    const gap = radius + 3;
    const places = [
      [x + gap + width / 2, y],
      [x, y + gap + height / 2 - 1],
      [x - gap - width / 2, y],
      [x, y - gap - height / 2 + 1],
    ];
    for (const [cx, cy] of places) {
      const box = [cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2];
      const inside = box[0] >= 0 && box[2] <= camera.width && box[1] >= 0 && box[3] <= camera.height;
      if (!inside || !this.#free(box)) continue;
      this.#take(box);
      context.font = `${forced ? 650 : radius > 8 ? 550 : 400} ${size}px ${FONT}`;
      context.textAlign = 'center';
      context.lineWidth = 3.5;
      context.strokeStyle = css(theme.background, 0.85);
      context.strokeText(text, cx, cy);
      context.fillStyle = css(theme.text);
      context.fillText(text, cx, cy);
      this.shown.push({ node, box, text, x: cx, y: cy, size });
      return;
    }
  }

  #measure(context, node) {
    let held = this.widths.get(node);
    if (!held) {
      const text = clip(plain(this.graph.nameIn(node, words.language)), this.graph.isPost(node) ? 24 : 34);
      context.font = `550 12px ${FONT}`;
      held = { text, width: context.measureText(text).width };
      this.widths.set(node, held);
    }
    return held;
  }

  #cells(box, visit) {
    for (let row = Math.floor(box[1] / CELL); row <= Math.floor(box[3] / CELL); row++) {
      for (let column = Math.floor(box[0] / CELL); column <= Math.floor(box[2] / CELL); column++) visit(row * 4096 + column);
    }
  }

  #free(box) {
    let free = true;
    this.#cells(box, (cell) => {
      for (const other of this.boxes.get(cell) ?? []) {
        if (box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]) free = false;
      }
    });
    return free;
  }

  #take(box) {
    this.#cells(box, (cell) => {
      if (!this.boxes.has(cell)) this.boxes.set(cell, []);
      this.boxes.get(cell).push(box);
    });
  }
}
