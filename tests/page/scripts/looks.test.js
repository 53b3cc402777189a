import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
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

/** What a colour looks like to those who lack a sort of cones (Machado et al. 2009, https://doi.org/10.1109/TVCG.2009.113), in linear RGB. */
const EYES = {
  all: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};
const linear = (colour) => colour.map((channel) => (channel / 255 <= 0.04045 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4));
const times = (matrix, [a, b, c]) => [0, 3, 6].map((row) => matrix[row] * a + matrix[row + 1] * b + matrix[row + 2] * c);

/** CIE L*a*b* of linear RGB, for daylight. */
function lab(colour) {
  const xyz = times([0.4124564, 0.3575761, 0.1804375, 0.2126729, 0.7151522, 0.072175, 0.0193339, 0.119192, 0.9503041], colour);
  const [x, y, z] = xyz.map((value, i) => value / [0.95047, 1, 1.08883][i]).map((t) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

test('no two kinds look alike, whatever cones one lacks, and each stands out from the ground', () => {
  const sheet = readFileSync(new URL('../../../kg/views/page/assets/page.css', import.meta.url), 'utf8');
  const grounds = [...sheet.matchAll(/--map: (#\w+);[^}]*?--kind-[^}]*/g)];
  assert.equal(grounds.length, 3);
  for (const [block, ground] of grounds) {
    const kinds = [...block.matchAll(/--kind-([\w-]+): (#\w+)/g)].map(([, name, colour]) => [name, linear(rgb(colour))]);
    assert.ok(kinds.length >= Object.keys(SHAPE_OF_KIND).length + 4);
    for (const [eye, matrix] of Object.entries(EYES)) {
      const seen = kinds.map(([name, colour]) => [name, lab(times(matrix, colour).map((value) => Math.min(1, Math.max(0, value))))]);
      for (const [i, [one, a]] of seen.entries()) for (const [other, b] of seen.slice(i + 1)) assert.ok(Math.hypot(...a.map((value, k) => value - b[k])) >= 10, `${one} and ${other} to ${eye} on ${ground}`);
    }
    const light = (colour) => 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2] + 0.05;
    for (const [name, colour] of kinds) {
      const [a, b] = [light(colour), light(linear(rgb(ground)))];
      assert.ok(Math.max(a, b) / Math.min(a, b) >= 3, `${name} on ${ground}`);
    }
  }
});
