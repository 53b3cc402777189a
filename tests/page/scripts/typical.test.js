import assert from 'node:assert/strict';
import { test } from 'node:test';

import { byFrequency, byTypicality, companionsOf, gSquared } from '#page/typical.js';
import { newsroom } from './graphs.js';

const graph = newsroom();
const at = (label) => graph.number(label);

test('the measure, by worked examples', () => {
  const near = (value, expected) => assert.ok(Math.abs(value - expected) < 0.05, `${value} is not ${expected}`);
  near(gSquared(8, 10, 10, 100), 35.8);
  near(gSquared(1, 10, 10, 100), 0);
  near(gSquared(0, 50, 50, 100), -138.6);
  near(gSquared(5, 5, 100, 100), 0);
  near(gSquared(2, 2, 2, 4), 5.5);
});

test('how many posts name a thing is counted once for each post', () => {
  assert.equal(graph.posts.total, 3);
  assert.deepEqual(['Acme', 'Ada Lovelace', 'Grace Hopper', 'news', 'essays'].map((label) => graph.posts.counts[at(label)]), [2, 1, 2, 2, 1]);
});

test('what is typical comes before what is frequent, or after it', () => {
  const found = companionsOf(graph, at('Acme'));
  assert.deepEqual(found.map(({ node }) => graph.labels[node]).sort(), ['Ada Lovelace', 'Grace Hopper', 'news']);
  const news = found.find(({ node }) => node === at('news'));
  assert.deepEqual([news.count, news.of], [2, 2]);
  assert.equal([...found].sort(byTypicality)[0].node, at('news'));
  const famous = { node: 1, count: 90, of: 900, score: 3 };
  const own = { node: 2, count: 9, of: 9, score: 40 };
  assert.deepEqual([famous, own].sort(byTypicality), [own, famous]);
  assert.deepEqual([own, famous].sort(byFrequency), [famous, own]);
});
