import assert from 'node:assert/strict';
import { test } from 'node:test';

import { groupsOf } from '#page/groups.js';
import { monthBins, unfinished, usual } from '#page/months.js';
import { excerpt, placeOf, proofs } from '#page/proof.js';
import { shortestPath } from '#page/ways.js';
import { graphOf } from './graphs.js';

const mentions = 'schema:mentions';
const graph = graphOf(
  {
    'In passing': ['post', { date: 20_300 }],
    'In its summary': ['post', { date: 20_200, text: '1=This tells at some length, before it comes to the matter itself, how ACME hired Ada.' }],
    'Acme and Ada meet': ['post', { date: 20_100 }],
    Acme: ['organization', { names: ['~Acme Inc.'] }],
    Ada: ['person', {}],
  },
  [
    ...['In passing', 'In its summary', 'Acme and Ada meet'].flatMap((post) => [[post, mentions, 'Acme'], [post, mentions, 'Ada']]),
    ['In passing', 'schema:abstract', 'Ada'],
  ],
);
const at = (label) => graph.number(label);
const [acme, ada] = [at('Acme'), at('Ada')];
const labels = (nodes) => nodes.map((node) => graph.labels[node]);

test('what is named in a title proves more than what is named in a summary, and that more than what is named in passing', () => {
  assert.deepEqual(labels(proofs(graph, acme, ada)), ['Acme and Ada meet', 'In its summary', 'In passing']);
  assert.deepEqual(labels(shortestPath(graph, acme, ada)), ['Acme', 'Acme and Ada meet', 'Ada']);
  const visible = new Uint8Array(graph.n).fill(1);
  visible[at('Acme and Ada meet')] = 0;
  assert.deepEqual(labels(shortestPath(graph, acme, ada, { visible })), ['Acme', 'In its summary', 'Ada']);
});

test('a proof quotes what a summary says of two things, and where a post names them', () => {
  assert.match(excerpt(graph, at('In its summary'), [ada, acme]), /^….*how ACME hired Ada\.$/);
  assert.equal(excerpt(graph, at('In passing'), [ada, acme]), '');
  assert.match(placeOf(graph, at('In its summary'), ada), /^(people|body), line \d$/);
  assert.equal(placeOf(graph, acme, ada), '');
});

test('posts that are too many are grouped by region, and a group can be opened', () => {
  const things = Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`post ${i}`, ['post', { community: i < 50 ? 0 : i < 88 ? 1 : 2 }]]));
  const many = graphOf({ ...things, Hub: ['person', {}] }, [], { regions: ['West', 'East', 'Nowhere'] });
  const groups = groupsOf(many, many.labels.keys(), new Set([1]));
  assert.deepEqual(groups.map(({ community, posts, open }) => [community, posts.length, open]), [[0, 50, false], [1, 38, true]]);
  assert.ok(groups.every(({ at: middle, posts }) => posts.includes(middle)));
  assert.ok(Math.abs(groups[0].at - 24.5) < 1);
  assert.deepEqual(groupsOf(many, [...many.labels.keys()].slice(0, 60), new Set()), []);
});

test('dates far from nearly all others are left at the ends, and a month is over with its last day', () => {
  const days = Int32Array.from([-9000, ...Array.from({ length: 200 }, (_, i) => 20_000 + i), 40_000]);
  assert.deepEqual(usual(days), [20_001, 20_198]);
  assert.deepEqual(usual(Int32Array.from([1, 2, 3])), [1, 3]);
  const last = Date.UTC(2026, 7, 31) / 864e5;
  const bins = monthBins(last - 200, last);
  assert.ok(!unfinished(bins, last));
  assert.ok(unfinished(bins, last - 1));
});
