import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Boxes, holds } from '#page/boxes.js';
import { Camera } from '#page/camera.js';
import { thingAt } from '#page/picking.js';
import { Places } from '#page/places.js';
import { nodeRadii, screenRadius } from '#page/sizes.js';
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

test('of a chosen region what lies elsewhere steps back', () => {
  const some = states({ within: 1, communities: graph.community });
  assert.ok(some.every((state, node) => state === (graph.community[node] === 1 ? STATE.plain : STATE.dimmed)));
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

/** A screen of 1000 by 800 pixels, with names on it. */
function sceneOf({ shown = [], regionsShown = [] } = {}) {
  const camera = new Camera();
  camera.resize(1000, 800);
  return {
    graph, camera, places: new Places(graph), states: statesOf(graph.n, everything), labels: { shown, regionsShown, groupsShown: [] },
    renderer: { radius: nodeRadii(graph), draws: () => true },
  };
}
const placeOf = ({ camera }, label) => [camera.screenX(graph.x[at(label)]), camera.screenY(graph.y[at(label)])];

test('a name is picked wherever it is written, whatever lies under it', () => {
  const scene = sceneOf();
  const [x, y] = placeOf(scene, 'Acme');
  scene.labels.shown = [{ node: at('news'), box: [x - 30, y - 8, x + 30, y + 8] }];
  scene.labels.regionsShown = [{ community: 1, box: [0, 700, 80, 720] }];
  for (const dx of [-30, 0, 30]) for (const dy of [-8, 0, 8]) assert.deepEqual(thingAt(scene, x + dx, y + dy, 6), { type: 'node', node: at('news') });
  assert.deepEqual(thingAt(scene, 30, 710, 6), { type: 'region', community: 1 });
  assert.equal(thingAt(scene, 30, 600, 6), null);
});

test('elsewhere the largest node that is drawn at a point is picked, and what is highlighted lies on top', () => {
  const scene = sceneOf();
  const point = placeOf(scene, 'Acme');
  graph.x[at('first')] = graph.x[at('Acme')];
  scene.places = new Places(graph);
  assert.equal(thingAt(scene, ...point, 6).node, at('Acme'));
  scene.states[at('first')] = STATE.marked;
  assert.equal(thingAt(scene, ...point, 6).node, at('first'));
  scene.states[at('first')] = scene.states[at('Acme')] = STATE.hidden;
  assert.equal(thingAt(scene, ...point, 6), null);
});

test('dust, and what is not drawn, is never picked', () => {
  const scene = sceneOf();
  const point = placeOf(scene, 'news');
  assert.equal(thingAt(scene, ...point, 6).node, at('news'));
  scene.renderer.draws = () => false;
  assert.equal(thingAt(scene, ...point, 6), null);
  scene.renderer = { radius: new Float32Array(graph.n).fill(0.5), draws: () => true };
  assert.equal(thingAt(scene, ...point, 6), null);
});

test('beside things the nearest within reach is picked, a name or a node', () => {
  const scene = sceneOf({ shown: [{ node: at('news'), box: [0, 0, 60, 20] }] });
  assert.equal(thingAt(scene, 30, 30, 16).node, at('news'));
  assert.equal(thingAt(scene, 30, 30, 6), null);
  const [x, y] = placeOf(scene, 'essays');
  const { radius } = scene.renderer;
  const rim = screenRadius({ radius }, scene.camera, at('essays'));
  assert.equal(thingAt(scene, x, y + rim + 5, 6).node, at('essays'));
  assert.equal(thingAt(scene, x, y + rim + 7, 6), null);
});
