import assert from 'node:assert/strict';
import { test } from 'node:test';

import { NameIndex, folded } from '#page/names.js';
import { graphOf } from './graphs.js';

const graph = graphOf({
  'Sam Altman': ['person', { names: ['1=山姆·奥特曼', '~Samuel Altman'] }],
  Altman: ['person', {}],
  'Altman Brothers': ['organization', {}],
  Zürich: ['area', {}],
  OpenAI: ['organization', {}],
  Anthropic: ['organization', {}],
});
const index = new NameIndex(graph);
const find = (query) => index.find(query).map(({ node }) => graph.labels[node]);

test('case, accents and width make no difference', () => {
  assert.equal(folded('ＺÜrich'), 'zurich');
  assert.deepEqual(find('zurich'), ['Zürich']);
});

test('the very name comes first, then beginnings, then words, then the rest', () => {
  assert.deepEqual(index.find('altman').slice(0, 3).map(({ node, rank }) => [graph.labels[node], rank]), [['Altman', 0], ['Altman Brothers', 1], ['Sam Altman', 2]]);
});

test('all names of a thing lead to it, and it is told which did', () => {
  const [hit] = index.find('奥特曼');
  assert.equal(graph.labels[hit.node], 'Sam Altman');
  assert.equal(index.spelling(hit), '山姆·奥特曼');
});

test('words may come in any order', () => {
  assert.ok(find('altman sam').includes('Sam Altman'));
});

test('a slip of the finger does no harm', () => {
  for (const typed of ['Antropic', 'Anthrpoic', 'Anthropik', 'Anhtropic']) assert.equal(find(typed)[0], 'Anthropic', typed);
  assert.equal(find('opnai')[0], 'OpenAI');
});

test('nothing is found for nothing, and for what is like nothing', () => {
  assert.deepEqual(find('   '), []);
  assert.deepEqual(find('xyzzyx'), []);
});

test('a search leaves nothing behind for the next', () => {
  const before = index.find('altman');
  index.find('anthrpoic');
  assert.deepEqual(index.find('altman'), before);
});
