// The selection as data: CSV, JSON, and a SPARQL query that asks a store for the same.

/** What exports are about: what is highlighted, or else what is in sight. */
function chosenNodes() {
  const highlighted = view.highlighted();
  const nodes = highlighted ? [...highlighted].filter((node) => view.states[node] !== STATE.hidden) : view.inSight();
  return nodes.sort((a, b) => a - b);
}

function edgesAmong(nodes) {
  const { graph } = view;
  const seen = new Set(nodes);
  const edges = [];
  for (const node of nodes) {
    for (const edge of graph.edgesAt(node)) if (graph.source[edge] === node && seen.has(graph.target[edge])) edges.push(edge);
  }
  return edges;
}

/** One field of CSV (RFC 4180, https://www.rfc-editor.org/rfc/rfc4180); spreadsheets must not take it for a formula. */
function csvField(value) {
  const text = /^[=+\-@\t\r]/.test(value) && !/^-?\d+(\.\d+)?$/.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csvOf(nodes) {
  const { graph } = view;
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

function jsonOf(nodes) {
  const { graph } = view;
  return JSON.stringify(
    {
      nodes: nodes.map((node) => ({
        iri: graph.iri(node), label: graph.labels[node], kind: graph.kinds[graph.kind[node]].name,
        names: [...new Set(graph.names(node).map((name) => name.text))], date: day(graph.date[node]) || undefined,
        attributes: graph.literals(node),
      })),
      edges: edgesAmong(nodes).map((edge) => ({
        source: graph.iri(graph.source[edge]), predicate: graph.predicates[graph.predicate[edge]].iri, target: graph.iri(graph.target[edge]),
      })),
    },
    null,
    2,
  );
}

const SPARQL_NODES = 200;

/** An IRI in angle brackets, with what SPARQL forbids there (https://www.w3.org/TR/sparql11-query/#rIRIREF) encoded. */
function iriRef(iri) {
  return `<${iri.replace(/[\u0000-\u0020<>"{}|^`\\]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0'))}>`;
}

function sparqlOf(nodes) {
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

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // A page opened from disk may not be allowed the clipboard; the old way still works there.
    const area = element('textarea', { class: 'offscreen', 'aria-hidden': 'true' });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  toast(words.say('copied'));
}
