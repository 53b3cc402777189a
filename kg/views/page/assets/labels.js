// Names on the map: regions when far out, then hubs, then everything, and never one over another.

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans Arabic", "Noto Color Emoji", sans-serif';
const MOST_LABELS = 160;
/** Pixels of the screen that a name needs around it, so that a small screen is not all names. */
const ROOM = 7200;
const MOST_TRIED = 2500;
/** From this radius on, in pixels, a node is not written over by the name of another. */
const SEEN = 4;
const MOST_SEEN = 300;
/** Names of this many of the best-connected nodes stand out. */
const HUBS = 12;
/** Among more highlighted nodes than this, few titles of posts are written: they are long, and all are in the list. */
const MANY = 60;
const MOST_TITLES = 8;
const CELL = 48;
/** Where the name of a region may stand, in widths and heights of it from the middle of the region. */
const SHIFTS = [[0, 0], [0, -0.6], [0, 0.6], [0, -1.2], [0, 1.2], [-0.3, 0], [0.3, 0], [-0.3, -1], [0.3, 1], [0.3, -1], [-0.3, 1], [0, -1.8], [0, 1.8]];

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
    this.narrow = false;
    this.hubWeight = graph.weight[graph.byWeight[Math.min(HUBS, graph.n) - 1]] ?? 0;
  }

  resize(width, height, ratio) {
    if (this.narrow !== width < 500) {
      this.narrow = width < 500;
      this.widths.clear();
    }
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.ratio = ratio;
  }

  /** Place and draw. `only` limits names to a set of nodes, `regions` to communities; `first` come first, none on `obstacles`. */
  draw(renderer, camera, { only = null, first = [], hidden = null, regions = null, obstacles = [], context = this.context, ratio = this.ratio } = {}) {
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (context === this.context) context.clearRect(0, 0, camera.width, camera.height);
    this.only = only;
    this.boxes = new Map();
    this.shown = [];
    this.regionsShown = [];
    for (const box of obstacles) this.#take(box);
    const candidates = this.#candidates(camera, only, hidden);
    this.marks = this.#marks(renderer, camera, first, candidates);
    context.lineJoin = 'round';
    context.textBaseline = 'middle';
    for (const node of first) this.#tryNode(context, renderer, camera, node, true);
    if (!only) this.#regions(context, camera, regions);
    let tried = 0;
    let titles = 0;
    const room = Math.min(MOST_LABELS, Math.max(16, (camera.width * camera.height) / ROOM));
    const most = only ? Math.min(room, 26 + 3 * camera.zoom) : room;
    for (const node of candidates) {
      if (this.shown.length >= most || ++tried > MOST_TRIED) break;
      if (first.includes(node) || (only?.size > MANY && this.graph.isPost(node) && titles >= MOST_TITLES)) continue;
      if (this.#tryNode(context, renderer, camera, node, false) && this.graph.isPost(node)) titles++;
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

  /** The boxes of the nodes that are large enough to be seen, as a grid of their own: names keep off them where they can. */
  #marks(renderer, camera, first, candidates) {
    const { graph } = this;
    const marks = new Map();
    let count = 0;
    for (const node of [...first, ...candidates]) {
      const radius = screenRadius(renderer, camera, node);
      if (radius < SEEN) continue;
      if (++count > MOST_SEEN) break;
      const x = camera.screenX(graph.x[node]);
      const y = camera.screenY(graph.y[node]);
      this.#take([x - radius * 0.8, y - radius * 0.8, x + radius * 0.8, y + radius * 0.8], marks);
    }
    return marks;
  }

  #regions(context, camera, wanted) {
    const fade = Math.min(1, Math.max(0, (7 - camera.zoom) / 3));
    if (fade <= 0.05 || this.graph.n < 60) return;
    const largest = Math.max(...this.graph.regions.map((region) => (region.name ? region.size : 1)));
    for (const [community, region] of this.graph.regions.entries()) {
      const radius = region.r * camera.scale;
      if (!region.name || (wanted && !wanted[community]) || region.size < Math.max(4, this.graph.n / 2000) || radius < 22) continue;
      const size = (10.5 + 6.5 * Math.sqrt(region.size / largest)) * Math.min(1.2, Math.max(1, camera.zoom) ** 0.25);
      const lines = this.#titles(context, region, Math.round(this.narrow ? size * 0.9 : size));
      const width = Math.max(...lines.map((line) => line.width)) + 8;
      const height = lines.reduce((sum, line) => sum + line.size * 1.3, 0);
      const x = camera.screenX(region.x);
      const y = camera.screenY(region.y);
      const spot = this.#spot(camera, x, y, width, height, radius);
      if (!spot) continue;
      this.#take(spot);
      const tint = this.theme.region(community);
      const share = this.theme.contrast ? 1 : this.theme.dark ? 0.5 : 0.6;
      const colour = tint.map((value, i) => value * (1 - share) + this.theme.text[i] * share);
      let top = spot[1];
      for (const line of lines) {
        Object.assign(line, { x: (spot[0] + spot[2]) / 2, y: top + line.size * 0.65 });
        top += line.size * 1.3;
      }
      context.globalAlpha = fade;
      this.#write(context, lines, css(colour), 0.75);
      context.globalAlpha = 1;
      this.regionsShown.push({ community, box: spot, text: lines[0].text, lines, colour });
    }
  }

  /**
   * A region is written as maps write the name of a country: spaced capitals, in the colour of the land; below, smaller,
   * what else is typical of it. No node is written like that.
   */
  #titles(context, region, size) {
    const [title, ...rest] = plain(region.names[words.language] ?? region.name).split(' · ');
    const lines = [{ text: clip(title, 26).toLocaleUpperCase(), size, weight: 700, spacing: Math.round(size * 0.16 * 10) / 10 }];
    if (rest.length) lines.push({ text: clip(rest.join(' · '), 30), size: Math.max(10, Math.round(size * 0.78)), weight: 500, spacing: 0.5 });
    for (const line of lines) {
      this.#setFont(context, line);
      line.width = context.measureText(line.text).width;
    }
    this.#setFont(context, {});
    return lines;
  }

  /** A free box for the name of a region, on its own land: best where it covers no node that can be seen. */
  #spot(camera, x, y, width, height, radius) {
    let second = null;
    for (const [across, down] of SHIFTS) {
      if (Math.hypot(across * width, down * height) > Math.max(radius * 0.8, height * 0.7)) continue;
      const left = x - width / 2 + across * width;
      const top = y - height / 2 + down * height;
      const box = [left, top, left + width, top + height];
      if (left < 2 || box[2] > camera.width - 2 || top < 2 || box[3] > camera.height - 2 || !this.#free(box)) continue;
      if (this.#free(box, this.marks)) return box;
      second ??= box;
    }
    return second;
  }

  #setFont(context, { size = 12, weight = 400, spacing = 0 }) {
    context.font = `${weight} ${size}px ${FONT}`;
    if ('letterSpacing' in context) context.letterSpacing = `${spacing}px`;
  }

  #write(context, lines, colour, halo) {
    context.textAlign = 'center';
    context.lineWidth = 3.5;
    context.strokeStyle = css(this.theme.background, halo);
    context.fillStyle = colour;
    for (const line of lines) {
      this.#setFont(context, line);
      // Space is set after the last letter as well.
      context.strokeText(line.text, line.x + (line.spacing ?? 0) / 2, line.y);
      context.fillText(line.text, line.x + (line.spacing ?? 0) / 2, line.y);
    }
    this.#setFont(context, {});
  }

  #tryNode(context, renderer, camera, node, forced) {
    const { graph, theme } = this;
    const x = camera.screenX(graph.x[node]);
    const y = camera.screenY(graph.y[node]);
    const radius = screenRadius(renderer, camera, node);
    const hub = graph.weight[node] >= this.hubWeight && !graph.isPost(node);
    const size = forced ? 14 : hub && radius > 8 ? 13 : radius > 8 ? 12.5 : 11.5;
    const weight = forced || hub ? 600 : 400;
    const { text, width: unit } = this.#measure(context, node, weight);
    if (!text) return false;
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
      if (!inside || !this.#free(box) || !(forced || this.#free(box, this.marks))) continue;
      this.#take(box);
      const label = { node, box, text, x: cx, y: cy, size, weight, quiet: graph.isPost(node) && !this.only };
      this.#write(context, [label], css(label.quiet ? theme.quiet : theme.text), 0.85);
      this.shown.push(label);
      return true;
    }
    return false;
  }

  #measure(context, node, weight) {
    const key = 2 * node + (weight > 400 ? 1 : 0);
    let held = this.widths.get(key);
    if (!held) {
      const longest = this.graph.isPost(node) ? (this.narrow ? 16 : 24) : this.narrow ? 22 : 34;
      const text = clip(plain(this.graph.nameIn(node, words.language)), longest);
      this.#setFont(context, { weight });
      held = { text, width: context.measureText(text).width };
      this.widths.set(key, held);
    }
    return held;
  }

  #cells(box, visit) {
    for (let row = Math.floor(box[1] / CELL); row <= Math.floor(box[3] / CELL); row++) {
      for (let column = Math.floor(box[0] / CELL); column <= Math.floor(box[2] / CELL); column++) visit(row * 4096 + column);
    }
  }

  #free(box, boxes = this.boxes) {
    let free = true;
    this.#cells(box, (cell) => {
      for (const other of boxes.get(cell) ?? []) {
        if (box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]) free = false;
      }
    });
    return free;
  }

  #take(box, boxes = this.boxes) {
    this.#cells(box, (cell) => {
      if (!boxes.has(cell)) boxes.set(cell, []);
      boxes.get(cell).push(box);
    });
  }
}
