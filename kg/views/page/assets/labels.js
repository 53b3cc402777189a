// Names on the map: regions when far out, then hubs, then everything, and never one over another.

import { Boxes, overlap } from './boxes.js';
import { css, mixed } from './colours.js';
import { planeOf } from './dom.js';
import { ownerAt } from './land.js';
import { screenRadius } from './sizes.js';
import { clip, plain } from './text.js';
import { words } from './words.js';

/**
 * @import { Box } from './boxes.js'
 * @import { Camera } from './camera.js'
 * @import { Colour } from './colours.js'
 * @import { Graph, Region } from './graph.js'
 * @import { Group } from './groups.js'
 * @import { Land } from './land.js'
 * @import { Places } from './places.js'
 * @import { Point } from './shapes.js'
 * @import { Theme } from './theme.js'
 */

export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans Arabic", "Noto Color Emoji", sans-serif';
const MOST_LABELS = 160;
/** Pixels of the screen that a name needs around it, so that a small screen is not all names. */
const ROOM = 7200;
/** So many nodes are tried for names at zoom 1 and farther out. */
const NAMED = 30;
/** So many nodes at most are looked at for names. */
const MOST_TRIED = 2500;
/** From this radius on, in pixels, a node is not written over by the name of another. */
const SEEN = 4;
const MOST_SEEN = 300;
/** Names of this many of the best-connected nodes stand out, and those of regions keep off them: fewer where there is no room for so many times more. */
const HUBS = 12;
const LEAD = 5;
/** Among more highlighted nodes than this, few titles of posts are written: they are long, and all are in the list. */
const MANY = 60;
const MOST_TITLES = 8;
/**
 * Where the name of a region may stand, in widths and heights of it from the middle of the region.
 * @type {Point[]}
 */
const SHIFTS = [0, -0.6, 0.6, -1.2, 1.2, -1.8, 1.8].flatMap((down) => [0, -0.2, 0.2, -0.4, 0.4].map((across) => /** @type {Point} */ ([across, down])));

/** Characters of the first part of a region's name, and of one line of it. */
const LONGEST_TITLE = 34;
const LONGEST_LINE = 15;
/** A name is looked at in so many parts: each that lies on the land of another region is as bad as standing so far away, in pixels. */
const PARTS = 6;
const ABROAD = 30;
/** From this zoom on a name may stand on the land of others, where its own region has hardly any. */
const NEAR = 2;

/** @typedef {{ radius: Float32Array, land: Land }} Sized what knows how large nodes are, and whose land is where */

/**
 * A line of text on the map.
 * @typedef {object} Line
 * @property {string} text
 * @property {number} x its middle, in pixels of the screen
 * @property {number} y
 * @property {number} size in pixels
 * @property {number} weight of the font
 * @property {number} [spacing] between letters, in pixels
 */

/** @typedef {Line & { width: number }} Wide a line, and how wide it is in pixels */

/**
 * The name of a node as it was drawn; `quiet`: it steps back.
 * @typedef {Line & { node: number, box: Box, quiet: boolean }} Label
 */

/**
 * The name of a region as it was drawn.
 * @typedef {object} RegionLabel
 * @property {number} community
 * @property {Box} box
 * @property {Line[]} lines
 * @property {Colour} colour
 */

/**
 * What is named, and where it is drawn.
 * @typedef {object} LabelOptions
 * @property {Set<number> | null} [only] no nodes but these
 * @property {number[]} [first] nodes that come first
 * @property {number} [pointed] the node that is pointed at, or -1: its name is written whatever lies there, and moves no other
 * @property {number} [within] the chosen region, or -1: of nodes only its own are named
 * @property {number} [under] the region that is pointed at, or -1: its name is underlined
 * @property {Uint8Array | null} [hidden] 0 for nodes that are not shown; null: all are
 * @property {Uint8Array | null} [regions] 0 for communities that are not shown
 * @property {Box[]} [obstacles] no name is put on these
 * @property {Group[]} [groups] of posts, drawn as one each
 * @property {Point[]} [outline] of an area, in map coordinates
 * @property {CanvasRenderingContext2D} [context]
 * @property {number} [ratio] pixels of the drawing for one of the screen
 */

export class Labels {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Graph} graph
   * @param {Theme} theme
   * @param {Places} places
   */
  constructor(canvas, graph, theme, places) {
    this.canvas = canvas;
    this.context = planeOf(canvas);
    this.graph = graph;
    this.theme = theme;
    this.places = places;
    /** @type {Map<number, { text: string, width: number }>} names as they are written, and how wide at 12 pixels */
    this.widths = new Map();
    /** @type {Label[]} the names of nodes that were drawn last */
    this.shown = [];
    /** @type {RegionLabel[]} and those of regions */
    this.regionsShown = [];
    /** @type {{ community: number, box: Box }[]} and groups of posts */
    this.groupsShown = [];
    /** @type {Set<number> | null} the nodes that may be named; null: all */
    this.only = null;
    /** What is written so far, and what nothing is written on. */
    this.boxes = new Boxes();
    /** Nodes that can be seen. */
    this.marks = new Boxes();
    this.ratio = 1;
    /** Whether the screen is as wide as a hand. */
    this.narrow = false;
  }

  /**
   * Set the size of the drawing, in CSS pixels, and how many pixels of the canvas make one.
   * @param {number} width
   * @param {number} height
   * @param {number} ratio
   */
  resize(width, height, ratio) {
    if (this.narrow !== width < 500) {
      this.narrow = width < 500;
      this.widths.clear();
    }
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.ratio = ratio;
  }

  /**
   * Place and draw the names of nodes and regions.
   * @param {Sized} renderer
   * @param {Camera} camera
   * @param {LabelOptions} options
   * @returns {Label[]} those of nodes
   */
  draw(renderer, camera, { only = null, first = [], pointed = -1, within = -1, under = -1, hidden = null, regions = null, obstacles = [], groups = [], outline = [], context = this.context, ratio = this.ratio } = {}) {
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (context === this.context) context.clearRect(0, 0, camera.width, camera.height);
    this.only = only;
    this.boxes = new Boxes(obstacles);
    this.shown = [];
    this.regionsShown = [];
    this.groupsShown = [];
    const inSight = this.#candidates(camera, only, hidden);
    const candidates = inSight.filter((node) => only || within < 0 || this.graph.community[node] === within);
    this.marks = this.#marks(renderer, camera, first, inSight);
    context.lineJoin = 'round';
    if (outline.length) this.#outline(context, camera, outline);
    context.textBaseline = 'middle';
    for (const node of first) this.#tryNode(context, renderer, camera, node, true);
    for (const group of groups) this.#group(context, camera, group);
    const room = Math.min(MOST_LABELS, Math.max(16, (camera.width * camera.height) / ROOM));
    if (!only) {
      // Everyone looks for these first, and the name of a region has more places to stand.
      const hubs = candidates.filter((node) => !this.graph.isPost(node)).slice(0, Math.min(HUBS, room / LEAD));
      const wishes = hubs.flatMap((node) => this.#place(context, renderer, camera, node, false) ?? []);
      this.#regions(context, renderer.land, camera, regions, within, under, new Boxes(wishes.map(({ box }) => box)));
    }
    let tried = 0;
    let titles = 0;
    const most = only ? Math.min(room, 26 + 3 * camera.zoom) : room;
    for (const node of candidates) {
      if (this.shown.length >= most || ++tried > MOST_TRIED) break;
      if (first.includes(node) || (only && only.size > MANY && this.graph.isPost(node) && titles >= MOST_TITLES)) continue;
      if (this.#tryNode(context, renderer, camera, node, false) && this.graph.isPost(node)) titles++;
    }
    if (pointed >= 0) this.#point(context, renderer, camera, pointed);
    return this.shown;
  }

  /**
   * Nodes that may be named at this zoom, the most important first.
   * @param {Camera} camera
   * @param {Set<number> | null} only
   * @param {Uint8Array | null} hidden
   */
  #candidates(camera, only, hidden) {
    const { graph } = this;
    const left = camera.mapX(0);
    const right = camera.mapX(camera.width);
    const bottom = camera.mapY(camera.height);
    const top = camera.mapY(0);
    const inSight = (/** @type {number} */ i) =>
      graph.x[i] >= left && graph.x[i] <= right && graph.y[i] >= bottom && graph.y[i] <= top && hidden?.[i] !== 0;
    const inOrder = (/** @type {number} */ a, /** @type {number} */ b) => graph.place[a] - graph.place[b];
    if (only) return [...only].filter(inSight).sort(inOrder);
    const rank = graph.n < 300 ? graph.n : Math.min(graph.n, NAMED * Math.pow(Math.max(camera.zoom, 1), 2.3));
    /** @type {number[]} */
    const found = [];
    if (camera.zoom < 6) {
      for (let k = 0; k < rank && found.length < MOST_TRIED; k++) if (inSight(graph.order[k])) found.push(graph.order[k]);
      return found;
    }
    this.places.within(left, bottom, right, top, (i) => {
      if (graph.place[i] < rank && inSight(i)) found.push(i);
    });
    return found.sort(inOrder);
  }

  /**
   * The boxes of the nodes that are large enough to be seen, as a grid of their own: names keep off them where they can.
   * @param {Sized} renderer
   * @param {Camera} camera
   * @param {number[]} first
   * @param {number[]} candidates
   */
  #marks(renderer, camera, first, candidates) {
    const { graph } = this;
    const marks = new Boxes();
    let count = 0;
    for (const node of [...first, ...candidates]) {
      const radius = screenRadius(renderer, camera, node);
      if (radius < SEEN) continue;
      if (++count > MOST_SEEN) break;
      const x = camera.screenX(graph.x[node]);
      const y = camera.screenY(graph.y[node]);
      marks.take([x - radius * 0.8, y - radius * 0.8, x + radius * 0.8, y + radius * 0.8]);
    }
    return marks;
  }

  /**
   * Draw the outline of an area.
   * @param {CanvasRenderingContext2D} context
   * @param {Camera} camera
   * @param {Point[]} outline
   */
  #outline(context, camera, outline) {
    context.beginPath();
    for (const [x, y] of outline) context.lineTo(camera.screenX(x), camera.screenY(y));
    context.closePath();
    context.fillStyle = css(this.theme.accent, 0.07);
    context.fill();
    context.setLineDash([6, 4]);
    context.lineWidth = 1.5;
    context.strokeStyle = css(this.theme.accent);
    context.stroke();
    context.setLineDash([]);
  }

  /**
   * Draw a group of posts as one square, with how many they are; open, as a small one that closes it.
   * @param {CanvasRenderingContext2D} context
   * @param {Camera} camera
   * @param {Group} group
   */
  #group(context, camera, { community, at, posts, open }) {
    const { graph, theme } = this;
    const text = open ? '−' : words.number(posts.length);
    const font = { size: 12, weight: 650 };
    this.#setFont(context, font);
    const half = open ? 12 : Math.max(12, 7 + 3 * Math.log10(posts.length) ** 1.5);
    const across = Math.max(half, context.measureText(text).width / 2 + 6);
    const [x, y] = [camera.screenX(graph.x[at]), camera.screenY(graph.y[at])];
    /** @type {Box} */
    const box = [x - across, y - half, x + across, y + half];
    if (box[2] < 0 || box[0] > camera.width || box[3] < 0 || box[1] > camera.height || !this.boxes.free(box)) return;
    context.beginPath();
    context.roundRect(box[0], box[1], 2 * across, 2 * half, 5);
    context.fillStyle = css(mixed(theme.ofKind[graph.post], theme.background, 0.72));
    context.fill();
    context.lineWidth = 1.5;
    context.strokeStyle = css(theme.ofKind[graph.post]);
    context.stroke();
    this.#write(context, [{ text, x, y: y + 0.5, ...font }], css(theme.text), 0);
    this.boxes.take(box);
    this.groupsShown.push({ community, box });
  }

  /**
   * Write the names of regions: less the nearer one is, and without their second part where there is no room for it.
   * @param {CanvasRenderingContext2D} context
   * @param {Land} land
   * @param {Camera} camera
   * @param {Uint8Array | null} wanted
   * @param {number} chosen
   * @param {number} under
   * @param {Boxes} wishes where names of nodes would like to stand
   */
  #regions(context, land, camera, wanted, chosen, under, wishes) {
    const fade = Math.min(1, Math.max(0, (7 - camera.zoom) / 3));
    if (fade <= 0.05 || this.graph.n < 60) return;
    const largest = Math.max(...this.graph.regions.map((region) => (region.name ? region.size : 1)));
    for (const [community, region] of this.graph.regions.entries()) {
      const radius = region.r * camera.scale;
      if (!region.name || wanted?.[community] === 0 || region.size < Math.max(4, this.graph.n / 2000) || radius < 22) continue;
      const size = (10.5 + 6.5 * Math.sqrt(region.size / largest)) * Math.min(1.2, Math.max(1, camera.zoom) ** 0.25);
      const [title, rest] = this.#titles(context, region, Math.round(this.narrow ? size * 0.9 : size));
      const spotFor = (/** @type {Wide[]} */ lines) => this.#spot(land, camera, community, lines, radius, wishes);
      const whole = spotFor([...title, ...rest]);
      const spot = whole ?? (rest.length ? spotFor(title) : null);
      if (!spot) continue;
      const lines = whole ? [...title, ...rest] : title;
      this.boxes.take(spot);
      const tint = this.theme.region(community);
      const share = this.theme.contrast ? 1 : this.theme.dark ? 0.5 : 0.6;
      const colour = mixed(tint, this.theme.text, share);
      let top = spot[1];
      for (const line of lines) {
        line.x = (spot[0] + spot[2]) / 2;
        line.y = top + line.size * 0.65;
        top += line.size * 1.3;
      }
      context.globalAlpha = fade;
      this.#write(context, lines, css(community === chosen ? this.theme.accent : colour), 0.75);
      if (community === chosen || community === under) context.fillRect(spot[0] + 4, spot[3] - 1, spot[2] - spot[0] - 8, 1.5);
      context.globalAlpha = 1;
      this.regionsShown.push({ community, box: spot, lines, colour });
    }
  }

  /**
   * A region is written as maps write the name of a country: spaced capitals, in the colour of the land; below, smaller,
   * what else is typical of it. No node is written like that.
   * @param {CanvasRenderingContext2D} context
   * @param {Region} region
   * @param {number} size
   * @returns {[title: Wide[], rest: Wide[]]}
   */
  #titles(context, region, size) {
    const [title, ...rest] = plain(region.names[words.language] ?? region.name).split(' · ');
    const place = { width: 0, x: 0, y: 0 };
    const large = halves(clip(title, LONGEST_TITLE).toLocaleUpperCase())
      .map((text) => ({ ...place, text, size, weight: 700, spacing: Math.round(size * 0.16 * 10) / 10 }));
    const small = rest.length ? [{ ...place, text: clip(rest.join(' · '), 30), size: Math.max(10, Math.round(size * 0.78)), weight: 500, spacing: 0.5 }] : [];
    for (const line of [...large, ...small]) {
      this.#setFont(context, line);
      line.width = context.measureText(line.text).width;
    }
    this.#setFont(context, {});
    return [large, small];
  }

  /**
   * A free box for the name of a region: on its own land, near the middle of that, and where it covers least of what is seen;
   * none where most of it would lie on the land of others, unless one is near: every region has a name somewhere.
   * @param {Land} land
   * @param {Camera} camera
   * @param {number} community
   * @param {Wide[]} lines
   * @param {number} radius
   * @param {Boxes} wishes
   */
  #spot(land, camera, community, lines, radius, wishes) {
    const near = camera.zoom >= NEAR;
    const middle = land.middles[community] ?? (near ? this.graph.regions[community] : null);
    if (!middle) return null;
    const width = Math.max(...lines.map((line) => line.width)) + 8;
    const height = lines.reduce((sum, line) => sum + line.size * 1.3, 0);
    const x = camera.screenX(middle.x);
    const y = camera.screenY(middle.y);
    /** @type {Box | null} */
    let best = null;
    let least = Infinity;
    for (const [across, down] of SHIFTS) {
      let cost = Math.hypot(across * width, down * height);
      if (cost >= least || cost > Math.max(radius * 0.8, height * 0.7)) continue;
      const left = x - width / 2 + across * width;
      const top = y - height / 2 + down * height;
      /** @type {Box} */
      const box = [left, top, left + width, top + height];
      if (left < 2 || box[2] > camera.width - 2 || top < 2 || box[3] > camera.height - 2 || !this.boxes.free(box)) continue;
      for (const mark of [...this.marks.over(box), ...wishes.over(box)]) cost += (mark[2] - mark[0]) * (mark[3] - mark[1]);
      let abroad = 0;
      for (let part = 0; part <= PARTS; part++) {
        const owner = ownerAt(land, camera.mapX(left + (width * part) / PARTS), camera.mapY(top + height / 2));
        if (owner >= 0 && owner !== community) abroad++;
      }
      cost += abroad * ABROAD;
      if ((abroad > PARTS / 2 && !near) || cost >= least) continue;
      least = cost;
      best = box;
    }
    return best;
  }

  /**
   * Set size, weight and spacing of what is measured or written next.
   * @param {CanvasRenderingContext2D} context
   * @param {{ size?: number, weight?: number, spacing?: number }} font
   */
  #setFont(context, { size = 12, weight = 400, spacing = 0 }) {
    context.font = `${weight} ${size}px ${FONT}`;
    if ('letterSpacing' in context) context.letterSpacing = `${spacing}px`;
  }

  /**
   * Write lines, with a rim in the colour of the ground so that they can be read on anything.
   * @param {CanvasRenderingContext2D} context
   * @param {Line[]} lines
   * @param {string} colour
   * @param {number} halo
   */
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

  /**
   * Write the name of a node beside it if there is room; whether there was.
   * @param {CanvasRenderingContext2D} context
   * @param {Sized} renderer
   * @param {Camera} camera
   * @param {number} node
   * @param {boolean} forced whether it is named even where it covers nodes
   */
  #tryNode(context, renderer, camera, node, forced) {
    const label = this.#place(context, renderer, camera, node, forced);
    if (!label) return false;
    this.boxes.take(label.box);
    this.#write(context, [label], css(label.quiet ? this.theme.quiet : this.theme.text), 0.85);
    this.shown.push(label);
    return true;
  }

  /**
   * The best place for the name of a node, if there is one.
   * @param {CanvasRenderingContext2D} context
   * @param {Sized} renderer
   * @param {Camera} camera
   * @param {number} node
   * @param {boolean} forced
   */
  #place(context, renderer, camera, node, forced) {
    return this.#places(context, renderer, camera, node, forced).find(({ box }) => {
      const inside = box[0] >= 0 && box[2] <= camera.width && box[1] >= 0 && box[3] <= camera.height;
      return inside && this.boxes.free(box) && (forced || this.marks.free(box));
    });
  }

  /**
   * Name the node that is pointed at: where its name stands already, or on top of whatever lies beside it.
   * @param {CanvasRenderingContext2D} context
   * @param {Sized} renderer
   * @param {Camera} camera
   * @param {number} node
   */
  #point(context, renderer, camera, node) {
    let label = this.shown.find((each) => each.node === node);
    if (!label) {
      const places = this.#places(context, renderer, camera, node, true);
      label = places.find(({ box }) => this.boxes.free(box) && box[0] >= 0 && box[2] <= camera.width) ?? places[0];
      if (!label) return;
      const { box } = label;
      const apart = (/** @type {{ box: Box }} */ other) => !overlap(box, other.box);
      this.shown = [label, ...this.shown.filter(apart)];
      this.regionsShown = this.regionsShown.filter(apart);
      context.fillStyle = css(this.theme.background);
      context.fillRect(box[0], box[1], box[2] - box[0], box[3] - box[1]);
    }
    this.#write(context, [label], css(this.theme.accent), 1);
  }

  /**
   * Where the name of a node may stand, the best place first: none where it has no name.
   * @param {CanvasRenderingContext2D} context
   * @param {Sized} renderer
   * @param {Camera} camera
   * @param {number} node
   * @param {boolean} strong
   * @returns {Label[]}
   */
  #places(context, renderer, camera, node, strong) {
    const { graph } = this;
    const x = camera.screenX(graph.x[node]);
    const y = camera.screenY(graph.y[node]);
    const radius = screenRadius(renderer, camera, node);
    const hub = graph.place[node] < HUBS && !graph.isPost(node);
    const size = strong ? 14 : hub && radius > 8 ? 13 : radius > 8 ? 12.5 : 11.5;
    const weight = strong || hub ? 600 : 400;
    const { text, width: unit } = this.#measure(context, node, weight);
    if (!text) return [];
    const width = (unit * size) / 12 + 6;
    const height = size * 1.3;
    const gap = radius + 3;
    const quiet = graph.isPost(node) && !this.only;
    /** @type {Point[]} */
    const middles = [
      [x + gap + width / 2, y],
      [x, y + gap + height / 2 - 1],
      [x - gap - width / 2, y],
      [x, y - gap - height / 2 + 1],
    ];
    return middles.map(([cx, cy]) => ({ node, box: [cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2], text, x: cx, y: cy, size, weight, quiet }));
  }

  /**
   * The name of a node as it is written, and how wide that is at 12 pixels.
   * @param {CanvasRenderingContext2D} context
   * @param {number} node
   * @param {number} weight
   */
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
}

/**
 * A text as one line, or as two where it is long, parted nearest to its middle.
 * @param {string} text
 */
function halves(text) {
  if (text.length <= LONGEST_LINE) return [text];
  const off = (/** @type {number} */ at) => Math.abs(2 * at - text.length);
  const breaks = Array.from(text.matchAll(/[ /-](?=.)/g), ({ index }) => index + 1).sort((a, b) => off(a) - off(b));
  return breaks.length ? [text.slice(0, breaks[0]).trimEnd(), text.slice(breaks[0])] : [text];
}
