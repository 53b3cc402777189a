// The land under the nodes: soft regions, so that the map is read as one.

import { element, planeOf } from './dom.js';

/**
 * @import { Camera } from './camera.js'
 * @import { Graph } from './graph.js'
 * @import { Theme } from './theme.js'
 */

export const LAND_SIZE = 128;
/** The land reaches this far from the middle of the map, which itself reaches to 1. */
export const EXTENT = 1.3;
/** As densely as this, against the middle of the map, is the rim of the land settled. */
const SHORE = 0.045;

/**
 * How densely each place of the map is settled.
 * @typedef {object} Land
 * @property {number} size cells along each side
 * @property {number} extent how far the grid reaches from the middle of the map
 * @property {Float32Array[]} planes how densely, by community
 * @property {Float32Array} first how densely by the community that prevails there, or the shore where none does
 * @property {Float32Array} second and by the next one, or the shore
 * @property {Int16Array} owner the community that prevails, or -1
 * @property {({ x: number, y: number } | null)[]} middles the place on the land of each community that is farthest from other land, in map coordinates; null where it is strewn over others
 * @property {(theme: Theme) => Uint8Array<ArrayBuffer>} paint
 */

/**
 * The land: how densely each place of the map is settled, and by which community most. Nodes are dropped onto a grid, one
 * plane for each community, and spread by box blurs, which come close to a Gaussian; where two meet, the stronger wins.
 * @param {Graph} graph
 * @returns {Land}
 */
export function settle(graph) {
  const size = LAND_SIZE;
  const count = graph.regions.length;
  const planes = Array.from({ length: count }, () => new Float32Array(size * size));
  for (let i = 0; i < graph.n; i++) planes[graph.community[i]][cellOf(graph.y[i], size) * size + cellOf(graph.x[i], size)] += 1;
  const reach = graph.n > 5000 ? 2 : graph.n > 500 ? 3 : 4;
  const all = new Float32Array(size * size);
  for (const plane of planes) {
    for (let pass = 0; pass < 3; pass++) blur(plane, size, reach);
    for (let i = 0; i < all.length; i++) all[i] += plane[i];
  }
  const full = (4 * Math.max(graph.n, 40)) / (size * size) * (graph.n > 5000 ? 0.6 : 1);
  const { first, second, owner } = prevailing(planes, size, full * SHORE);
  return {
    size, extent: EXTENT, planes, first, second, owner, middles: middlesOf(count, owner, size),
    /**
     * The land as pixels: red, green and blue of its tints, and how densely it is settled.
     * @param {Theme} theme
     */
    paint(theme) {
      const picture = new Uint8Array(4 * size * size);
      const weights = new Float32Array(size * size);
      const sums = [0, 1, 2].map(() => new Float32Array(size * size));
      planes.forEach((plane, community) => {
        const tint = theme.region(community);
        for (let i = 0; i < plane.length; i++) {
          if (plane[i] < 1e-6) continue;
          const weight = (plane[i] / all[i]) ** 4;
          weights[i] += weight;
          for (let channel = 0; channel < 3; channel++) sums[channel][i] += weight * tint[channel];
        }
      });
      for (let i = 0; i < all.length; i++) {
        if (!weights[i]) continue;
        for (let channel = 0; channel < 3; channel++) picture[4 * i + channel] = sums[channel][i] / weights[i];
        picture[4 * i + 3] = Math.min(255, 255 * Math.pow(all[i] / full, 0.5) * 0.5);
      }
      return picture;
    },
  };
}

/**
 * Which community prevails in each cell, and by how much.
 * @param {Float32Array[]} planes
 * @param {number} size
 * @param {number} shore where less is settled, there is no land
 */
function prevailing(planes, size, shore) {
  const first = new Float32Array(size * size).fill(shore);
  const second = new Float32Array(size * size).fill(shore);
  const owner = new Int16Array(size * size).fill(-1);
  planes.forEach((plane, community) => {
    for (let i = 0; i < plane.length; i++) {
      if (plane[i] > first[i]) {
        second[i] = first[i];
        first[i] = plane[i];
        owner[i] = community;
      } else if (plane[i] > second[i]) second[i] = plane[i];
    }
  });
  return { first, second, owner };
}

/**
 * The middles of regions, by the distance of each cell to the next that is not of the same owner.
 * @param {number} count of regions
 * @param {Int16Array} owner
 * @param {number} size
 */
function middlesOf(count, owner, size) {
  const inland = new Uint16Array(owner.length);
  const farthest = new Uint16Array(count);
  /** @type {Land['middles']} */
  const middles = new Array(count).fill(null);
  for (const step of [1, -1]) {
    for (let k = 0; k < owner.length; k++) {
      const i = step > 0 ? k : owner.length - 1 - k;
      const near = [i - step, i - step * size, i - step * (size + 1), i - step * (size - 1)].map((j) => (owner[j] === owner[i] ? inland[j] : 0));
      inland[i] = step > 0 ? 1 + Math.min(...near) : Math.min(inland[i], 1 + Math.min(...near));
      const community = owner[i];
      if (step > 0 || community < 0 || inland[i] <= farthest[community]) continue;
      farthest[community] = inland[i];
      middles[community] = { x: placeOf(i % size, size), y: placeOf(Math.floor(i / size), size) };
    }
  }
  return middles;
}

/**
 * Where the middle of a cell lies, in map coordinates.
 * @param {number} cell its row or column
 * @param {number} size
 */
export function placeOf(cell, size) {
  return ((cell + 0.5) / size) * 2 * EXTENT - EXTENT;
}

/**
 * The community on whose land a place lies, or -1.
 * @param {Land} land
 * @param {number} x in map coordinates
 * @param {number} y
 */
export function ownerAt({ owner, size }, x, y) {
  const [column, row] = [cellOf(x, size), cellOf(y, size)];
  return owner[row * size + column];
}

/**
 * The row or column of a place on the map; that at the rim for one beyond it.
 * @param {number} value in map coordinates
 * @param {number} size
 */
function cellOf(value, size) {
  return Math.min(size - 1, Math.max(0, Math.floor(((value + EXTENT) / (2 * EXTENT)) * size)));
}

/**
 * Spread what is on a grid, along rows and along columns.
 * @param {Float32Array} plane
 * @param {number} size
 * @param {number} reach
 */
function blur(plane, size, reach) {
  const line = new Float32Array(size);
  for (const [step, stride] of [[1, size], [size, 1]]) {
    for (let k = 0; k < size; k++) {
      const start = k * stride;
      let sum = 0;
      for (let i = 0; i < reach; i++) sum += plane[start + i * step];
      for (let i = 0; i < size; i++) {
        if (i + reach < size) sum += plane[start + (i + reach) * step];
        if (i - reach - 1 >= 0) sum -= plane[start + (i - reach - 1) * step];
        line[i] = sum / (2 * reach + 1);
      }
      for (let i = 0; i < size; i++) plane[start + i * step] = Math.max(line[i], 0);
    }
  }
}

/**
 * How strongly the land shows: less while something is highlighted or filtered, and the nearer one is.
 * @param {{ theme: Theme, edgesDimmed: boolean, filtered: boolean }} renderer
 * @param {Camera} camera
 */
export function landStrength(renderer, camera) {
  if (renderer.theme.contrast) return 0;
  const near = Math.min(1, Math.max(0.25, 1.3 - Math.log2(Math.max(camera.zoom, 1)) / 5));
  return (renderer.theme.dark ? 0.26 : 0.38) * (renderer.edgesDimmed ? 0.5 : 1) * (renderer.filtered ? 0.6 : 1) * near;
}

/**
 * The land as a picture for a plain canvas or a file, as the shader in shaders.js draws it; north is up.
 * @param {Uint8Array} picture
 */
export function landCanvas(picture) {
  const size = LAND_SIZE;
  const canvas = element('canvas', { width: size, height: size });
  const image = new ImageData(size, size);
  const smooth = (/** @type {number} */ from, /** @type {number} */ to, /** @type {number} */ value) => {
    const share = Math.min(1, Math.max(0, (value - from) / (to - from)));
    return share * share * (3 - 2 * share);
  };
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const from = 4 * (row * size + column);
      const to = 4 * ((size - 1 - row) * size + column);
      for (let channel = 0; channel < 3; channel++) image.data[to + channel] = picture[from + channel];
      const settled = picture[from + 3] / 255;
      image.data[to + 3] = 255 * (0.55 * smooth(0.05, 0.16, settled) + 0.45 * smooth(0.16, 0.9, settled));
    }
  }
  planeOf(canvas).putImageData(image, 0, 0);
  return canvas;
}

/**
 * Where that picture lies on the screen: [left, top, width, height] in pixels.
 * @param {Camera} camera
 * @returns {[number, number, number, number]}
 */
export function landPlace(camera) {
  const side = 2 * EXTENT * camera.scale;
  return [camera.screenX(-EXTENT), camera.screenY(EXTENT), side, side];
}
