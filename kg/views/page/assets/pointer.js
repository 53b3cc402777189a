// Mouse, touch and keys on the map.

import { byId } from './dom.js';
import { announce } from './messages.js';
import { words } from './words.js';

/** @import { View } from './view.js' */

/** So long a finger rests to ask for more, in milliseconds. */
const LONG_PRESS = 550;
/** So far it may move and still rest, in pixels. */
const SLOP = 6;
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
    this.timer = 0;
    this.longPress = longPress;
    const { map } = this;
    map.addEventListener('pointerdown', (event) => this.#down(event));
    map.addEventListener('pointermove', (event) => this.#move(event));
    map.addEventListener('pointerup', (event) => this.#up(event));
    map.addEventListener('pointercancel', (event) => this.#forget(event));
    map.addEventListener('pointerleave', () => this.view.hover(-1));
    map.addEventListener('contextmenu', (event) => event.preventDefault());
    map.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    map.addEventListener('dblclick', (event) => this.view.zoom(2, ...this.#place(event)));
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
    clearTimeout(this.timer);
    if (this.fingers.size === 1 && event.pointerType !== 'mouse') {
      this.timer = setTimeout(() => {
        const node = this.view.nodeAt(x, y, 14);
        if (node < 0 || this.start.dragged) return;
        this.start.dragged = true;
        navigator.vibrate?.(15);
        this.longPress(node);
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
      if (event.pointerType === 'mouse') {
        this.view.hover(this.view.nodeAt(x, y));
        this.map.classList.toggle('over-region', this.view.hovered < 0 && this.view.regionAt(x, y) >= 0);
      }
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
    this.#forget(event);
    if (!was || this.start.dragged) return;
    const [x, y] = this.#place(event);
    const node = this.view.nodeAt(x, y, event.pointerType === 'mouse' ? 6 : 16);
    const region = node < 0 ? this.view.regionAt(x, y) : -1;
    if (node >= 0) this.view.select(node, { fly: false });
    else if (region >= 0) this.#visit(region);
    else if (this.view.selected >= 0) this.view.select(-1);
    else if (this.view.marked && !this.view.marked.path) this.view.mark(null);
  }

  /**
   * Go to a region.
   * @param {number} community
   */
  #visit(community) {
    const { x, y, r, name } = this.view.graph.regions[community];
    this.view.camera.fly(this.view.camera.viewOf({ x, y, halfWidth: r, halfHeight: r }));
    this.view.moved();
    announce(name);
  }

  /**
   * A finger is gone.
   * @param {PointerEvent} event
   */
  #forget(event) {
    clearTimeout(this.timer);
    this.fingers.delete(event.pointerId);
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
    else if (event.key === 'Enter') {
      const node = this.view.selected >= 0 ? this.view.selected : this.view.inSight()[0];
      if (node === undefined) return;
      this.view.select(node);
      byId('panel').querySelector('h2')?.focus();
    } else return;
    event.preventDefault();
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
