// Mouse, touch and keys on the map.

const LONG_PRESS = 550;
const SLOP = 6;

class Pointer {
  constructor({ longPress }) {
    this.map = view.map;
    this.fingers = new Map();
    this.longPress = longPress;
    const { map } = this;
    map.addEventListener('pointerdown', (event) => this.#down(event));
    map.addEventListener('pointermove', (event) => this.#move(event));
    map.addEventListener('pointerup', (event) => this.#up(event));
    map.addEventListener('pointercancel', (event) => this.#forget(event));
    map.addEventListener('pointerleave', () => view.hover(-1));
    map.addEventListener('contextmenu', (event) => event.preventDefault());
    map.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    map.addEventListener('dblclick', (event) => view.zoom(2, ...this.#place(event)));
    map.addEventListener('keydown', (event) => this.#key(event));
  }

  #place(event) {
    const box = this.map.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  #down(event) {
    if (event.button > 0) return;
    const [x, y] = this.#place(event);
    this.map.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, { x, y });
    this.start = { x, y, dragged: this.fingers.size > 1 };
    clearTimeout(this.timer);
    if (this.fingers.size === 1 && event.pointerType !== 'mouse') {
      this.timer = setTimeout(() => {
        const node = view.nodeAt(x, y, 14);
        if (node < 0 || this.start.dragged) return;
        this.start.dragged = true;
        navigator.vibrate?.(15);
        this.longPress(node);
      }, LONG_PRESS);
    }
    view.focusMap();
  }

  #move(event) {
    const [x, y] = this.#place(event);
    const held = this.fingers.get(event.pointerId);
    if (!held) {
      if (event.pointerType === 'mouse') {
        view.hover(view.nodeAt(x, y));
        this.map.classList.toggle('over-region', view.hovered < 0 && view.regionAt(x, y) >= 0);
      }
      return;
    }
    if (this.fingers.size === 2) {
      const [other] = [...this.fingers].filter(([id]) => id !== event.pointerId).map(([, finger]) => finger);
      const before = Math.hypot(held.x - other.x, held.y - other.y);
      const after = Math.hypot(x - other.x, y - other.y);
      view.pan((x - held.x) / 2, (y - held.y) / 2);
      if (before > 5) view.zoom(after / before, (x + other.x) / 2, (y + other.y) / 2);
    } else if (this.start.dragged || Math.hypot(x - this.start.x, y - this.start.y) > SLOP) {
      if (!this.start.dragged) view.hover(-1);
      this.start.dragged = true;
      this.map.classList.add('dragging');
      view.pan(x - held.x, y - held.y);
    }
    held.x = x;
    held.y = y;
  }

  #up(event) {
    clearTimeout(this.timer);
    const was = this.fingers.get(event.pointerId);
    this.#forget(event);
    if (!was || this.start.dragged) return;
    const [x, y] = this.#place(event);
    const node = view.nodeAt(x, y, event.pointerType === 'mouse' ? 6 : 16);
    const region = node < 0 ? view.regionAt(x, y) : -1;
    if (node >= 0) view.select(node, { fly: false });
    else if (region >= 0) this.#visit(region);
    else if (view.selected >= 0) view.select(-1);
    else if (view.marked && !view.marked.path) view.mark(null);
    if (node >= 0) view.emit('reveal', node);
  }

  #visit(community) {
    const { x, y, r, name } = view.graph.regions[community];
    view.camera.fly(view.camera.viewOf({ x, y, halfWidth: r, halfHeight: r }));
    view.moved();
    announce(name);
  }

  #forget(event) {
    clearTimeout(this.timer);
    this.fingers.delete(event.pointerId);
    this.map.classList.remove('dragging');
    if (this.fingers.size) this.start.dragged = true;
  }

  #wheel(event) {
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1);
    view.zoom(Math.exp(-Math.max(-240, Math.min(240, pixels)) * (event.ctrlKey ? 0.01 : 0.0022)), ...this.#place(event));
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (direction) {
      if (view.selected >= 0 && !event.shiftKey) this.#walk(...direction);
      else view.pan(-direction[0] * 80, direction[1] * 80);
    } else if (event.key === '+' || event.key === '=') view.zoom(1.5);
    else if (event.key === '-') view.zoom(1 / 1.5);
    else if (event.key === '0') view.fit();
    else if (event.key === 'Enter') {
      const node = view.selected >= 0 ? view.selected : view.inSight()[0];
      if (node === undefined) return;
      view.select(node);
      byId('panel').querySelector('h2')?.focus();
    } else return;
    event.preventDefault();
  }

  /** From the chosen node to the neighbour that lies most in one direction. */
  #walk(dx, dy) {
    const { graph, selected } = view;
    let best = -1;
    let bestCost = Infinity;
    for (const node of view.neighbours(selected)) {
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
    if (best >= 0) view.select(best);
    else announce(words.say('noNeighbour'));
  }
}
