// Blobs of the page, unpacked into columns. The format is described in pack.py.

/**
 * What a blob holds.
 * @typedef {object} Container
 * @property {any} header what is not a column, as JSON gives it
 * @property {(name: string) => Uint8Array<ArrayBuffer>} column the bytes of a column
 * @property {(name: string) => string[]} lines a column of text, line by line
 */

/**
 * Unpack a blob: base 85, zlib, then a container of columns.
 * @param {string} text
 * @returns {Promise<Container>}
 */
export async function unpack(text) {
  const stream = new Blob([decoded(text)]).stream().pipeThrough(new DecompressionStream('deflate'));
  const buffer = await new Response(stream).arrayBuffer();
  const headerLength = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, headerLength)));
  const column = (/** @type {string} */ name) => {
    const [offset, length] = header.columns[name];
    return new Uint8Array(buffer, 4 + headerLength + offset, length);
  };
  return { header, column, lines: (name) => new TextDecoder().decode(column(name)).split('\n') };
}

/** The digits of base 85: printable ASCII, but for what means something in HTML, in JavaScript or in our template. */
const DIGITS = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i)).filter((digit) => !'"&\'<>\\`{}'.includes(digit)).join('');

/**
 * Bytes of their digits in base 85: five digits for four bytes, the highest first; of a last group that is shorter, one digit
 * more than it has bytes.
 * @param {string} text
 */
export function decoded(text) {
  const value = new Uint8Array(128);
  for (let i = 0; i < DIGITS.length; i++) value[DIGITS.charCodeAt(i)] = i;
  const groups = Math.ceil(text.length / 5);
  const bytes = new Uint8Array(4 * groups);
  const words = new DataView(bytes.buffer);
  for (let group = 0; group < groups; group++) {
    let word = 0;
    for (let k = 5 * group; k < 5 * group + 5; k++) word = word * 85 + (k < text.length ? value[text.charCodeAt(k) & 127] : 84);
    words.setUint32(4 * group, word);
  }
  return bytes.subarray(0, bytes.length - (5 * groups - text.length));
}

/**
 * Numbers of four bytes, put back together from the planes that their bytes were laid in.
 * @param {Uint8Array} planes
 */
export function joined(planes) {
  return join(planes, new Uint32Array(planes.length / 4), 4);
}

/**
 * Numbers of two bytes.
 * @param {Uint8Array} planes
 */
export function joinedShort(planes) {
  return join(planes, new Uint16Array(planes.length / 2), 2);
}

/**
 * Fill numbers from planes.
 * @template {Uint16Array | Uint32Array} T
 * @param {Uint8Array} planes
 * @param {T} numbers zeros, to be filled
 * @param {number} width bytes of a number
 */
function join(planes, numbers, width) {
  const count = numbers.length;
  for (let byte = 0; byte < width; byte++) {
    const start = byte * count;
    const shift = 8 * byte;
    for (let i = 0; i < count; i++) numbers[i] |= planes[start + i] << shift;
  }
  return numbers;
}
