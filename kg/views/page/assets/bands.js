// Edges in bands of like length: long edges are fainter, as they say less and cross more.

/**
 * @import { Camera } from './camera.js'
 * @import { Graph } from './graph.js'
 * @import { Theme } from './theme.js'
 */

/** How many bands there are. */
export const BANDS = 8;

/**
 * Edges by length, and shuffled within a band, so that any share of it is a fair sample.
 * @typedef {object} Banded
 * @property {Uint32Array} order edges, band after band
 * @property {Uint32Array} ends where each of these begins and ends
 * @property {Uint32Array} bandEnd where in the order each band ends
 * @property {Float32Array} bandLength about how long its edges are, in map coordinates
 */

/**
 * Sort the edges of a graph into bands.
 * @param {Graph} graph
 * @returns {Banded}
 */
export function bandsOf({ m, x, y, source, target }) {
  const length = new Float32Array(m);
  const histogram = new Uint32Array(1024);
  const cell = (/** @type {number} */ e) => Math.min(1023, Math.floor(length[e] * 400));
  for (let e = 0; e < m; e++) {
    length[e] = Math.hypot(x[source[e]] - x[target[e]], y[source[e]] - y[target[e]]);
    histogram[cell(e)]++;
  }
  const bandOfCell = new Uint8Array(1024);
  const bandLength = new Float32Array(BANDS);
  let seen = 0;
  histogram.forEach((count, c) => {
    const band = Math.min(BANDS - 1, Math.floor((seen * BANDS) / Math.max(m, 1)));
    bandOfCell[c] = band;
    if (count) bandLength[band] = (c + 0.5) / 400;
    seen += count;
  });
  const next = new Uint32Array(BANDS + 1);
  for (let e = 0; e < m; e++) next[bandOfCell[cell(e)] + 1]++;
  for (let band = 0; band < BANDS; band++) next[band + 1] += next[band];
  const bandEnd = next.slice(1);
  const order = new Uint32Array(m);
  const ends = new Uint32Array(2 * m);
  // A linear congruence visits every edge once, in a scattered order that is always the same.
  let step = Math.floor(m * 0.6180339887) | 1;
  while (m > 1 && gcd(step, m) !== 1) step += 2;
  for (let k = 0, e = 0; k < m; k++, e = (e + step) % m) {
    const place = next[bandOfCell[cell(e)]]++;
    order[place] = e;
    ends[2 * place] = source[e];
    ends[2 * place + 1] = target[e];
  }
  return { order, ends, bandEnd, bandLength };
}

/**
 * How opaque the edges of a band are: fainter the more there are and the longer they look.
 * @param {{ bandLength: Float32Array, bandStart: Uint32Array, theme: Theme }} renderer
 * @param {Camera} camera
 * @param {number} band
 */
export function edgeAlpha(renderer, camera, band) {
  const pixels = renderer.bandLength[band] * camera.scale;
  const crowd = Math.min(1, 1500 / Math.max(renderer.bandStart[BANDS], 1));
  const base = 0.02 + 0.42 * crowd + 0.045 * Math.min(4, Math.log2(Math.max(camera.zoom, 1)));
  return Math.max(base / Math.max(1, Math.pow(pixels / 110, 0.9)), 0.006) * (renderer.theme.contrast ? 1.2 : 1);
}

/**
 * The greatest common divisor.
 * @param {number} a
 * @param {number} b
 */
function gcd(a, b) {
  while (b) [a, b] = [b, a % b];
  return a;
}
