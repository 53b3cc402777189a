import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Boxes, holds } from '#page/boxes.js';
import { Camera } from '#page/camera.js';
import { nodeAt, regionAt } from '#page/picking.js';
import { Places } from '#page/places.js';
import { nodeRadii } from '#page/sizes.js';
import { STATE, statesOf } from '#page/states.js';
import { strokesAlong, strokesAmong, strokesFrom } from '#page/strokes.js';
import { newsroom } from './graphs.js';

const graph = newsroom();
const at = (label) => graph.number(label);
const everything = { visible: null, hide: true, highlighted: null, whole: false, selected: -1 };
const states = (what) => [...statesOf(graph.n, { ...everything, ...what })];

test('boxes are free until something lies over them; touching is no harm', () => {
  const boxes = new Boxes([[0, 0, 100, 20]]);
  assert.ok(boxes.free([0, 20, 100, 40]));
  assert.ok(!boxes.free([90, 10, 300, 12]));
  boxes.take([500, 500, 501, 501]);
  assert.ok(!boxes.free([-1000, -1000, 1000, 1000]));
  assert.ok(holds([0, 0, 10, 10], 10, 5) && !holds([0, 0, 10, 10], 11, 5));
});

test('what is highlighted stands out from the rest, and what is chosen most of all', () => {
  assert.ok(states({}).every((state) => state === STATE.plain));
  const some = states({ highlighted: new Set([1, 2]), selected: 2 });
  assert.deepEqual(some.slice(0, 3), [STATE.dimmed, STATE.marked, STATE.chosen]);
});

test('what is filtered out is hidden or faded, and only a path is shown all the same', () => {
  const visible = new Uint8Array(graph.n).fill(1);
  visible[0] = 0;
  assert.equal(states({ visible })[0], STATE.hidden);
  assert.equal(states({ visible, hide: false })[0], STATE.faded);
  assert.equal(states({ visible, highlighted: new Set([0]) })[0], STATE.hidden);
  assert.equal(states({ visible, highlighted: new Set([0]), whole: true })[0], STATE.marked);
});

test('highlighted edges lead along a path, among nodes, or from one node', () => {
  const theme = { accent: [1, 1, 1], ofKind: graph.kinds.map((_, kind) => [kind, 0, 0]) };
  const ends = (strokes) => strokes.map(({ from, to }) => `${graph.labels[from]}>${graph.labels[to]}`);
  assert.deepEqual(ends(strokesAlong(theme, [at('Acme'), at('first'), at('news')])), ['Acme>first', 'first>news']);
  assert.deepEqual(ends(strokesAmong(graph, theme, new Set([at('Acme'), at('first'), at('Ada Lovelace')]))).sort(), ['Acme>Ada Lovelace', 'first>Acme', 'first>Ada Lovelace']);
  const [stroke] = strokesFrom(graph, theme, at('third'), [at('essays')], 1);
  assert.deepEqual([stroke.to, stroke.colour, stroke.alpha], [at('essays'), [graph.kindNumber.get('category'), 0, 0], 0.75]);
});

test('a point picks the node that is drawn there, then the name that is written there, then nothing', () => {
  const camera = new Camera();
  camera.resize(1000, 800);
  const label = { node: at('news'), box: [0, 0, 60, 20] };
  const scene = {
    graph, camera, places: new Places(graph), states: statesOf(graph.n, everything), renderer: { radius: nodeRadii(graph) },
    labels: { shown: [label], regionsShown: [{ community: 1, box: [0, 700, 80, 720] }] },
  };
  const point = [camera.screenX(graph.x[at('Acme')]), camera.screenY(graph.y[at('Acme')])];
  assert.equal(nodeAt(scene, ...point, 6), at('Acme'));
  scene.states[at('Acme')] = STATE.hidden;
  assert.equal(nodeAt(scene, ...point, 6), -1);
  assert.equal(nodeAt(scene, 30, 10, 6), at('news'));
  assert.equal(regionAt(scene, 30, 710), 1);
  assert.equal(regionAt(scene, 30, 600), -1);
});
