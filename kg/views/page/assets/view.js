// What is on the screen: the map, what is chosen and highlighted on it, and the loop that draws it.

import { nodesWithin, simplified } from './area.js';
import { Camera } from './camera.js';
import { byId, element } from './dom.js';
import { Teller } from './events.js';
import { extent } from './extent.js';
import { Filters } from './filters.js';
import { groupsOf } from './groups.js';
import { FLAT_NODES, FlatRenderer } from './flat.js';
import { Labels } from './labels.js';
import { announce, toast } from './messages.js';
import { NameIndex } from './names.js';
import { thingAt } from './picking.js';
import { Places } from './places.js';
import { regionName } from './region.js';
import { Renderer } from './renderer.js';
import { membersOf, postsOfSet } from './sets.js';
import { STATE, statesOf } from './states.js';
import { strokesAlong, strokesAmong, strokesFrom, strokesTo } from './strokes.js';
import { Theme } from './theme.js';
import { byTypicality, companionsOf } from './typical.js';
import { words } from './words.js';

/**
 * @import { Box } from './boxes.js'
 * @import { Shown } from './filters.js'
 * @import { Graph } from './graph.js'
 * @import { Group } from './groups.js'
 * @import { LabelOptions } from './labels.js'
 * @import { Thing } from './picking.js'
 * @import { Point } from './shapes.js'
 * @import { Wanted } from './sets.js'
 */

/** So long after it last moved the camera is said to rest, in milliseconds. */
const RESTS_AFTER = 150;
/** So nearly the same place is the same, in map coordinates and as a share. */
const NEARLY = 2e-3;
/** How much farther than the nodes their land reaches. */
const SHORE = 1.06;
/** So many things are highlighted that appear with the chosen one. */
const COMPANY = 30;

/**
 * What is highlighted beside the selection.
 * @typedef {object} Mark
 * @property {Set<number>} nodes
 * @property {number[]} [path] a way through them
 * @property {Wanted} [set] what they were chosen by
 * @property {Point[]} [area] the outline in which they lie, in map coordinates
 * @property {number} [steps] how far around the chosen node they lie
 * @property {number} [most] nodes with more links than this were not passed through
 */

/**
 * What a view tells.
 * @typedef {object} Told
 * @property {number} select another node is chosen; -1: none is
 * @property {number} region another region is chosen; -1: none is
 * @property {void} groups a group of posts is drawn otherwise
 * @property {void} marked something else is highlighted beside it
 * @property {Shown} filters what passes the filters is another
 * @property {void} rest the camera has come to rest
 * @property {void} address something that the address keeps is another
 * @property {void} layout what lies over the map is another
 * @property {void} detail IRIs and literals have come
 */

/** @extends {Teller<Told>} */
export class View extends Teller {
  /** @type {NameIndex | null} */
  #index = null;

  /** @param {Graph} graph */
  constructor(graph) {
    super();
    this.graph = graph;
    this.map = byId('map');
    this.theme = new Theme(graph.kinds, graph.loose);
    this.camera = new Camera();
    this.camera.bounds = extent(graph);
    this.camera.nearest = Math.min(Math.max(Math.sqrt(graph.n) * 0.5, 8), 200);
    this.places = new Places(graph);
    this.filters = new Filters(graph);
    /** What passes the filters, as they say it; and what does when there are none. */
    this.visible = this.whole = this.filters.apply();
    this.labels = new Labels(byId('names', HTMLCanvasElement), graph, this.theme, this.places);
    this.renderer = this.#renderer();
    this.selected = -1;
    /** The chosen region, as its community; -1 where none is, or a node is chosen. */
    this.region = -1;
    /** @type {number[]} what most often appears with the chosen thing */
    this.company = [];
    this.hovered = -1;
    /** The region that is pointed at, or -1. */
    this.hoveredRegion = -1;
    /** @type {Mark | null} what is highlighted beside the selection */
    this.marked = null;
    /** @type {Set<number> | null} what is being searched for */
    this.found = null;
    /** @type {Set<number> | null} all that is highlighted; null: nothing is */
    this.only = null;
    /** @type {Group[]} posts that are highlighted, and too many to be drawn one by one */
    this.groups = [];
    /** @type {Set<number>} the communities whose posts are drawn one by one all the same */
    this.opened = new Set();
    /** How each node is shown, a byte of STATE. */
    this.states = new Uint8Array(graph.n);
    /** @type {Box[]} what lies over the map: no name is put under it */
    this.obstacles = [];
    /** The frame that was asked for and is yet to be drawn; 0: none. */
    this.frame = 0;
    /** @type {Point[]} the outline that is being drawn, in map coordinates */
    this.outline = [];
    /** When the camera last moved. */
    this.lastMove = -Infinity;
    this.wasMoving = false;
    /** Whether the camera rests and everything is drawn. */
    this.settled = false;
    /** @type {Record<string, number>} milliseconds, for whoever measures */
    this.timings = {};
    this.resize();
    this.camera.jump(this.home);
    new ResizeObserver(() => this.resize()).observe(this.map);
    for (const query of ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(forced-colors: active)']) {
      matchMedia(query).addEventListener('change', () => this.retheme());
    }
  }

  /** Names to search for; laid out when first asked for. */
  get index() {
    return (this.#index ??= new NameIndex(this.graph));
  }

  /** A renderer that this browser can run. */
  #renderer() {
    const canvas = byId('drawing', HTMLCanvasElement);
    /** @type {Renderer | FlatRenderer} */
    let renderer;
    try {
      if (new URLSearchParams(location.search).has('flat')) throw new Error('asked for');
      renderer = new Renderer(canvas, this.graph, this.theme, this.whole);
    } catch {
      const plainCanvas = element('canvas', { id: canvas.id, 'aria-hidden': 'true' });
      canvas.replaceWith(plainCanvas);
      renderer = new FlatRenderer(plainCanvas, this.graph, this.theme, this.whole);
      if (this.graph.n > FLAT_NODES) setTimeout(() => toast(words.say('flat', { n: words.number(FLAT_NODES) })), 800);
    }
    renderer.onrestored = () => this.redraw();
    return renderer;
  }

  /** Fit everything to the size of the window. */
  resize() {
    const { clientWidth: width, clientHeight: height } = this.map;
    if (!width) return; // on paper there is no map, but a picture of it
    const home = this.camera.width > 1 && this.atHome;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    this.camera.resize(width, height);
    this.renderer.resize(width, height, ratio);
    this.labels.resize(width, height, ratio);
    if (home) this.camera.jump(this.home);
    this.redraw();
  }

  /** Take the colours of the theme again. */
  retheme() {
    this.theme.read();
    this.renderer.setTheme();
    this.update();
  }

  // What is chosen.

  /**
   * Choose a node (-1: none), and go there unless told not to.
   * @param {number} node
   * @param {{ fly?: boolean }} [options]
   */
  select(node, { fly = true } = {}) {
    if (node === this.selected && !this.marked && this.region < 0) {
      if (fly && node >= 0) this.flyTo([node]);
      return;
    }
    this.selected = node;
    this.region = -1;
    this.opened.clear();
    this.company = node < 0 || this.graph.isPost(node) ? [] : this.#company(node);
    this.marked = null;
    this.hovered = -1;
    this.#group();
    this.emit('select', node);
    this.update();
    if (node >= 0) {
      announce(words.counted('chosen', this.graph.degree[node], { name: this.graph.labels[node], kind: words.kind(this.graph.kindOf(node)) }));
      if (fly) this.flyTo([node, ...this.neighbours(node).slice(0, 60)], node);
    }
    this.emit('address');
  }

  /**
   * Choose a region (-1: none), and go there if told so.
   * @param {number} community
   * @param {{ fly?: boolean }} [options]
   */
  selectRegion(community, { fly = false } = {}) {
    if (this.selected >= 0 || this.marked) this.select(-1);
    this.region = community;
    this.hover(-1);
    this.emit('region', community);
    this.update();
    if (community >= 0) {
      const { x, y, r, size } = this.graph.regions[community];
      announce(words.counted('chosenRegion', size, { name: regionName(this, community) }));
      if (fly) {
        this.camera.fly(this.camera.viewOf({ x, y, halfWidth: r, halfHeight: r }));
        this.moved();
      }
    }
    this.emit('address');
  }

  /**
   * Choose the posts that name some things, and go there unless told not to; a set that asks for nothing ends it.
   * @param {Wanted} set
   * @param {{ fly?: boolean }} [options]
   */
  chooseSet(set, options) {
    if (this.selected >= 0 || this.region >= 0) this.select(-1);
    const members = membersOf(set);
    this.mark(members.length ? { nodes: new Set([...members, ...postsOfSet(this.graph, set)]), set } : null, options);
  }

  /**
   * Choose what lies in an area.
   * @param {Point[]} outline in map coordinates
   * @param {{ fly?: boolean }} [options]
   */
  chooseArea(outline, { fly = false } = {}) {
    if (this.selected >= 0 || this.region >= 0) this.select(-1);
    const area = simplified(outline);
    const inside = nodesWithin(this.graph, this.places, area, this.visible.nodes);
    this.mark(inside.length ? { nodes: new Set(inside), area } : null, { fly });
  }

  /** The part of the map that nothing covers, as an outline. */
  get sight() {
    const { camera } = this;
    const { left, right, top, bottom } = camera.covered;
    const [west, east] = [camera.mapX(left), camera.mapX(camera.width - right)];
    const [north, south] = [camera.mapY(top), camera.mapY(camera.height - bottom)];
    return /** @type {Point[]} */ ([[west, north], [east, north], [east, south], [west, south]]);
  }

  /**
   * Add a thing to what is chosen: posts are wanted that name all of it.
   * @param {number} node
   */
  alsoChoose(node) {
    const set = this.marked?.set ?? { all: this.selected >= 0 && !this.graph.isPost(this.selected) ? [this.selected] : [], any: [], none: [] };
    if (!this.graph.isPost(node) && !membersOf(set).includes(node)) this.chooseSet({ ...set, all: [...set.all, node] }, { fly: false });
  }

  /**
   * Choose what was picked; null: nothing is any more.
   * @param {Thing | null} thing
   * @param {{ fly?: boolean }} [options]
   */
  choose(thing, options) {
    if (thing?.type === 'group') this.toggleGroup(thing.community);
    else if (thing?.type === 'region') this.selectRegion(thing.community, options);
    else if (thing) this.select(thing.node, options);
    else if (this.selected >= 0 || this.region >= 0) this.select(-1);
    else if (this.marked && !this.marked.path) this.mark(null);
  }

  /**
   * Highlight a set of nodes, or a path through them; null ends it.
   * @param {Mark | null} marked
   * @param {{ fly?: boolean }} [options]
   */
  mark(marked, { fly = true } = {}) {
    this.marked = marked;
    this.#group();
    this.emit('marked');
    this.update();
    if (marked && fly && marked.nodes.size) this.flyTo([...marked.nodes].slice(0, 4000));
    this.emit('address');
  }

  /**
   * The people, organizations and works that go with a thing.
   * @param {number} node
   */
  #company(node) {
    const { graph } = this;
    /** @type {Set<number | undefined>} */
    const told = new Set(['person', 'organization', 'product', 'work'].map((name) => graph.kindNumber.get(name)));
    return companionsOf(graph, node)
      .filter(({ node: other, count, score }) => told.has(graph.kind[other]) && count > 1 && score > 0 && this.visible.nodes[other])
      .sort(byTypicality)
      .slice(0, COMPANY)
      .map(({ node: other }) => other);
  }

  /**
   * The nodes next to a node that pass the filters.
   * @param {number} node
   */
  neighbours(node) {
    const { graph } = this;
    const found = new Set();
    for (const edge of graph.edgesAt(node)) found.add(graph.other(edge, node));
    found.delete(node);
    return [...found].filter((other) => this.visible.nodes[other]);
  }

  /**
   * Whether a post passes the filters: one that is not drawn because posts are switched off does.
   * @param {number} post
   */
  admits(post) {
    return this.filters.admits(post);
  }

  /** Show what passes the filters as they are now. */
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
    const { filters, marked, selected } = this;
    this.#group();
    const all = this.highlighted();
    const hidden = new Set(this.groups.flatMap(({ open, posts }) => (open ? [] : posts)));
    const highlighted = all && hidden.size ? new Set([...all].filter((node) => !hidden.has(node))) : all;
    const states = statesOf(this.graph.n, {
      visible: filters.active ? this.visible.nodes : null, hide: filters.hide, highlighted: marked?.area ? null : highlighted, whole: Boolean(marked?.path), selected,
      within: this.region, communities: this.graph.community,
    });
    // What lies in an area is seen as it is, and not the larger for it.
    if (marked?.area) for (let i = 0; i < states.length; i++) if (states[i] === STATE.plain && !marked.nodes.has(i)) states[i] = STATE.dimmed;
    this.only = highlighted;
    this.states = states;
    this.renderer.setStates(states, highlighted !== null);
    this.renderer.setStrokes(this.#strokes());
    this.redraw();
  }

  /** Put posts that are highlighted, and too many, in groups. */
  #group() {
    const { marked, selected } = this;
    const around = selected >= 0 && (!marked || marked.steps);
    this.groups = around ? groupsOf(this.graph, this.highlighted() ?? [], this.opened) : [];
  }

  /**
   * Draw the posts of a group one by one, or as one again.
   * @param {number} community
   */
  toggleGroup(community) {
    if (!this.opened.delete(community)) this.opened.add(community);
    this.update();
    this.emit('groups');
  }

  /** Edges that are drawn over the others. */
  #strokes() {
    const { graph, theme, marked, selected } = this;
    if (marked?.path) return strokesAlong(theme, marked.path);
    const lines = strokesTo(theme, graph, selected, this.groups);
    if (marked?.area) return [];
    if (marked) return [...lines, ...strokesAmong(graph, theme, this.only ?? marked.nodes)];
    const centre = selected >= 0 ? selected : this.found ? -1 : this.hovered;
    if (centre < 0) return [];
    const all = this.neighbours(centre);
    const near = all.filter((node) => selected < 0 || this.only?.has(node));
    return [...lines, ...strokesFrom(graph, theme, centre, near, selected >= 0 ? 1 : 0.6, all.length)];
  }

  /**
   * Point at a node; -1: at none.
   * @param {number} node
   */
  hover(node) {
    this.point(node < 0 ? null : { type: 'node', node });
  }

  /**
   * Point at a thing, which is what a click there would choose; null: at nothing.
   * @param {Thing | null} thing
   */
  point(thing) {
    const node = thing?.type === 'node' ? thing.node : -1;
    const region = thing?.type === 'region' ? thing.community : -1;
    this.map.classList.toggle('pointing', thing !== null);
    if (node === this.hovered && region === this.hoveredRegion) return;
    const other = node !== this.hovered;
    this.hovered = node;
    this.hoveredRegion = region;
    if (other && this.selected < 0 && !this.marked && !this.found) this.renderer.setStrokes(this.#strokes());
    this.redraw();
  }

  /** What is pointed at, or null. */
  get pointed() {
    /** @type {Thing | null} */
    const region = this.hoveredRegion < 0 ? null : { type: 'region', community: this.hoveredRegion };
    return this.hovered < 0 ? region : /** @type {Thing} */ ({ type: 'node', node: this.hovered });
  }

  /**
   * What a point of the screen picks, or null.
   * @param {number} x
   * @param {number} y
   * @param {number} reach
   */
  thingAt(x, y, reach = 6) {
    return thingAt(this, x, y, reach);
  }

  // Where we look.

  /**
   * Go to where some nodes are, with one of them in the middle if told so.
   * @param {number[]} nodes
   * @param {number} centre
   */
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

  /** Where the whole map is seen, and nothing lies over it. */
  get home() {
    const { x, y, halfWidth, halfHeight } = this.camera.bounds;
    return this.camera.viewOf({ x, y, halfWidth: SHORE * halfWidth, halfHeight: SHORE * halfHeight }, 1.2);
  }

  /** Whether the whole map is looked at, as `home` shows it. */
  get atHome() {
    const { x, y, zoom } = this.home;
    return Math.hypot(this.camera.x - x, this.camera.y - y) < NEARLY && Math.abs(this.camera.zoom / zoom - 1) < NEARLY;
  }

  /** Show the whole map. */
  fit() {
    this.camera.fly(this.home);
    this.moved();
  }

  /**
   * Zoom so that a point of the screen stays where it is: the middle, unless another is told.
   * @param {number} factor
   * @param {number} [x]
   * @param {number} [y]
   */
  zoom(factor, x, y) {
    this.camera.zoomAt(factor, x, y);
    this.moved();
  }

  /**
   * Move the map by pixels of the screen.
   * @param {number} dx
   * @param {number} dy
   */
  pan(dx, dy) {
    this.camera.pan(dx, dy);
    this.moved();
  }

  /** The camera has moved, or is about to. */
  moved() {
    this.lastMove = performance.now();
    this.redraw();
  }

  /** Give the map the focus. */
  focusMap() {
    this.map.focus({ preventScroll: true });
  }

  /** Draw another frame soon. */
  redraw() {
    if (!this.frame) this.frame = requestAnimationFrame((now) => this.#draw(now));
  }

  /**
   * Draw a frame, and ask for the next while anything moves or is missing.
   * @param {number} now
   */
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

  /**
   * Write the names.
   * @param {LabelOptions} options
   */
  drawLabels(options = {}) {
    const first = this.marked?.path ? [...this.marked.path] : [];
    if (this.selected >= 0 && !first.includes(this.selected)) first.push(this.selected);
    const { active } = this.filters;
    const outline = this.outline.length ? this.outline : (this.marked?.area ?? []);
    const hidden = active ? this.visible.nodes : null;
    const regions = active ? this.visible.communities : null;
    const pointed = this.hovered;
    return this.labels.draw(this.renderer, this.camera, {
      only: this.only, first, pointed, hidden, regions, within: this.region, under: this.hoveredRegion, obstacles: this.obstacles, groups: this.groups, outline, ...options,
    });
  }

  /** Nodes that are shown within the picture, the most important first. */
  inSight() {
    const { camera, graph } = this;
    /** @type {number[]} */
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
