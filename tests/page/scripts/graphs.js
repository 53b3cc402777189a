// Small graphs, made as the page reads them.

import { Graph } from '#page/graph.js';

const KINDS = ['post', 'person', 'organization', 'product', 'tag', 'category', 'area'];
export const BASE = 'https://kg.example/';

/** Bytes of numbers, laid in planes: all lowest bytes first. */
export function planes(numbers, width) {
  return Uint8Array.from({ length: numbers.length * width }, (_, i) => (numbers[i % numbers.length] >>> (8 * Math.floor(i / numbers.length))) & 255);
}

/** Columns as `unpack` gives them. */
export function container(header, columns) {
  return {
    header,
    column: (name) => columns[name],
    lines: (name) => columns[name].join('\n').split('\n'),
  };
}

/**
 * A graph of `{ label: [kind, { names, date, community, text }] }` and edges of labels, `[source, predicate, target]`. Nodes are numbered
 * by their place, and stand in a row from left to right. Ties are `[label, label, posts]`.
 */
export function graphOf(things, edges = [], { regions = [''], ties = [] } = {}) {
  const labels = Object.keys(things);
  const n = labels.length;
  const number = (label) => labels.indexOf(label);
  const predicates = [...new Set(['schema:mentions', ...edges.map(([, predicate]) => predicate)])];
  const of = (label) => ({ names: [], date: -(2 ** 31), community: 0, text: '', ...things[label][1] });
  const sorted = edges.map(([s, p, t]) => [number(s), predicates.indexOf(p), number(t)]).sort((a, b) => a[0] - b[0] || a[2] - b[2] || a[1] - b[1]);
  const out = labels.map((_, node) => sorted.filter(([source]) => source === node).length);
  const steps = sorted.map(([source, , target], e) => target - (e && sorted[e - 1][0] === source ? sorted[e - 1][2] : 0));
  const across = labels.map((_, i) => Math.round(((n > 1 ? i / (n - 1) : 0.5) * 2 + 0.1) / 2.2 * 65535));
  const core = container(
    {
      nodes: n, edges: sorted.length, base: BASE, languages: ['en', 'zh-Hans'],
      kinds: KINDS.map((name) => ({ name, en: name, zh: '', class: `https://schema.org/${name}` })),
      predicates: predicates.map((name) => ({ name, iri: name.replace('schema:', 'https://schema.org/') })),
      alike: '馬马沒没', sounds: { ma: '马', si: '斯', ke: '克' }, maxConcepts: 0, story: { window: ['', ''], risen: [], bridges: [] },
      regions: regions.map((name) => ({ id: name, name, names: {}, size: 1, x: 0, y: 0, r: 1, typical: [] })),
    },
    {
      position: planes([...across, ...labels.map(() => 32768)], 2),
      kind: Uint8Array.from(labels, (label) => KINDS.indexOf(things[label][0])),
      community: planes(labels.map((label) => of(label).community), 4),
      date: planes(labels.map((label) => of(label).date), 4),
      label: labels,
      names: labels.map((label) => of(label).names.join('\x1f')),
      ...tieColumns(ties.map(([one, other, posts]) => [Math.min(number(one), number(other)), Math.max(number(one), number(other)), posts])),
      out: planes(out, 4),
      target: planes(steps, 4),
      predicate: planes(sorted.map(([, predicate]) => predicate), 2),
      confidence: new Uint8Array(sorted.length).fill(255),
    },
  );
  const graph = new Graph(core);
  graph.addDetail(container({ fields: ['people', 'body'], cut: 0 }, {
    field: planes(sorted.map((_, e) => e % 2), 2),
    line: planes(sorted.map((_, e) => e), 2),
    iri: labels.map((label) => (things[label][0] === 'post' ? `.post/${label}` : '')),
    text: labels.map((label) => of(label).text),
  }));
  return Object.assign(graph, { number });
}

/** Ties as columns: `[lower node, higher node, posts]`. */
function tieColumns(ties) {
  const sorted = [...ties].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return {
    tieFrom: planes(sorted.map(([low], i) => low - (i ? sorted[i - 1][0] : 0)), 4),
    tieTo: planes(sorted.map(([, high]) => high), 4),
    tiePosts: planes(sorted.map(([, , posts]) => posts), 2),
  };
}

/** Three posts about two people and a company. */
export function newsroom() {
  const mentions = 'schema:mentions';
  return graphOf(
    {
      Acme: ['organization', { names: ['1=顶点', '~Acme Inc.', '0~ACME'] }],
      first: ['post', { date: 19_700, text: '0=x\x1f^https://old.example/first' }],
      second: ['post', { date: 19_800, community: 1 }],
      third: ['post', { date: 20_000, community: 1 }],
      'Ada Lovelace': ['person', {}],
      'Grace Hopper': ['person', { community: 1 }],
      news: ['tag', {}],
      essays: ['category', {}],
    },
    [
      ['first', mentions, 'Acme'], ['first', mentions, 'Ada Lovelace'], ['first', 'schema:keywords', 'news'],
      ['second', mentions, 'Acme'], ['second', mentions, 'Grace Hopper'], ['second', 'schema:keywords', 'news'],
      ['third', mentions, 'Grace Hopper'], ['third', 'dcterms:subject', 'essays'], ['Acme', 'schema:member', 'Ada Lovelace'],
    ],
    { regions: ['West', 'East'], ties: [['Acme', 'news', 2], ['Grace Hopper', 'essays', 1], ['Acme', 'Ada Lovelace', 1]] },
  );
}
