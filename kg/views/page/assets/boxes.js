// Rectangles on the screen, and where there is room for another.

/** @typedef {[left: number, top: number, right: number, bottom: number]} Box in pixels of the screen */

/** The side of a cell of the grid, in pixels. */
const CELL = 48;

/** Boxes that are taken, by the cells of a grid over the screen that they touch. */
export class Boxes {
  /** @type {Map<number, Box[]>} */
  #cells = new Map();

  /** @param {Iterable<Box>} taken */
  constructor(taken = []) {
    for (const box of taken) this.take(box);
  }

  /**
   * Say that nothing else may lie here.
   * @param {Box} box
   */
  take(box) {
    eachCell(box, (cell) => {
      const there = this.#cells.get(cell);
      if (there) there.push(box);
      else this.#cells.set(cell, [box]);
    });
  }

  /**
   * Whether a box lies over none that is taken.
   * @param {Box} box
   */
  free(box) {
    return this.over(box).size === 0;
  }

  /**
   * The boxes that are taken and that a box lies over.
   * @param {Box} box
   */
  over(box) {
    /** @type {Set<Box>} */
    const found = new Set();
    eachCell(box, (cell) => {
      for (const other of this.#cells.get(cell) ?? []) if (overlap(box, other)) found.add(other);
    });
    return found;
  }
}

/**
 * Whether two boxes lie over each other; touching is no harm.
 * @param {Box} one
 * @param {Box} other
 */
export function overlap(one, other) {
  return one[0] < other[2] && one[2] > other[0] && one[1] < other[3] && one[3] > other[1];
}

/**
 * Whether a point lies in a box.
 * @param {Box} box
 * @param {number} x
 * @param {number} y
 */
export function holds(box, x, y) {
  return x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3];
}

/**
 * Call `visit` for each cell of the grid that a box touches.
 * @param {Box} box
 * @param {(cell: number) => void} visit
 */
function eachCell(box, visit) {
  for (let row = Math.floor(box[1] / CELL); row <= Math.floor(box[3] / CELL); row++) {
    for (let column = Math.floor(box[0] / CELL); column <= Math.floor(box[2] / CELL); column++) visit(row * 4096 + column);
  }
}
