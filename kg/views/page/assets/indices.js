// Index buffers: which nodes and edges are drawn, and in which order.

/** @import { Colour } from './colours.js' */

/**
 * Write the ends of the chosen edges among some of an order to an index, from a place on; returns where it ends.
 * @param {Uint32Array} index
 * @param {number} at
 * @param {Uint32Array} ends
 * @param {Uint32Array} order
 * @param {Uint8Array} chosen
 * @param {number} from
 * @param {number} until
 */
export function gatherEdges(index, at, ends, order, chosen, from, until) {
  for (let k = from; k < until; k++) {
    index[at] = ends[2 * k];
    index[at + 1] = ends[2 * k + 1];
    at += 2 * chosen[order[k]];
  }
  return at;
}

/**
 * Write those of some edges that are not wholly to one side of a box (left, right, below, above) to an index.
 * @param {Uint32Array} index
 * @param {number} at
 * @param {Uint32Array} edges
 * @param {{ x: Float32Array, y: Float32Array }} places
 * @param {[number, number, number, number]} box
 * @param {number} from
 * @param {number} until
 */
export function gatherWithin(index, at, edges, { x, y }, [left, right, below, above], from, until) {
  for (let k = from; k < until; k++) {
    const a = edges[2 * k];
    const b = edges[2 * k + 1];
    index[at] = a;
    index[at + 1] = b;
    const beside = (x[a] < left && x[b] < left) || (x[a] > right && x[b] > right);
    at += beside || (y[a] < below && y[b] < below) || (y[a] > above && y[b] > above) ? 0 : 2;
  }
  return at;
}

/**
 * Write the nodes of an order whose number in `chosen` is large enough to an index; returns how many they are.
 * @param {Uint32Array} index
 * @param {Uint32Array} order
 * @param {Uint8Array} chosen
 * @param {number} least
 */
export function gatherNodes(index, order, chosen, least) {
  let count = 0;
  for (let k = 0; k < order.length; k++) {
    index[count] = order[k];
    count += chosen[order[k]] >= least ? 1 : 0;
  }
  return count;
}

/**
 * A colour for every node, as bytes: red, green, blue, 255.
 * @param {Uint8Array | Int32Array} numbers
 * @param {(number: number) => Colour} colourOf
 */
export function painted(numbers, colourOf) {
  const pixels = new Uint32Array(numbers.length);
  const known = new Map();
  for (let i = 0; i < numbers.length; i++) {
    let pixel = known.get(numbers[i]);
    if (pixel === undefined) known.set(numbers[i], (pixel = new Uint32Array(Uint8Array.from([...colourOf(numbers[i]), 255]).buffer)[0]));
    pixels[i] = pixel;
  }
  return new Uint8Array(pixels.buffer);
}
