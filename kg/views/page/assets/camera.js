// Where we look: the middle of the picture in map coordinates, and how far we are in (1 shows the whole map).

/** How far out one can zoom. */
const FARTHEST = 0.5;

/**
 * A place to look at, and how closely.
 * @typedef {object} Look
 * @property {number} x in the middle of the picture, in map coordinates
 * @property {number} y
 * @property {number} zoom 1 shows the whole map
 */

/**
 * A rectangle of the map, in map coordinates.
 * @typedef {object} Rectangle
 * @property {number} x its middle
 * @property {number} y
 * @property {number} halfWidth
 * @property {number} halfHeight
 */

/**
 * A flight: where to, by which way, how long that is and how many milliseconds it takes, from where and since when.
 * @typedef {{ view: Look, at: (s: number) => [number, number], length: number, duration: number, x: number, y: number, dx: number,
 *   dy: number, start: number }} Flight
 */

export class Camera {
  constructor() {
    this.x = 0;
    this.y = 0;
    this.zoom = 1;
    /** How far in one can zoom: farther in larger graphs. */
    this.nearest = 60;
    this.width = 1;
    this.height = 1;
    /** @type {Rectangle} */
    this.bounds = { x: 0, y: 0, halfWidth: 1, halfHeight: 1 };
    /** Pixels of the picture that something covers, so that what we fly to stays in sight. */
    this.covered = { left: 0, right: 0, top: 0, bottom: 0 };
    /** @type {Flight | null} */
    this.flight = null;
  }

  /**
   * Set the size of the picture, in pixels of the screen.
   * @param {number} width
   * @param {number} height
   */
  resize(width, height) {
    this.width = Math.max(width, 1);
    this.height = Math.max(height, 1);
  }

  /** Pixels per unit of the map. */
  get scale() {
    const { halfWidth, halfHeight } = this.bounds;
    return this.zoom * Math.min(this.width / (2.16 * halfWidth), this.height / (2.16 * halfHeight));
  }

  /** How large the whole map is on this screen: 1 on a desk, less in a hand. */
  get roominess() {
    return Math.min(Math.max(this.scale / this.zoom / 400, 0.5), 1.2);
  }

  /**
   * Where a place of the map is on the screen, in pixels from the left.
   * @param {number} x
   */
  screenX(x) {
    return this.width / 2 + (x - this.x) * this.scale;
  }

  /**
   * And from the top: the map counts upwards, the screen down.
   * @param {number} y
   */
  screenY(y) {
    return this.height / 2 - (y - this.y) * this.scale;
  }

  /**
   * Which place of the map a pixel shows.
   * @param {number} x
   */
  mapX(x) {
    return this.x + (x - this.width / 2) / this.scale;
  }

  /**
   * See mapX.
   * @param {number} y
   */
  mapY(y) {
    return this.y - (y - this.height / 2) / this.scale;
  }

  /**
   * Move the map by pixels of the screen.
   * @param {number} dx
   * @param {number} dy
   */
  pan(dx, dy) {
    this.flight = null;
    this.x -= dx / this.scale;
    this.y += dy / this.scale;
    this.#restrain();
  }

  /**
   * Zoom so that the point under (x, y) stays there.
   * @param {number} factor
   * @param {number} x
   * @param {number} y
   */
  zoomAt(factor, x = this.width / 2, y = this.height / 2) {
    this.flight = null;
    const mapX = this.mapX(x);
    const mapY = this.mapY(y);
    this.zoom = Math.min(Math.max(this.zoom * factor, FARTHEST), this.nearest);
    this.x = mapX - (x - this.width / 2) / this.scale;
    this.y = mapY + (y - this.height / 2) / this.scale;
    this.#restrain();
  }

  /** Keep the middle of the picture near the map. */
  #restrain() {
    const { x, y, halfWidth, halfHeight } = this.bounds;
    this.x = Math.min(Math.max(this.x, x - 1.2 * halfWidth), x + 1.2 * halfWidth);
    this.y = Math.min(Math.max(this.y, y - 1.2 * halfHeight), y + 1.2 * halfHeight);
  }

  /**
   * The view that shows a rectangle of the map within the uncovered part of the picture.
   * @param {Rectangle} rectangle
   * @param {number} nearest
   */
  viewOf({ x, y, halfWidth, halfHeight }, nearest = this.nearest) {
    const { left, right, top, bottom } = this.covered;
    const width = Math.max(this.width - left - right, 80);
    const height = Math.max(this.height - top - bottom, 80);
    const unit = this.scale / this.zoom;
    const wanted = Math.min(width / (2.16 * halfWidth), height / (2.16 * halfHeight)) / unit;
    const zoom = Math.min(Math.max(wanted, FARTHEST), nearest);
    const scale = unit * zoom;
    return { x: x - (left - right) / 2 / scale, y: y + (top - bottom) / 2 / scale, zoom };
  }

  /**
   * Look at a view at once.
   * @param {Look} look
   */
  jump({ x, y, zoom }) {
    this.flight = null;
    this.x = x;
    this.y = y;
    this.zoom = Math.min(Math.max(zoom, FARTHEST), this.nearest);
  }

  /**
   * Travel to a view along the path of van Wijk and Nuij, "Smooth and efficient zooming and panning" (2003,
   * https://doi.org/10.1109/INFVIS.2003.1249008): out, across and in again, without a jerk.
   * @param {Look} view
   */
  fly(view) {
    const reduced = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (reduced) {
      this.jump(view);
      return;
    }
    const rho = 1.3;
    const w0 = 1 / this.zoom;
    const w1 = 1 / view.zoom;
    const dx = view.x - this.x;
    const dy = view.y - this.y;
    const distance = Math.hypot(dx, dy) / 1.1;
    /** @type {number} */
    let length;
    /** @type {(s: number) => [number, number]} how far along we are after a part of the way, and how far out */
    let at;
    if (distance < 1e-6) {
      length = Math.abs(Math.log(w1 / w0)) / rho;
      at = (s) => [0, w0 * Math.exp(Math.sign(w1 - w0) * rho * s)];
    } else {
      const b = (/** @type {number} */ sign, /** @type {number} */ w) => (w1 * w1 - w0 * w0 + sign * rho ** 4 * distance ** 2) / (2 * w * rho ** 2 * distance);
      const r0 = Math.log(-b(1, w0) + Math.sqrt(b(1, w0) ** 2 + 1));
      const r1 = Math.log(-b(-1, w1) + Math.sqrt(b(-1, w1) ** 2 + 1));
      length = (r1 - r0) / rho;
      at = (s) => [
        ((w0 / rho ** 2) * (Math.cosh(r0) * Math.tanh(rho * s + r0) - Math.sinh(r0))) / distance,
        (w0 * Math.cosh(r0)) / Math.cosh(rho * s + r0),
      ];
    }
    if (!(length > 1e-4)) {
      this.jump(view);
      return;
    }
    const duration = Math.min(Math.max(length * 420, 250), 1400);
    this.flight = { view, at, length, duration, x: this.x, y: this.y, dx, dy, start: performance.now() };
  }

  /**
   * Move along; true while we are travelling.
   * @param {number} now
   */
  advance(now) {
    const flight = this.flight;
    if (!flight) return false;
    const time = Math.min(Math.max((now - flight.start) / flight.duration, 0), 1);
    if (time >= 1) {
      this.jump(flight.view);
      return true;
    }
    const eased = time < 0.5 ? 2 * time * time : 1 - 2 * (1 - time) ** 2;
    const [share, w] = flight.at(eased * flight.length);
    this.x = flight.x + flight.dx * share;
    this.y = flight.y + flight.dy * share;
    this.zoom = 1 / w;
    return true;
  }
}
