// SPARQL (https://www.w3.org/TR/sparql11-query/): prefixes, and a query that asks a store for what is chosen.

import { clip, plain } from './text.js';

/** @import { View } from './view.js' */

/** @type {Record<string, string>} */
export const PREFIXES = {
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#', rdfs: 'http://www.w3.org/2000/01/rdf-schema#',
  xsd: 'http://www.w3.org/2001/XMLSchema#', owl: 'http://www.w3.org/2002/07/owl#', skos: 'http://www.w3.org/2004/02/skos/core#',
  dcterms: 'http://purl.org/dc/terms/', schema: 'https://schema.org/', prov: 'http://www.w3.org/ns/prov#', kg: 'https://kg.example/ns/',
  field: 'https://kg.example/ns/field/',
};

const SPARQL_NODES = 200;

/**
 * An IRI in angle brackets, with what SPARQL forbids there (https://www.w3.org/TR/sparql11-query/#rIRIREF) encoded.
 * @param {string} iri
 */
export function iriRef(iri) {
  return `<${iri.replace(/[\u0000-\u0020<>"{}|^`\\]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0'))}>`;
}

/**
 * A query for the chosen node and what it is linked with, or for the edges among some nodes.
 * @param {View} view
 * @param {number[]} nodes
 */
export function sparqlOf(view, nodes) {
  const { graph } = view;
  const prefixes = 'PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\nPREFIX schema: <https://schema.org/>\n\n';
  if (view.selected >= 0 && !view.marked) {
    const iri = iriRef(graph.iri(view.selected));
    return `${prefixes}# ${plain(clip(graph.labels[view.selected], 80))} and what it is linked with
SELECT DISTINCT ?relation ?node ?label ?date WHERE {
  { ${iri} ?relation ?node } UNION { ?node ?relation ${iri} }
  OPTIONAL { ?node rdfs:label ?label }
  OPTIONAL { ?node schema:datePublished ?date }
} ORDER BY DESC(?date)`;
  }
  const values = nodes.slice(0, SPARQL_NODES).map((node) => '    ' + iriRef(graph.iri(node))).join('\n');
  return `${prefixes}SELECT ?source ?relation ?target WHERE {
  VALUES ?source {\n${values}\n  }
  VALUES ?target {\n${values}\n  }
  ?source ?relation ?target .
}`;
}

/**
 * The query, with the prefixes that it uses and does not declare.
 * @param {string} query
 */
export function withPrefixes(query) {
  const missing = Object.keys(PREFIXES).filter((prefix) => new RegExp(`(^|[^\\w<])${prefix}:`).test(query) && !new RegExp(`prefix\\s+${prefix}:`, 'i').test(query));
  return missing.map((prefix) => `PREFIX ${prefix}: <${PREFIXES[prefix]}>\n`).join('') + (missing.length ? '\n' : '') + query;
}

/**
 * An IRI with a prefix, if it has one of ours.
 * @param {string} iri
 */
export function shorten(iri) {
  for (const [prefix, namespace] of Object.entries(PREFIXES).sort((a, b) => b[1].length - a[1].length)) {
    if (iri.startsWith(namespace)) return `${prefix}:${iri.slice(namespace.length)}`;
  }
  return iri;
}
