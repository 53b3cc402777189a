// What is chosen, as Turtle (https://www.w3.org/TR/turtle/). Literals have no language here, and only dates have a type: the
// page knows no more of them.

import { PREFIXES, iriRef } from './sparql.js';
import { NO_DATE, day } from './dates.js';
import { edgesAmong } from './files.js';
import { isWebAddress } from './text.js';

/** @import { Graph } from './graph.js' */

/** What may follow a prefix without an escape. */
const LOCAL = /^[A-Za-z_][\w-]*$/;
const ESCAPES = /** @type {Record<string, string>} */ ({ '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b', '\f': '\\f' });

/**
 * Nodes and the edges among them as Turtle.
 * @param {Graph} graph
 * @param {number[]} nodes
 */
export function turtleOf(graph, nodes) {
  /** @type {Map<number, [string, string][]>} predicates and objects of each node */
  const said = new Map(nodes.map((node) => [node, [['a', term(graph.kindOf(node).class)], ...labelsOf(graph, node), ...literalsOf(graph, node)]]));
  for (const edge of edgesAmong(graph, nodes)) {
    said.get(graph.source[edge])?.push([term(graph.predicates[graph.predicate[edge]].iri), iriRef(graph.iri(graph.target[edge]))]);
  }
  const blocks = [...said].map(([node, rows]) => `${iriRef(graph.iri(node))}\n${[...new Set(rows.map(([predicate, object]) => `    ${predicate} ${object}`))].join(' ;\n')} .\n`);
  const text = blocks.join('\n');
  const used = Object.entries(PREFIXES).filter(([prefix]) => text.includes(` ${prefix}:`) || text.includes(`^${prefix}:`));
  return used.map(([prefix, namespace]) => `@prefix ${prefix}: <${namespace}> .\n`).join('') + '\n' + text;
}

/**
 * What a node is called.
 * @param {Graph} graph
 * @param {number} node
 * @returns {[string, string][]}
 */
function labelsOf(graph, node) {
  const names = graph.names(node);
  const labels = names.some(({ alias, text }) => !alias && text === graph.labels[node]) ? names : [{ text: graph.labels[node], language: '', alias: false }, ...names];
  return labels.map(({ text, language, alias }) => [alias ? 'skos:altLabel' : 'rdfs:label', literal(text) + (/^[A-Za-z]+(-[A-Za-z0-9]+)*$/.test(language) ? `@${language}` : '')]);
}

/**
 * What a node states about itself; why its names were brought together is told elsewhere.
 * @param {Graph} graph
 * @param {number} node
 * @returns {[string, string][]}
 */
function literalsOf(graph, node) {
  const iris = new Map(graph.predicates.map(({ iri, name }) => [name, iri]));
  /** @type {[string, string][]} */
  const rows = graph.literals(node).filter(({ name }) => iris.has(name)).map(({ name, value }) => [
    term(iris.get(name) ?? ''),
    ['schema:isBasedOn', 'schema:url', 'owl:sameAs'].includes(name) && isWebAddress(value) ? iriRef(value) : literal(value),
  ]);
  if (graph.date[node] !== NO_DATE && !rows.some(([predicate]) => predicate === 'schema:datePublished')) rows.push(['schema:datePublished', `"${day(graph.date[node])}"^^xsd:date`]);
  return rows;
}

/**
 * An IRI with a prefix, if it has one of ours, or in brackets.
 * @param {string} iri
 */
function term(iri) {
  for (const [prefix, namespace] of Object.entries(PREFIXES).sort((a, b) => b[1].length - a[1].length)) {
    if (iri.startsWith(namespace) && LOCAL.test(iri.slice(namespace.length))) return `${prefix}:${iri.slice(namespace.length)}`;
  }
  return iriRef(iri);
}

/**
 * A text in quotes; halves of characters are no text.
 * @param {string} text
 */
function literal(text) {
  return `"${text.replace(/[\ud800-\udfff]/gu, '\ufffd').replace(/[\\"\n\r\t\f\u0008]/g, (one) => ESCAPES[one])}"`;
}
