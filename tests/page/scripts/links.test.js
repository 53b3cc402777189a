import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Heap } from '#page/heap.js';
import { commonPosts, companions, edgeBetween, neighbourhood, similarPosts } from '#page/links.js';
import { anotherPath, isProof, shortestPath } from '#page/ways.js';
import { graphOf, newsroom } from './graphs.js';

const graph = newsroom();
const at = (label) => graph.number(label);
const labels = (nodes) => [...nodes].map((node) => graph.labels[node]);
const mentions = 'schema:mentions';

test('a heap gives the least first', () => {
  const heap = new Heap();
  for (const [value, key] of [5, 3, 9, 1, 7, 3].entries()) heap.push(key, value);
  const keys = [];
  while (heap.size) keys.push(heap.pop()[0]);
  assert.deepEqual(keys, [1, 3, 3, 5, 7, 9]);
});

test('a neighbourhood is counted in steps, and not passed through hubs', () => {
  assert.deepEqual(labels(neighbourhood(graph, at('essays'), 1, Infinity, null).keys()), ['essays', 'third']);
  assert.equal(neighbourhood(graph, at('essays'), 3, Infinity, null).get(at('second')), 3);
  assert.ok(!neighbourhood(graph, at('essays'), 3, 1, null).has(at('second')));
});

test('what is filtered out is not in a neighbourhood', () => {
  const visible = new Uint8Array(graph.n).fill(1);
  visible[at('third')] = 0;
  assert.deepEqual(labels(neighbourhood(graph, at('essays'), 2, Infinity, visible).keys()), ['essays']);
});

test('companions share posts, and are counted by them', () => {
  const shared = companions(graph, at('Acme'));
  assert.equal(shared.get(at('news')), 2);
  assert.equal(shared.get(at('Grace Hopper')), 1);
  assert.ok(!shared.has(at('Acme')));
});

test('posts that name both, the newest first', () => {
  assert.deepEqual(labels(commonPosts(graph, at('Acme'), at('news'))), ['second', 'first']);
});

test('similar posts share what is rare', () => {
  assert.deepEqual(labels(similarPosts(graph, at('first')).map(([post]) => post)), ['second']);
});

test('an edge is found from either end', () => {
  assert.equal(edgeBetween(graph, at('Acme'), at('first')), edgeBetween(graph, at('first'), at('Acme')));
  assert.equal(edgeBetween(graph, at('Acme'), at('essays')), -1);
});

test('the shortest way leads through the posts that name both', () => {
  const path = shortestPath(graph, at('Acme'), at('Grace Hopper'));
  assert.deepEqual(labels(path), ['Acme', 'second', 'Grace Hopper']);
  assert.ok(isProof(graph, path, 1));
  assert.ok(!isProof(graph, path, 0));
});

test('hubs are avoided only when that is wished', () => {
  const crowd = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`p${i}`, ['post', {}]]));
  const hub = graphOf(
    { Hub: ['organization', {}], A: ['person', {}], B: ['person', {}], C: ['person', {}], ab: ['post', {}], bc: ['post', {}], ca: ['post', {}], ...crowd },
    [...Object.keys(crowd).map((post) => [post, mentions, 'Hub']), ['A', mentions, 'Hub'], ['B', mentions, 'Hub'],
      ['ab', mentions, 'A'], ['ab', mentions, 'C'], ['bc', mentions, 'C'], ['bc', mentions, 'B']],
  );
  const way = (avoidHubs) => shortestPath(hub, hub.number('A'), hub.number('B'), { avoidHubs }).map((node) => hub.labels[node]);
  assert.deepEqual(way(false), ['A', 'Hub', 'B']);
  assert.deepEqual(way(true), ['A', 'ab', 'C', 'bc', 'B']);
});

test('another way uses other posts, and there is an end of ways', () => {
  const two = graphOf({ A: ['person', {}], B: ['person', {}], C: ['person', {}], ab: ['post', {}], ac: ['post', {}], cb: ['post', {}] },
    [['ab', mentions, 'A'], ['ab', mentions, 'B'], ['ac', mentions, 'A'], ['ac', mentions, 'C'], ['cb', mentions, 'C'], ['cb', mentions, 'B']]);
  const first = shortestPath(two, 0, 1);
  const second = anotherPath(two, 0, 1, [first], {});
  assert.deepEqual(first.map((node) => two.labels[node]), ['A', 'ab', 'B']);
  assert.deepEqual(second.map((node) => two.labels[node]), ['A', 'ac', 'C', 'cb', 'B']);
  assert.equal(anotherPath(two, 0, 1, [first, second], {}), null);
});

test('there may be no way', () => {
  const apart = graphOf({ A: ['person', {}], B: ['person', {}] });
  assert.equal(shortestPath(apart, 0, 1), null);
});
