// Blobs of the page, unpacked into columns. The format is described in pack.py.

/**
 * What a blob holds.
 * @typedef {object} Container
 * @property {any} header what is not a column, as JSON gives it
 * @property {(name: string) => Uint8Array<ArrayBuffer>} column the bytes of a column
 * @property {(name: string) => string[]} lines a column of text, line by line
 */

/**
 * Unpack a blob: base64, zlib, then a container of columns.
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

/**
 * Base64 as bytes.
 * @param {string} text
 */
function decoded(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
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
