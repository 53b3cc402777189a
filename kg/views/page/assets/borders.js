// The borders of regions: lines where one gives way to another, or to nothing.

import { mixed } from './colours.js';
import { placeOf } from './land.js';

/**
 * @import { Land } from './land.js'
 * @import { Colour } from './colours.js'
 * @import { Theme } from './theme.js'
 */

/**
 * A piece of a border, from (x, y) to (u, v) in map coordinates.
 * @typedef {{ x: number, y: number, u: number, v: number, community: number }} Piece
 */

/** For each way in which the corners of a cell lie inside (bits: 1 lower left, 2 lower right, 4 upper right, 8 upper left), the sides that are joined: 0 below, 1 right, 2 above, 3 left. */
const JOINED = [[], [[3, 0]], [[0, 1]], [[3, 1]], [[1, 2]], [[3, 0], [1, 2]], [[0, 2]], [[3, 2]], [[2, 3]], [[2, 0]], [[0, 1], [2, 3]], [[2, 1]], [[1, 3]], [[1, 0]], [[0, 3]], []];

/**
 * The borders of all regions, by marching squares (Lorensen and Cline 1987, https://doi.org/10.1145/37401.37422, in the
 * plane): where a region is settled as densely as the next one, or as the shore.
 * @param {Land} land
 * @returns {Piece[]}
 */
export function bordersOf({ size, planes, first, second, owner }) {
  /** @type {Piece[]} */
  const pieces = [];
  const at = (/** @type {number} */ cell) => placeOf(cell, size);
  for (let row = 0; row + 1 < size; row++) {
    for (let column = 0; column + 1 < size; column++) {
      const i = row * size + column;
      const corners = [i, i + 1, i + size + 1, i + size];
      const here = new Set(corners.map((corner) => owner[corner]));
      if (here.size < 2) continue;
      for (const community of here) {
        if (community < 0) continue;
        // By how much this region prevails at each corner.
        const lead = corners.map((corner) => (owner[corner] === community ? first[corner] - second[corner] : planes[community][corner] - first[corner]));
        const sides = JOINED[lead.reduce((bits, value, k) => bits | (value > 0 ? 1 << k : 0), 0)];
        const share = (/** @type {number} */ a, /** @type {number} */ b) => lead[a] / (lead[a] - lead[b] || 1);
        const points = [
          () => [column + share(0, 1), row], () => [column + 1, row + share(1, 2)], () => [column + share(3, 2), row + 1], () => [column, row + share(0, 3)],
        ];
        for (const [from, to] of sides) {
          const [x, y] = points[from]();
          const [u, v] = points[to]();
          pieces.push({ x: at(x), y: at(y), u: at(u), v: at(v), community });
        }
      }
    }
  }
  return pieces;
}

/**
 * The colour of the border of a region.
 * @param {Theme} theme
 * @param {number} community
 * @returns {Colour}
 */
export function borderColour(theme, community) {
  return theme.contrast ? theme.text : mixed(theme.region(community), theme.text, 0.2);
}
