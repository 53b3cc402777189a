import assert from 'node:assert/strict';
import { test } from 'node:test';

import { csvOf, jsonOf } from '#page/files.js';
import { shorten, sparqlOf, withPrefixes } from '#page/sparql.js';
import { graphOf, newsroom } from './graphs.js';

const graph = newsroom();
const nodes = ['Acme', 'first', 'Ada Lovelace'].map((label) => graph.number(label));

test('CSV has a row for each node', () => {
  const [head, acme] = csvOf(graph, nodes).slice(1).split('\r\n');
  assert.equal(head, 'iri,label,type,other_names,links,date,source');
  assert.equal(acme, 'https://kg.example/organization/acme,Acme,organization,顶点 | Acme Inc. | ACME,3,,');
});

test('CSV holds hostile text safely', () => {
  const hostile = graphOf({ '=HYPERLINK(1)': ['person', {}], 'a "b", c': ['person', {}], '-1.5': ['person', {}] });
  const rows = csvOf(hostile, [0, 1, 2]);
  assert.match(rows, /,'=HYPERLINK\(1\),/);
  assert.match(rows, /,"a ""b"", c",/);
  assert.match(rows, /,-1\.5,/);
});

test('JSON has the nodes and the edges among them', () => {
  const data = JSON.parse(jsonOf(graph, nodes));
  assert.deepEqual(data.nodes.map(({ label }) => label), ['Acme', 'first', 'Ada Lovelace']);
  assert.deepEqual(data.edges.map(({ predicate }) => predicate), ['https://schema.org/member', 'https://schema.org/mentions', 'https://schema.org/mentions']);
});

test('a query asks for what is chosen, or for the edges among many', () => {
  const about = sparqlOf({ graph, selected: nodes[0], marked: null }, nodes);
  assert.match(about, /<https:\/\/kg\.example\/organization\/acme> \?relation \?node/);
  const among = sparqlOf({ graph, selected: -1, marked: null }, nodes);
  assert.equal(among.match(/ada_lovelace/g).length, 2);
});

test('prefixes are declared where they are used and not declared yet', () => {
  assert.equal(withPrefixes('ASK { ?a skos:broader ?b }'), 'PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n\nASK { ?a skos:broader ?b }');
  const whole = 'prefix skos: <x>\nASK { ?a skos:broader ?b }';
  assert.equal(withPrefixes(whole), whole);
  assert.equal(shorten('https://kg.example/ns/field/x'), 'field:x');
  assert.equal(shorten('https://elsewhere.example/x'), 'https://elsewhere.example/x');
});
