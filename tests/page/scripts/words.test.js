import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { RELATIONS, WORDS } from '#page/texts.js';
import { Words } from '#page/words.js';

const holes = (text) => [...new Set([text].flat().flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort();

test('both languages say the same things, with the same values', () => {
  assert.deepEqual(Object.keys(WORDS.zh), Object.keys(WORDS.en));
  for (const [key, text] of Object.entries(WORDS.en)) assert.deepEqual(holes(WORDS.zh[key]), holes(text), key);
});

test('there is a text for every word that the document asks for', () => {
  const document = readFileSync(new URL(import.meta.resolve('#page/page.html')), 'utf-8');
  const asked = [...document.matchAll(/data-(?:word|label|hint)="(\w+)"/g)].map(([, word]) => word);
  assert.ok(asked.length > 50);
  assert.deepEqual(asked.filter((word) => !(word in WORDS.en)), []);
});

test('a relation is named both ways in both languages, or it belongs to a literal and is read one way', () => {
  for (const [name, [there, back, dort, her]] of Object.entries(RELATIONS)) {
    assert.ok(there && dort, name);
    assert.equal(Boolean(back), Boolean(her), name);
  }
});

test('the language is the one asked for, else the first preferred that is ours, else English', () => {
  const words = new Words();
  const chosen = (...values) => {
    words.choose(...values);
    return [words.language, words.chosen];
  };
  assert.deepEqual(chosen('zh', ['en']), ['zh', 'zh']);
  assert.deepEqual(chosen('', ['fr-FR', 'zh-Hans-CN', 'en']), ['zh', '']);
  assert.deepEqual(chosen('elvish', ['fr']), ['en', '']);
});

test('numbers are counted in words', () => {
  const words = new Words();
  words.choose('en', []);
  assert.equal(words.counted('nPosts', 1), '1 post');
  assert.equal(words.counted('nPosts', 12_345), '12,345 posts');
  words.choose('zh', []);
  assert.equal(words.counted('nPosts', 1), '1 篇');
});

test('kinds and relations without a word of ours are told by their own name', () => {
  const words = new Words();
  words.choose('en', []);
  assert.equal(words.kinds({ name: 'person', en: 'Person', zh: '人物', class: '' }), 'People');
  assert.equal(words.kinds({ name: 'elf', en: '', zh: '', class: '' }), 'elf');
  assert.equal(words.relation('schema:mentions', false), 'mentioned by');
  assert.equal(words.relation('schema:birthPlace', true), 'birth place');
  assert.equal(words.relation('field:my_x0041_b', false), '← my ab');
});
