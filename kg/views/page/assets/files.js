// What is chosen, as files: CSV and JSON.

import { day } from './dates.js';
import { element } from './dom.js';
import { STATE } from './states.js';

/**
 * @import { Graph } from './graph.js'
 * @import { View } from './view.js'
 */

/**
 * Have the browser save a file.
 * @param {string} name
 * @param {Blob | string} content
 * @param {string} type
 */
export function download(name, content, type) {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const address = URL.createObjectURL(blob);
  element('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/**
 * What exports are about: what is highlighted, or else what is in sight.
 * @param {View} view
 */
export function chosenNodes(view) {
  const highlighted = view.highlighted();
  const nodes = highlighted ? [...highlighted].filter((node) => view.states[node] !== STATE.hidden) : view.inSight();
  return nodes.sort((a, b) => a - b);
}

/**
 * The edges that begin and end among some nodes.
 * @param {Graph} graph
 * @param {number[]} nodes
 */
export function edgesAmong(graph, nodes) {
  const seen = new Set(nodes);
  const edges = [];
  for (const node of nodes) {
    for (const edge of graph.edgesAt(node)) if (graph.source[edge] === node && seen.has(graph.target[edge])) edges.push(edge);
  }
  return edges;
}

/**
 * One field of CSV (RFC 4180, https://www.rfc-editor.org/rfc/rfc4180); spreadsheets must not take it for a formula.
 * @param {string} value
 */
function csvField(value) {
  const text = /^[=+\-@\t\r]/.test(value) && !/^-?\d+(\.\d+)?$/.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Nodes as CSV, with a byte order mark, which spreadsheets need to see UTF-8.
 * @param {Graph} graph
 * @param {number[]} nodes
 */
export function csvOf(graph, nodes) {
  const rows = [['iri', 'label', 'type', 'other_names', 'links', 'date', 'source']];
  for (const node of nodes) {
    const names = graph.names(node).map((name) => name.text).filter((text) => text !== graph.labels[node]);
    rows.push([
      graph.iri(node), graph.labels[node], graph.kinds[graph.kind[node]].name, names.join(' | '),
      String(graph.degree[node]), day(graph.date[node]), graph.literal(node, 'schema:isBasedOn'),
    ]);
  }
  return '\ufeff' + rows.map((row) => row.map(csvField).join(',')).join('\r\n') + '\r\n';
}

/**
 * Nodes and the edges among them as JSON.
 * @param {Graph} graph
 * @param {number[]} nodes
 */
export function jsonOf(graph, nodes) {
  return JSON.stringify(
    {
      nodes: nodes.map((node) => ({
        iri: graph.iri(node), label: graph.labels[node], kind: graph.kinds[graph.kind[node]].name,
        names: [...new Set(graph.names(node).map((name) => name.text))], date: day(graph.date[node]) || undefined,
        attributes: graph.literals(node),
      })),
      edges: edgesAmong(graph, nodes).map((edge) => ({
        source: graph.iri(graph.source[edge]), predicate: graph.predicates[graph.predicate[edge]].iri, target: graph.iri(graph.target[edge]),
      })),
    },
    null,
    2,
  );
}
