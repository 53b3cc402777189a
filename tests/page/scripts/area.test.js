import assert from 'node:assert/strict';
import { test } from 'node:test';

import { encloses, nodesWithin, simplified } from '#page/area.js';
import { everything } from '#page/filters.js';
import { readPlace, writtenPlace } from '#page/place.js';
import { Places } from '#page/places.js';
import { turtleOf } from '#page/turtle.js';
import { graphOf, newsroom } from './graphs.js';

const graph = newsroom();

test('a bay in an outline lies outside of it', () => {
  const horseshoe = [[0, 0], [9, 0], [9, 9], [6, 9], [6, 3], [3, 3], [3, 9], [0, 9]];
  assert.ok(encloses(horseshoe, 1, 8) && encloses(horseshoe, 8, 8) && encloses(horseshoe, 4.5, 1));
  assert.ok(!encloses(horseshoe, 4.5, 8) && !encloses(horseshoe, -1, 5));
});

test('nodes within an outline are found if they pass', () => {
  const passes = new Uint8Array(graph.n).fill(1);
  passes[0] = 0;
  const left = [[-2, -1], [0, -1], [0, 1], [-2, 1]];
  const nodes = nodesWithin(graph, new Places(graph), left, passes);
  assert.deepEqual(nodes, [1, 2, 3]);
  assert.ok(simplified(Array.from({ length: 900 }, (_, i) => [i, i])).length <= 40);
});

test('an address keeps an area, and knows nonsense', () => {
  const place = { at: -1, region: -1, look: null, path: null, set: null, steps: 0, most: Infinity, choice: everything(), theme: '', language: '' };
  const area = [[0, 0.5], [-1, 0.25], [0.125, 1]];
  assert.deepEqual(readPlace(graph, new URLSearchParams(writtenPlace(graph, { ...place, area }).toString())).area, area);
  for (const text of ['1,2', '1,2;x,3;4,5', '1;2;3']) assert.equal(readPlace(graph, new URLSearchParams({ area: text })).area, null, text);
});

test('Turtle says names, dates, links and literals, whatever is in them', () => {
  const odd = graphOf({
    'say "hi"\\': ['person', { names: ['1=说'] }],
    note: ['post', { date: 19_700, text: '1=two\tparts\x1f2=https://example.org/a' }],
  }, [['note', 'schema:mentions', 'say "hi"\\'], ['note', 'schema:abstract', 'note'], ['note', 'schema:isBasedOn', 'note']]);
  const text = turtleOf(odd, [0, 1]);
  assert.match(text, /^@prefix rdfs: <http/);
  assert.ok(text.includes('rdfs:label "说"@zh-Hans'));
  assert.ok(text.includes('rdfs:label "note"'));
  assert.ok(text.includes('"2023-12-09"^^xsd:date'));
  assert.ok(text.includes(String.raw`schema:abstract "two\tparts"`));
  assert.ok(text.includes('schema:isBasedOn <https://example.org/a>'));
  assert.match(text, /<https:\/\/kg.example\/post\/note>\n.*schema:mentions <https:\/\/kg.example\/person/s);
});
