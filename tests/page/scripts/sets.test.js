import assert from 'node:assert/strict';
import { test } from 'node:test';

import { NameIndex } from '#page/names.js';
import { readPlace, writtenPlace } from '#page/place.js';
import { everything } from '#page/filters.js';
import { moved, postsOfSet, readSet } from '#page/sets.js';
import { newsroom } from './graphs.js';

const graph = newsroom();
const index = new NameIndex(graph);
const at = (label) => graph.number(label);
const asked = (query) => readSet(graph, index, query);
const found = (query) => postsOfSet(graph, asked(query)).map((post) => graph.labels[post]);

test('posts are found that name both, either, or the one and not the other', () => {
  assert.deepEqual(found('acme and grace hopper'), ['second']);
  assert.deepEqual(found('Ada Lovelace or essays'), ['third', 'first']);
  assert.deepEqual(found('Acme not Ada'), ['second']);
  assert.deepEqual(found('Acme and news and not Ada'), ['second']);
  assert.deepEqual(found('顶点和Grace'), ['second']);
  assert.deepEqual(found('Acme & Ada'), ['first']);
  assert.deepEqual(found('Ada Lovelace or essays and news'), ['first']);
  assert.deepEqual(found('Acme Grace Hopper'), ['second']);
});

test('what is a name, or asks for what is not known, is no set', () => {
  for (const query of ['Acme', 'Acme and', 'and Acme', 'Acme and nobody at all', 'Grace Hopper', 'Acme nobody', '']) assert.equal(asked(query), null, query);
});

test('a thing can be moved from one part to another, or out', () => {
  const set = { all: [1, 2], any: [], none: [] };
  assert.deepEqual(moved(set, 2, 'none'), { all: [1], any: [], none: [2] });
  assert.deepEqual(moved(set, 2, null), { all: [1], any: [], none: [] });
  assert.deepEqual(postsOfSet(graph, { all: [], any: [], none: [at('Acme')] }), []);
});

test('an address keeps a set', () => {
  const set = { all: [at('Acme'), at('news')], any: [], none: [at('Ada Lovelace')] };
  const parts = writtenPlace(graph, { at: -1, region: -1, look: null, path: null, set, steps: 0, most: Infinity, choice: everything(), theme: '', language: '' });
  assert.deepEqual(readPlace(graph, new URLSearchParams(parts.toString())).set, set);
});
