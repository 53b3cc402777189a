// What covers the map, told to the camera and the names; the map makes way for it.

import { byId } from './dom.js';

/**
 * @import { Look } from './camera.js'
 * @import { View } from './view.js'
 */

const SIDES = /** @type {const} */ (['left', 'right', 'top', 'bottom']);
/** So far from what covers the map the chosen node is kept, in pixels. */
const CLEAR = 40;

export class Layout {
  /** @type {(Look & { from: Look }) | null} where the map has made way to, and where it had been */
  #evaded = null;
  /** The size of the window when we last looked. */
  #window = '';

  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.#measure();
  }

  /**
   * Look what covers the map now. A map that was seen whole stays whole on another screen; where more of it is covered, it makes
   * way.
   */
  update() {
    const { view } = this;
    const { camera } = view;
    if (!view.map.clientWidth) return;
    const [home, before, size] = [view.atHome, camera.covered, this.#window];
    this.#measure();
    const { covered } = camera;
    if (home && size !== this.#window) camera.jump(view.home);
    else if (SIDES.some((side) => covered[side] !== before[side])) this.#makeWay(SIDES.some((side) => covered[side] > before[side]), home);
    view.redraw();
  }

  /** Tell the camera what covers the map, so that it flies to where there is room, and the names where none is put. */
  #measure() {
    const { view } = this;
    const wide = innerWidth >= 720;
    const reading = document.body.classList.contains('reading');
    const side = byId('side').getBoundingClientRect();
    const embedded = document.body.classList.contains('embed');
    const filtering = !byId('filters').hidden;
    this.#window = `${innerWidth} ${innerHeight}`;
    view.camera.covered = wide
      ? { left: reading || ['welcome', 'results'].some((id) => byId(id).checkVisibility()) ? side.right : 0, right: filtering ? 330 : 0, top: embedded ? 8 : 56, bottom: embedded ? 8 : 90 }
      : { left: 12, right: 62, top: embedded ? 8 : 64, bottom: Math.max(sheet(reading), byId('legend').clientHeight) };
    view.obstacles = [...document.querySelectorAll(`.bar, #welcome, #panel, #path, #tools, #filters, #zoom, #legend${wide ? ' .chip' : ''}, #results, #menu, #query, #toast`)]
      .map((part) => part.getBoundingClientRect())
      .filter((box) => box.width)
      .map((box) => [box.left, box.top, box.right, box.bottom]);
  }

  /**
   * Look where there is room: at the whole map, if that was looked at, or so that the chosen node is seen; and back, as soon as
   * less is covered, unless the map has been moved since.
   * @param {boolean} more whether more is covered than before
   * @param {boolean} home
   */
  #makeWay(more, home) {
    const { camera, graph, home: whole, selected } = this.view;
    if (camera.flight) return;
    const evaded = this.#evaded;
    const stayed = evaded && evaded.x === camera.x && evaded.y === camera.y && evaded.zoom === camera.zoom;
    if (!more && !stayed) return;
    const from = stayed ? evaded.from : { x: camera.x, y: camera.y, zoom: camera.zoom };
    if (!more) camera.jump(from);
    if (home && more) camera.jump(whole);
    else if (selected >= 0) {
      const { left, right, top, bottom } = camera.covered;
      const into = (/** @type {number} */ at, /** @type {number} */ least, /** @type {number} */ most) => Math.max(least - at, 0) - Math.max(at - Math.max(least, most), 0);
      const [x, y] = [camera.screenX(graph.x[selected]), camera.screenY(graph.y[selected])];
      if (x >= 0 && x <= camera.width && y >= 0 && y <= camera.height) {
        camera.pan(into(x, left + CLEAR, camera.width - right - CLEAR), into(y, top + CLEAR, camera.height - bottom - CLEAR));
      }
    }
    const { x, y, zoom } = camera;
    this.#evaded = x === from.x && y === from.y && zoom === from.zoom ? null : { x, y, zoom, from };
    this.view.moved();
  }
}

/**
 * How much of a small screen is covered from below; what is being opened will soon be half of it.
 * @param {boolean} reading
 */
function sheet(reading) {
  const tops = ['panel', 'path', 'filters'].map((id) => byId(id).getBoundingClientRect()).filter((box) => box.height).map((box) => box.top);
  return Math.max(reading ? innerHeight / 2 : 0, innerHeight - Math.min(innerHeight, ...tops));
}
