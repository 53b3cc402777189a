import assert from 'node:assert/strict';
import { test } from 'node:test';

import { bordersOf } from '#page/borders.js';
import { Camera } from '#page/camera.js';
import { fadeIn, nodesShown, threads } from '#page/detail.js';
import { settle } from '#page/land.js';
import { centralFirst, neighboursOf, postsInside, postsOfRegion, regionOf } from '#page/regions.js';
import { curveOf, tiesAmong, tiesShown } from '#page/ties.js';
import { graphOf, newsroom } from './graphs.js';

const graph = newsroom();
const at = (label) => graph.number(label);
const camera = (zoom = 1) => {
  const made = new Camera();
  made.resize(1200, 900);
  made.zoom = zoom;
  return made;
};

test('a region has posts, newest and most central first, and neighbours', () => {
  const posts = postsOfRegion(graph, 1);
  assert.deepEqual(posts, [at('third'), at('second')]);
  assert.deepEqual(centralFirst(graph, 1, posts), [at('second'), at('third')]);
  assert.equal(postsInside(graph, 1, at('Grace Hopper')), 2);
  assert.deepEqual(neighboursOf(graph, 1), [[0, 3]]);
  assert.deepEqual([regionOf(graph, 'East'), regionOf(graph, 'Nowhere')], [1, -1]);
});

test('ties lead from one thing to another, those of the most important first, and obey the filters', () => {
  const names = [...graph.ties.from.keys()].map((tie) => [graph.labels[graph.ties.from[tie]], graph.labels[graph.ties.to[tie]], graph.ties.posts[tie]]);
  assert.deepEqual(names, [['Acme', 'Ada Lovelace', 1], ['Acme', 'news', 2], ['Grace Hopper', 'essays', 1]]);
  const nodes = new Uint8Array(graph.n).fill(1);
  nodes[at('news')] = 0;
  const left = tiesAmong(graph, nodes);
  assert.equal(left.length, 2);
  assert.equal(tiesShown(graph, left, camera(), graph.n, false), 2);
  assert.equal(tiesShown(graph, left, camera(), 0, false), 0);
});

test('a tie bends towards where the ties between its regions run', () => {
  const two = graphOf({ a: ['tag', {}], b: ['tag', { community: 1 }] }, [], { regions: ['West', 'East'], ties: [['a', 'b', 3]] });
  two.regions[0].y = two.regions[1].y = 0.8;
  const theme = { region: () => [0, 0, 0], text: [0, 0, 0], tie: [9, 9, 9] };
  const curve = curveOf(two, theme, 0);
  assert.ok(curve.cy > 0.3 && curve.cy < 0.8);
  assert.deepEqual(curve.colour, [9, 9, 9]);
});

test('from afar what matters most is drawn, from near by everything', () => {
  assert.equal(nodesShown(50_000, camera(100)), 50_000);
  const few = nodesShown(50_000, camera());
  assert.ok(few >= 300 && few <= 2000);
  assert.ok(nodesShown(50_000, camera(2)) > 2 * few);
  assert.equal(threads(50_000, camera()), 0);
  assert.equal(threads(50_000, camera(100)), 1);
  assert.equal(threads(100, camera()), 1);
  const steps = fadeIn(50_000, camera());
  assert.equal(steps[0].from, 50_000 - few);
  assert.equal(steps.at(-1).until, 50_000);
  assert.ok(steps.every(({ from, alpha }, i) => !i || (from === steps[i - 1].until && alpha > steps[i - 1].alpha)));
});

test('borders run round each region, where it gives way to the next', () => {
  const things = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`t${i}`, ['tag', { community: i < 30 ? 0 : 1 }]]));
  const row = graphOf(things, [], { regions: ['West', 'East'] });
  const pieces = bordersOf(settle(row));
  assert.deepEqual([...new Set(pieces.map((piece) => piece.community))].sort(), [0, 1]);
  const between = pieces.filter(({ x, u, y }) => Math.abs(x) < 0.05 && Math.abs(u) < 0.05 && Math.abs(y) < 0.02);
  assert.ok(between.length >= 2);
  const ends = new Map();
  for (const { x, y, u, v, community } of pieces) for (const end of [`${community} ${x.toFixed(5)} ${y.toFixed(5)}`, `${community} ${u.toFixed(5)} ${v.toFixed(5)}`]) ends.set(end, (ends.get(end) ?? 0) + 1);
  const loose = [...ends.values()].filter((count) => count % 2).length;
  assert.ok(loose <= ends.size * 0.02, `${loose} of ${ends.size} ends are loose`);
});
