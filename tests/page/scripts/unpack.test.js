import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';

import { decoded, joined, joinedShort, unpack } from '#page/unpack.js';
import { planes } from './graphs.js';

const DIGITS = '!#$%()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz|~';

/** Bytes in base 85. */
function digits(bytes) {
  let text = '';
  for (let i = 0; i < bytes.length; i += 4) {
    const group = [0, 1, 2, 3].map((k) => bytes[i + k] ?? 0);
    const word = group.reduce((sum, byte) => sum * 256 + byte, 0);
    const all = [4, 3, 2, 1, 0].map((power) => DIGITS[Math.floor(word / 85 ** power) % 85]).join('');
    text += all.slice(0, Math.min(4, bytes.length - i) + 1);
  }
  return text;
}

/** A blob as pack.py makes it. */
function packed(header, columns) {
  let offset = 0;
  const places = {};
  for (const [name, bytes] of Object.entries(columns)) {
    places[name] = [offset, bytes.length];
    offset += bytes.length;
  }
  const head = Buffer.from(JSON.stringify({ ...header, columns: places }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  return digits(deflateSync(Buffer.concat([length, head, ...Object.values(columns)])));
}

test('a blob gives its header, its columns and its lines', async () => {
  const blob = await unpack(packed({ nodes: 2 }, { kind: Buffer.from([7, 9]), label: Buffer.from('Ada\n马斯克') }));
  assert.equal(blob.header.nodes, 2);
  assert.deepEqual([...blob.column('kind')], [7, 9]);
  assert.deepEqual(blob.lines('label'), ['Ada', '马斯克']);
});

test('bytes are read from their digits, however many there are', () => {
  assert.equal(DIGITS.length, 85);
  for (const bytes of [[], [0], [255], [1, 2], [255, 255, 255], [255, 255, 255, 255], [0, 0, 0, 0, 7], [9, 8, 7, 6, 5, 4, 3, 2, 1]]) assert.deepEqual([...decoded(digits(bytes))], bytes);
});

test('bytes in planes are put together, negative numbers too', () => {
  assert.deepEqual([...joined(planes([1, 258, 70_000, 2 ** 31], 4))], [1, 258, 70_000, 2 ** 31]);
  assert.deepEqual([...new Int32Array(joined(planes([-5, 3], 4)).buffer)], [-5, 3]);
  assert.deepEqual([...joinedShort(planes([65_535, 256], 2))], [65_535, 256]);
});

test('what is no blob is refused', async () => {
  await assert.rejects(unpack(digits(Buffer.from('neither zlib nor anything'))));
});
