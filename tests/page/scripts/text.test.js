import assert from 'node:assert/strict';
import { test } from 'node:test';

import { NO_DATE, day, daysOf } from '#page/dates.js';
import { lastUpTo, monthBins, usual } from '#page/months.js';
import { clip, isWebAddress, plain } from '#page/text.js';

test('controls that hide or reorder text are not shown', () => {
  assert.equal(plain('\u202egnp.exe\u2066 a\u00ad\u0007b'), 'gnp.exe ab');
});

test('a text is cut between characters as people see them', () => {
  assert.equal(clip('short', 10), 'short');
  assert.equal(clip('abcdef', 4), 'abc…');
  assert.equal(clip('👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', 2), '👩‍👩‍👧…');
});

test('only addresses of the web can be followed', () => {
  for (const address of ['https://a.example/', 'HTTP://a.example']) assert.ok(isWebAddress(address), address);
  for (const text of ['javascript:alert(1)', 'data:text/html,x', ' https://a.example', 'https://', 'a.example', '']) assert.ok(!isWebAddress(text), text);
});

test('days are dates and back', () => {
  assert.equal(day(20_000), '2024-10-04');
  assert.equal(daysOf('2024-10-04'), 20_000);
  assert.equal(day(NO_DATE), '');
  for (const text of ['', '2024', '2024-13-45', '4.10.2024']) assert.ok(Number.isNaN(daysOf(text)), text);
});

test('bars are months, or longer where there would be too many', () => {
  const bars = (first, last) => monthBins(daysOf(first), daysOf(last)).map(day);
  assert.deepEqual(bars('2024-01-15', '2024-03-01'), ['2024-01-01', '2024-02-01', '2024-03-01']);
  assert.deepEqual(bars('2000-05-05', '2020-01-01').slice(0, 2), ['2000-04-01', '2000-07-01']);
  assert.deepEqual(bars('1900-05-05', '2020-01-01').slice(0, 2), ['1900-01-01', '1901-01-01']);
});

test('a few posts of long ago do not stretch the histogram', () => {
  assert.equal(usual(Int32Array.of(0, ...Array(200).fill(20_000), 20_100))[0], 20_000);
  assert.equal(usual(Int32Array.of(0, 100, 200))[0], 0);
});

test('the last number up to a value', () => {
  assert.deepEqual([5, 10, 15, 99].map((value) => lastUpTo([10, 20, 30], value)), [0, 0, 0, 2]);
  assert.equal(lastUpTo([10, 20, 30], 20), 1);
});
