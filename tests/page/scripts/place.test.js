import assert from 'node:assert/strict';
import { test } from 'node:test';

import { everything } from '#page/filters.js';
import { readPlace, writtenPlace } from '#page/place.js';
import { newsroom } from './graphs.js';

const graph = newsroom();
const at = (label) => graph.number(label);
const nowhere = { at: -1, region: -1, look: null, path: null, set: null, area: null, steps: 0, most: Infinity, choice: everything(), theme: '', language: '' };
const read = (address) => readPlace(graph, new URLSearchParams(address));
const written = (place) => writtenPlace(graph, { ...nowhere, ...place }).toString();

test('nothing chosen is nothing written', () => {
  assert.equal(written({}), '');
  const { theme, language, ...place } = nowhere;
  assert.deepEqual(read(''), place);
});

test('nodes are told by their IRIs, without what all of them begin with', () => {
  assert.equal(written({ at: at('Ada Lovelace') }), 'at=person%2Fada_lovelace');
  assert.equal(read('at=person/ada_lovelace').at, at('Ada Lovelace'));
  assert.equal(read('at=https://old.example/first').at, at('first'));
});

test('a place that was written is read again', () => {
  const choice = {
    ...everything(), kindsOff: new Set([0, 4]), relationsOff: new Set([0]), from: 19_700, least: 2, most: 9, communities: new Set([1]), hide: false,
  };
  choice.chosen.tag.add(at('news'));
  const place = { at: at('Acme'), region: -1, look: { x: 0.25, y: -0.5, zoom: 4 }, path: null, set: null, area: null, steps: 2, most: 100, choice };
  assert.deepEqual(read(written(place)), place);
});

test('regions are told by their ids, and not by numbers that another build may give', () => {
  assert.equal(written({ region: 1 }), 'region=East');
  assert.equal(read('region=East').region, 1);
  assert.equal(written({ choice: { ...everything(), communities: new Set([0, 1]) } }), 'regions=West%7CEast');
});

test('of a path its ends are kept', () => {
  const path = [at('Acme'), at('second'), at('Grace Hopper')];
  assert.deepEqual(read(written({ path })).path, [path[0], path[2]]);
});

test('what makes no sense is left out', () => {
  const { theme, language, ...place } = nowhere;
  for (const address of [
    'at=nobody', 'view=1,2', 'view=a,b,c', 'view=0,0,0', 'path=person/ada_lovelace|nobody', 'steps=9,100', 'without=elves', 'unlinked=elves',
    'tag=nobody', 'dates=yesterday..', 'links=many..', 'regions=7|-1|x', 'region=1', 'rest=gone', 'unknown=1',
  ]) assert.deepEqual({ ...read(address), most: Infinity }, place, address);
});
