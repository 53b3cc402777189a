import assert from 'node:assert/strict';
import { test } from 'node:test';

import { css, hslToRgb, mixed, rgb } from '#page/colours.js';
import { SHAPES, SHAPE_OF_KIND, shapePath } from '#page/shapes.js';
import { Theme } from '#page/theme.js';

test('colours are read in the ways that style sheets write them', () => {
  assert.deepEqual(rgb(' #0068B8'), [0, 104, 184]);
  assert.deepEqual(rgb('rgb(1, 2, 3)'), [1, 2, 3]);
  assert.deepEqual(rgb('rgba(1.5, 2, 3, 0.5)'), [1.5, 2, 3]);
  assert.deepEqual(rgb('nonsense'), [128, 128, 128]);
});

test('colours are written and mixed', () => {
  assert.equal(css([1.4, 2.6, 3]), 'rgba(1,3,3,1)');
  assert.deepEqual(mixed([0, 100, 200], [100, 100, 100], 0.5), [50, 100, 150]);
  assert.deepEqual(hslToRgb(120, 1, 0.5).map(Math.round), [0, 255, 0]);
});

test('a theme takes its colours from the style sheet, and other kinds share what is spare', () => {
  const style = { '--dark': ' 1', '--map': '#101010', '--kind-person': '#ff0000', '--kind-other-2': '#00ff00' };
  globalThis.document = { documentElement: {} };
  globalThis.getComputedStyle = () => ({ getPropertyValue: (name) => style[name] ?? '' });
  const theme = new Theme(['person', 'elf', 'post'].map((name) => ({ name, en: name, zh: name, class: '' })));
  assert.ok(theme.dark && !theme.contrast);
  assert.deepEqual(theme.background, [16, 16, 16]);
  assert.deepEqual(theme.ofKind.slice(0, 2), [[255, 0, 0], [0, 255, 0]]);
  assert.deepEqual(theme.accent, [136, 136, 136]);
  assert.equal(SHAPES[theme.shapes[0]], 'circle');
  assert.equal(SHAPES[theme.shapes[2]], 'square');
  assert.deepEqual(theme.region(3), theme.region(3));
  assert.notDeepEqual(theme.region(3), theme.region(4));
});

test('no two of our kinds share a shape, and every shape can be drawn', () => {
  const shapes = Object.values(SHAPE_OF_KIND);
  assert.equal(new Set(shapes).size, shapes.length);
  for (const shape of SHAPES.keys()) assert.match(shapePath(shape, 5, 5, 2), /^M[\d.]+ [\d.]+.*z$/);
});
