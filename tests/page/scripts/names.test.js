import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LIKE, NameIndex } from '#page/names.js';
import { graphOf } from './graphs.js';

const graph = graphOf({
  'Sam Altman': ['person', { names: ['1=山姆·奥特曼', '~Samuel Altman'] }],
  Altman: ['person', {}],
  'Altman Brothers': ['organization', {}],
  Zürich: ['area', {}],
  'Elon Musk': ['person', { names: ['1=马斯克'] }],
  'Sam Bankman-Fried': ['person', {}],
  essay: ['post', { text: '1=A long text about grids\x1f2=沒有馬' }],
  OpenAI: ['organization', {}],
  Anthropic: ['organization', {}],
}, [['essay', 'schema:abstract', 'Altman'], ['essay', 'schema:description', 'Altman']]);
const index = new NameIndex(graph);
const find = (query) => index.find(query).map(({ node }) => graph.labels[node]);

test('case, accents and width make no difference', () => {
  assert.equal(graph.hanzi.folded('ＺÜrich'), 'zurich');
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

test('traditional characters are the simplified ones', () => {
  assert.deepEqual(find('馬斯克'), ['Elon Musk']);
  assert.deepEqual(index.findInTexts('没有马').map((node) => graph.labels[node]), ['essay']);
});

test('a name is found as it sounds, by its beginning, its end and its initials, but not by a part of a syllable', () => {
  for (const typed of ['masike', 'ma si ke', 'masi', 'sike', 'msk']) assert.deepEqual(find(typed), ['Elon Musk'], typed);
  assert.ok(index.find('asike').every(({ rank }) => rank >= LIKE));
  assert.equal(index.spelling(index.find('masike')[0]), '马斯克');
  assert.deepEqual(find('sbf'), ['Sam Bankman-Fried']);
  assert.deepEqual(find('hrx'), []);
});

test('what was written about is found by its words', () => {
  assert.deepEqual(index.findInTexts('grids about').map((node) => graph.labels[node]), ['essay']);
  assert.deepEqual(index.findInTexts('gr'), []);
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
