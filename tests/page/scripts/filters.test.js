import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { Filters, everything } from '#page/filters.js';
import { newsroom } from './graphs.js';

const graph = newsroom();
const filters = new Filters(graph);
const at = (label) => graph.number(label);
const kind = (name) => graph.kindNumber.get(name);
const shown = () => {
  const { nodes } = filters.apply();
  return graph.labels.filter((_, node) => nodes[node]);
};

beforeEach(() => filters.clear());

test('without a choice everything is shown', () => {
  const all = filters.apply();
  assert.equal(all.shown, graph.n);
  assert.ok(all.edges.every((on) => on === 1));
  assert.equal(filters.active, 0);
});

test('clearing leaves the choice that lets everything through', () => {
  filters.kindsOff.add(1);
  filters.least = 4;
  filters.clear();
  for (const [name, value] of Object.entries(everything())) assert.deepEqual(filters[name], value, name);
});

test('a tag leaves its posts and what they name', () => {
  filters.chosen.tag.add(at('news'));
  assert.deepEqual(shown(), ['Acme', 'first', 'second', 'Ada Lovelace', 'Grace Hopper', 'news']);
});

test('facets are told by or within one, by and between two', () => {
  filters.chosen.tag.add(at('news'));
  filters.chosen.category.add(at('essays'));
  assert.deepEqual(shown(), []);
});

test('dates choose posts, both ends included', () => {
  filters.from = 19_800;
  filters.to = 19_800;
  assert.deepEqual(shown(), ['Acme', 'second', 'Grace Hopper', 'news']);
});

test('a kind that is off hides its nodes only: what hidden posts name stays', () => {
  filters.kindsOff.add(kind('post'));
  assert.deepEqual(shown(), ['Acme', 'Ada Lovelace', 'Grace Hopper', 'news', 'essays']);
});

test('a relation that is off takes its edges, and what only it held', () => {
  filters.relationsOff.add(graph.predicates.findIndex(({ name }) => name === 'schema:keywords'));
  const { edges } = filters.apply();
  assert.ok(!shown().includes('news'));
  assert.equal(edges.reduce((sum, on) => sum + on, 0), graph.m - 2);
});

test('links and regions choose nodes', () => {
  filters.least = 3;
  assert.deepEqual(shown(), ['Acme', 'first', 'second']);
  filters.clear();
  filters.communities.add(1);
  assert.deepEqual(shown(), ['second', 'third', 'Grace Hopper']);
});

test('counts tell what choosing otherwise would show', () => {
  filters.kindsOff.add(kind('person'));
  filters.chosen.tag.add(at('news'));
  const { counts } = filters.apply();
  assert.equal(counts.byKind[kind('person')], 2);
  assert.equal(counts.byValue[at('news')], 2);
  assert.equal(counts.byValue[at('essays')], 0);
  assert.equal(counts.byMonth.reduce((sum, count) => sum + count, 0), 2);
  assert.equal(filters.active, 2);
});
