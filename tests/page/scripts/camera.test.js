import assert from 'node:assert/strict';
import { test } from 'node:test';

import { bandsOf } from '#page/bands.js';
import { Camera } from '#page/camera.js';
import { extent } from '#page/extent.js';
import { Places } from '#page/places.js';
import { nodeRadii, screenRadius } from '#page/sizes.js';
import { newsroom } from './graphs.js';

const graph = newsroom();

function camera(look = { x: 0, y: 0, zoom: 1 }) {
  const made = new Camera();
  made.resize(1000, 800);
  made.jump(look);
  return made;
}

test('the map and the screen agree', () => {
  const here = camera({ x: 0.3, y: -0.2, zoom: 3 });
  assert.ok(Math.abs(here.mapX(here.screenX(0.7)) - 0.7) < 1e-9);
  assert.ok(Math.abs(here.mapY(here.screenY(-0.4)) + 0.4) < 1e-9);
  assert.ok(here.screenY(1) < here.screenY(0), 'north is up');
});

test('zooming keeps what is under the pointer, and knows its limits', () => {
  const here = camera();
  const [x, y] = [here.mapX(200), here.mapY(300)];
  here.zoomAt(2, 200, 300);
  assert.ok(Math.abs(here.mapX(200) - x) < 1e-9 && Math.abs(here.mapY(300) - y) < 1e-9);
  here.zoomAt(1e9);
  assert.equal(here.zoom, here.nearest);
  here.zoomAt(1e-9);
  assert.equal(here.zoom, 0.5);
});

test('one cannot leave the map', () => {
  const here = camera();
  here.pan(-1e6, 1e6);
  assert.ok(here.x <= 1.2 && here.y <= 1.2);
});

test('a view shows a rectangle in the part that nothing covers', () => {
  const here = camera();
  here.covered = { left: 400, right: 0, top: 0, bottom: 0 };
  here.jump(here.viewOf({ x: 0.5, y: 0.5, halfWidth: 0.1, halfHeight: 0.1 }));
  assert.ok(Math.abs(here.screenX(0.5) - 700) < 1);
  assert.ok(here.screenX(0.4) > 400 && here.screenX(0.6) < 1000);
});

test('a flight begins here and ends there; where motion is unwelcome one is there at once', () => {
  const there = { x: 0.5, y: 0.1, zoom: 6 };
  globalThis.matchMedia = () => ({ matches: false });
  const here = camera();
  here.fly(there);
  const { start, duration } = here.flight;
  here.advance(start);
  assert.ok(Math.abs(here.zoom - 1) < 1e-6);
  here.advance(start + duration / 2);
  assert.ok(here.x > 0 && here.x < 0.5);
  here.advance(start + duration + 1);
  assert.deepEqual({ x: here.x, y: here.y, zoom: here.zoom }, there);
  assert.ok(!here.advance(start + duration + 2));
  globalThis.matchMedia = () => ({ matches: true });
  const still = camera();
  still.fly(there);
  assert.deepEqual([still.x, still.flight], [0.5, null]);
});

test('an extent holds its nodes', () => {
  const all = extent(graph);
  assert.ok(Math.abs(all.halfWidth - 1) < 1e-3 && Math.abs(all.x) < 1e-3);
  const one = extent(graph, [0]);
  assert.ok(Math.abs(one.x + 1) < 1e-3 && one.halfWidth > 0);
});

test('nodes are found by place', () => {
  const places = new Places(graph);
  const found = [];
  places.within(-1.05, -0.1, -0.6, 0.1, (node) => found.push(node));
  assert.deepEqual(found, [0, 1]);
});

test('the better connected a thing is, the larger it is', () => {
  const radius = nodeRadii(graph);
  const size = (label) => screenRadius({ radius }, camera(), graph.number(label));
  assert.ok(size('Acme') > size('Grace Hopper') && size('Grace Hopper') > size('essays'));
});

test('every edge stands in one band, the shorter before the longer', () => {
  const { order, ends, bandEnd } = bandsOf(graph);
  assert.deepEqual([...order].sort((a, b) => a - b), [...Array(graph.m).keys()]);
  const length = (place) => Math.abs(graph.x[ends[2 * place]] - graph.x[ends[2 * place + 1]]);
  const longest = (from, until) => Math.max(0, ...Array.from({ length: until - from }, (_, k) => length(from + k)));
  assert.ok(longest(0, bandEnd[3]) <= longest(bandEnd[3], graph.m) + 1 / 400);
  assert.equal(bandEnd[7], graph.m);
});
