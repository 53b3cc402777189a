import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';

import { joined, joinedShort, unpack } from '#page/unpack.js';
import { planes } from './graphs.js';

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
  return deflateSync(Buffer.concat([length, head, ...Object.values(columns)])).toString('base64');
}

test('a blob gives its header, its columns and its lines', async () => {
  const blob = await unpack(packed({ nodes: 2 }, { kind: Buffer.from([7, 9]), label: Buffer.from('Ada\n马斯克') }));
  assert.equal(blob.header.nodes, 2);
  assert.deepEqual([...blob.column('kind')], [7, 9]);
  assert.deepEqual(blob.lines('label'), ['Ada', '马斯克']);
});

test('bytes in planes are put together, negative numbers too', () => {
  assert.deepEqual([...joined(planes([1, 258, 70_000, 2 ** 31], 4))], [1, 258, 70_000, 2 ** 31]);
  assert.deepEqual([...new Int32Array(joined(planes([-5, 3], 4)).buffer)], [-5, 3]);
  assert.deepEqual([...joinedShort(planes([65_535, 256], 2))], [65_535, 256]);
});

test('what is no blob is refused', async () => {
  await assert.rejects(unpack(Buffer.from('neither zlib nor anything').toString('base64')));
});
