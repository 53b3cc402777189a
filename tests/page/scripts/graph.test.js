import assert from 'node:assert/strict';
import { test } from 'node:test';

import { graphOf, newsroom } from './graphs.js';

const graph = newsroom();
const labels = (nodes) => [...nodes].map((node) => graph.labels[node]);

test('edges are found from both ends', () => {
  const acme = graph.number('Acme');
  assert.equal(graph.degree[acme], 3);
  assert.deepEqual(labels([...graph.edgesAt(acme)].map((edge) => graph.other(edge, acme))).sort(), ['Ada Lovelace', 'first', 'second']);
  assert.deepEqual(labels(graph.postsAt(acme)), ['first', 'second']);
});

test('posts weigh less than what they name', () => {
  assert.ok(Math.abs(graph.weight[graph.number('first')] - 0.9) < 1e-6);
  assert.equal(graph.weight[graph.number('Grace Hopper')], 2);
  assert.equal(graph.labels[graph.byWeight[0]], 'Acme');
});

test('what matters comes into sight first, and no part of the map is left empty', () => {
  const row = (name, count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`${name} ${i}`, ['tag', {}]]));
  const things = { ...row('west', 40), ...row('east', 40) };
  const edges = Array.from({ length: 39 }, (_, i) => ['west 0', 'schema:mentions', `west ${i + 1}`]);
  const { order, place, labels: names } = graphOf(things, edges);
  assert.equal(names[order[0]], 'west 0');
  assert.equal(order[place[7]], 7);
  assert.ok([...order.slice(0, 20)].filter((node) => names[node].startsWith('east')).length > 5);
});

test('names have a language, and aliases are known as such', () => {
  assert.deepEqual(graph.names(graph.number('Acme')), [
    { text: '顶点', language: 'zh-Hans', alias: false }, { text: 'Acme Inc.', language: '', alias: true }, { text: 'ACME', language: 'en', alias: true },
  ]);
  assert.equal(graph.nameIn(graph.number('Acme'), 'zh'), '顶点');
  assert.equal(graph.nameIn(graph.number('Acme'), 'en'), 'Acme');
  assert.equal(graph.nameIn(graph.number('Ada Lovelace'), 'zh'), 'Ada Lovelace');
});

test('an IRI that is not said follows from kind and label', () => {
  assert.equal(graph.iri(graph.number('Ada Lovelace')), 'https://kg.example/person/ada_lovelace');
  assert.equal(graph.iri(graph.number('first')), 'https://kg.example/post/first');
});

test('a node is found by its IRI and by one that it had before', () => {
  assert.equal(graph.find('https://kg.example/person/grace_hopper'), graph.number('Grace Hopper'));
  assert.equal(graph.find('https://old.example/first'), graph.number('first'));
  assert.equal(graph.find('https://kg.example/person/nobody'), -1);
});

test('literals have the name of their predicate; a path is told only where it differs', () => {
  const said = graphOf({ 'a/b': ['post', { text: '0=\x1f1=https://a.example/=x\x1f~A ≈ B (0.91)' }] });
  said.predicates.splice(0, 2, { name: 'dcterms:identifier', iri: '' }, { name: 'schema:isBasedOn', iri: '' });
  assert.deepEqual(said.literals(0), [
    { name: 'dcterms:identifier', value: 'a/b.md' }, { name: 'schema:isBasedOn', value: 'https://a.example/=x' }, { name: 'merge', value: 'A ≈ B (0.91)' },
  ]);
  assert.equal(said.literal(0, 'schema:isBasedOn'), 'https://a.example/=x');
  assert.equal(said.literal(0, 'schema:abstract'), '');
});

test('a graph may be empty', () => {
  const empty = graphOf({});
  assert.equal(empty.n, 0);
  assert.equal(empty.find('https://kg.example/x'), -1);
});
