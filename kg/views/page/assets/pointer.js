// Mouse, touch and keys on the map.

import { byId } from './dom.js';
import { announce } from './messages.js';
import { regionName } from './region.js';
import { words } from './words.js';

/**
 * @import { Thing } from './picking.js'
 * @import { View } from './view.js'
 */

/** So long a finger rests to ask for more, in milliseconds. */
const LONG_PRESS = 550;
/** Two taps within so many milliseconds are one double tap. */
const DOUBLE_TAP = 350;
/** So far it may move and still rest, in pixels. */
const SLOP = 6;
/** So far beside a thing a point may lie, in pixels: a finger covers more than a pointer. */
const REACH = { mouse: 6, touch: 16 };
/** Names whose middles differ less in height are read as one line, in pixels. */
const LINE = 24;
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class Pointer {
  /**
   * @param {View} view
   * @param {{ longPress: (node: number) => void }} actions
   */
  constructor(view, { longPress }) {
    this.view = view;
    this.map = view.map;
    /** @type {Map<number, { x: number, y: number }>} where each finger is, in pixels of the map */
    this.fingers = new Map();
    /** Where the last one came down, and whether it has moved since. */
    this.start = { x: 0, y: 0, dragged: false };
    /** Where and when nothing was tapped on last. */
    this.tap = { x: 0, y: 0, time: -Infinity };
    this.timer = 0;
    /** Whether an outline is being drawn. */
    this.drawing = false;
    this.longPress = longPress;
    const { map } = this;
    map.addEventListener('pointerdown', (event) => this.#down(event));
    map.addEventListener('pointermove', (event) => this.#move(event));
    map.addEventListener('pointerup', (event) => this.#up(event));
    map.addEventListener('pointercancel', (event) => this.#forget(event));
    map.addEventListener('pointerleave', () => this.view.hover(-1));
    // A tap is no click as well: the panel that it opens may come to lie under the finger.
    map.addEventListener('touchend', (event) => {
      if (event.cancelable) event.preventDefault();
    }, { passive: false });
    map.addEventListener('contextmenu', (event) => event.preventDefault());
    map.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    map.addEventListener('dblclick', (event) => {
      if (!this.view.thingAt(...this.#place(event), REACH.mouse)) this.view.zoom(2, ...this.#place(event));
    });
    map.addEventListener('keydown', (event) => this.#key(event));
  }

  /**
   * Where an event is, in pixels of the map.
   * @param {MouseEvent} event
   * @returns {[number, number]}
   */
  #place(event) {
    const box = this.map.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  /**
   * A finger or button comes down: it may become a click, a drag, or a long press.
   * @param {PointerEvent} event
   */
  #down(event) {
    if (event.button > 0) return;
    const [x, y] = this.#place(event);
    this.map.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, { x, y });
    this.start = { x, y, dragged: this.fingers.size > 1 };
    this.drawing = this.fingers.size === 1 && (event.shiftKey || this.map.classList.contains('outlining'));
    this.view.outline = [];
    clearTimeout(this.timer);
    if (this.fingers.size === 1 && event.pointerType !== 'mouse' && !this.drawing) {
      this.timer = setTimeout(() => {
        const thing = this.view.thingAt(x, y, REACH.touch);
        if (thing?.type !== 'node' || this.start.dragged) return;
        this.start.dragged = true;
        navigator.vibrate?.(15);
        this.longPress(thing.node);
      }, LONG_PRESS);
    }
    this.view.focusMap();
  }

  /**
   * Hovering, dragging, or pinching.
   * @param {PointerEvent} event
   */
  #move(event) {
    const [x, y] = this.#place(event);
    const held = this.fingers.get(event.pointerId);
    if (!held) {
      if (event.pointerType === 'mouse') this.view.point(this.view.thingAt(x, y, REACH.mouse));
      return;
    }
    if (this.drawing && this.fingers.size === 1) {
      if (!this.view.outline.length && Math.hypot(x - this.start.x, y - this.start.y) <= SLOP) return;
      this.start.dragged = true;
      this.view.outline.push([this.view.camera.mapX(x), this.view.camera.mapY(y)]);
      this.view.redraw();
      return;
    }
    if (this.fingers.size === 2) {
      const [other] = [...this.fingers].filter(([id]) => id !== event.pointerId).map(([, finger]) => finger);
      const before = Math.hypot(held.x - other.x, held.y - other.y);
      const after = Math.hypot(x - other.x, y - other.y);
      this.view.pan((x - held.x) / 2, (y - held.y) / 2);
      if (before > 5) this.view.zoom(after / before, (x + other.x) / 2, (y + other.y) / 2);
    } else if (this.start.dragged || Math.hypot(x - this.start.x, y - this.start.y) > SLOP) {
      if (!this.start.dragged) this.view.hover(-1);
      this.start.dragged = true;
      this.map.classList.add('dragging');
      this.view.pan(x - held.x, y - held.y);
    }
    held.x = x;
    held.y = y;
  }

  /**
   * What did not move has been a click.
   * @param {PointerEvent} event
   */
  #up(event) {
    clearTimeout(this.timer);
    const was = this.fingers.get(event.pointerId);
    const { outline } = this.view;
    this.#forget(event);
    if (outline.length) {
      byId('outline').setAttribute('aria-pressed', 'false');
      this.map.classList.remove('outlining');
      this.view.chooseArea(outline);
      return;
    }
    if (!was || this.start.dragged) return;
    const [x, y] = this.#place(event);
    const touch = event.pointerType !== 'mouse';
    const thing = this.view.thingAt(x, y, touch ? REACH.touch : REACH.mouse);
    if (touch && !thing && event.timeStamp - this.tap.time < DOUBLE_TAP && Math.hypot(x - this.tap.x, y - this.tap.y) < 2 * REACH.touch) this.view.zoom(2, x, y);
    this.tap = { x, y, time: thing ? -Infinity : event.timeStamp };
    if (event.shiftKey && thing?.type === 'node') this.view.alsoChoose(thing.node);
    else this.view.choose(thing, { fly: false });
  }

  /**
   * A finger is gone.
   * @param {PointerEvent} event
   */
  #forget(event) {
    clearTimeout(this.timer);
    this.fingers.delete(event.pointerId);
    this.drawing = false;
    this.view.outline = [];
    this.map.classList.remove('dragging');
    if (this.fingers.size) this.start.dragged = true;
  }

  /**
   * Zoom to where the pointer is.
   * @param {WheelEvent} event
   */
  #wheel(event) {
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1);
    this.view.zoom(Math.exp(-Math.max(-240, Math.min(240, pixels)) * (event.ctrlKey ? 0.01 : 0.0022)), ...this.#place(event));
  }

  /**
   * Keys while the map has the focus.
   * @param {KeyboardEvent} event
   */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const direction = ARROWS[event.key];
    if (direction) {
      if (this.view.selected >= 0 && !event.shiftKey) this.#walk(...direction);
      else this.view.pan(-direction[0] * 80, direction[1] * 80);
    } else if (event.key === '+' || event.key === '=') this.view.zoom(1.5);
    else if (event.key === '-') this.view.zoom(1 / 1.5);
    else if (event.key === '0') this.view.fit();
    else if (event.key === 'a') this.view.chooseArea(this.view.sight);
    else if (event.key === '.' || event.key === ',') this.#next(event.key === '.' ? 1 : -1);
    else if (event.key === 'Enter') this.#enter();
    else return;
    event.preventDefault();
  }

  /** Read about what is pointed at; otherwise about what is chosen, or what is named first. */
  #enter() {
    const { view } = this;
    const [first] = view.labels.shown;
    if (view.pointed) view.choose(view.pointed);
    else if (view.selected >= 0 || first) view.select(view.selected >= 0 ? view.selected : first.node);
    else return;
    byId('panel').querySelector('h2')?.focus();
  }

  /**
   * Point at the next or the last name on the screen, line by line.
   * @param {1 | -1} step
   */
  #next(step) {
    const { view } = this;
    const names = [
      ...view.labels.shown.map(({ node, box }) => ({ box, thing: /** @type {Thing} */ ({ type: 'node', node }), name: view.graph.nameIn(node, words.language) })),
      ...view.labels.regionsShown.map(({ community, box }) => ({ box, thing: /** @type {Thing} */ ({ type: 'region', community }), name: regionName(view, community) })),
    ];
    if (!names.length) return;
    const line = (/** @type {{ box: number[] }} */ { box }) => Math.floor((box[1] + box[3]) / 2 / LINE);
    names.sort((a, b) => line(a) - line(b) || a.box[0] - b.box[0]);
    const at = names.findIndex(({ thing }) => JSON.stringify(thing) === JSON.stringify(view.pointed));
    const { thing, name } = names[at < 0 ? (step > 0 ? 0 : names.length - 1) : (at + step + names.length) % names.length];
    view.point(thing);
    announce(name);
  }

  /**
   * From the chosen node to the neighbour that lies most in one direction.
   * @param {number} dx
   * @param {number} dy
   */
  #walk(dx, dy) {
    const { graph, selected } = this.view;
    let best = -1;
    let bestCost = Infinity;
    for (const node of this.view.neighbours(selected)) {
      const x = graph.x[node] - graph.x[selected];
      const y = graph.y[node] - graph.y[selected];
      const length = Math.hypot(x, y) || 1e-9;
      const along = (x * dx + y * dy) / length;
      if (along < 0.38) continue;
      const cost = length / along ** 2;
      if (cost < bestCost) {
        bestCost = cost;
        best = node;
      }
    }
    if (best >= 0) this.view.select(best);
    else announce(words.say('noNeighbour'));
  }
}
