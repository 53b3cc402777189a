// The query editor, for a page that is served along with a SPARQL endpoint (https://www.w3.org/TR/sparql11-protocol/).

const QUERY_ROWS = 500;
const PREFIXES = {
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#', rdfs: 'http://www.w3.org/2000/01/rdf-schema#',
  xsd: 'http://www.w3.org/2001/XMLSchema#', owl: 'http://www.w3.org/2002/07/owl#', skos: 'http://www.w3.org/2004/02/skos/core#',
  dcterms: 'http://purl.org/dc/terms/', schema: 'https://schema.org/', prov: 'http://www.w3.org/ns/prov#', kg: 'https://kg.example/ns/',
  field: 'https://kg.example/ns/field/',
};
const KEYWORDS = [
  'SELECT', 'DISTINCT', 'WHERE', 'OPTIONAL', 'FILTER', 'UNION', 'GROUP BY', 'ORDER BY', 'DESC', 'LIMIT', 'OFFSET', 'COUNT', 'CONSTRUCT',
  'ASK', 'DESCRIBE', 'VALUES', 'BIND', 'MINUS', 'FILTER NOT EXISTS', 'HAVING', 'LANG', 'REGEX', 'CONTAINS', 'LCASE', 'STR',
];

class QueryEditor {
  constructor({ endpoint, examples }) {
    this.endpoint = endpoint;
    this.box = byId('query');
    this.text = byId('query-text');
    this.result = byId('query-result');
    const opener = byId('open-query');
    opener.hidden = false;
    opener.addEventListener('click', () => this.toggle());
    byId('query-close').addEventListener('click', () => this.toggle(false));
    byId('query-run').addEventListener('click', () => this.run());
    const offered = examples.length ? examples : [[words.say('exampleMost'), EXAMPLE]];
    const choice = byId('query-examples');
    choice.append(...offered.map(([title], i) => element('option', { value: i, text: title })));
    choice.addEventListener('change', () => {
      if (choice.value === '') return;
      this.text.value = withPrefixes(offered[Number(choice.value)][1]);
      choice.value = '';
      this.text.focus();
    });
    this.text.value = withPrefixes(offered[0][1]);
    this.text.addEventListener('keydown', (event) => this.#key(event));
    this.text.addEventListener('input', () => this.#suggest());
    this.text.addEventListener('blur', () => setTimeout(() => this.#closeSuggestions(), 150));
    this.list = byId('query-terms');
    const { graph } = view;
    this.terms = [...new Set([
      ...graph.predicates.map((p) => p.name), ...graph.kinds.map((kind) => shorten(kind.class)),
      'rdf:type', 'rdfs:label', 'skos:altLabel', 'skos:prefLabel', 'schema:datePublished', 'schema:headline', 'schema:abstract',
    ])].filter((name) => name.includes(':')).sort();
  }

  toggle(open = this.box.hidden) {
    this.box.hidden = !open;
    byId('open-query').setAttribute('aria-expanded', String(open));
    if (open) this.text.focus();
    else view.focusMap();
  }

  #key(event) {
    const open = !this.list.hidden;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.run();
    else if (open && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) this.#highlight(this.active + (event.key === 'ArrowDown' ? 1 : -1));
    else if (open && (event.key === 'Tab' || event.key === 'Enter')) this.#complete(this.offered[this.active]);
    else if (open && event.key === 'Escape') this.#closeSuggestions();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #word() {
    const before = this.text.value.slice(0, this.text.selectionStart);
    return /[A-Za-z_][\w-]*:?[\w-]*$/.exec(before)?.[0] ?? '';
  }

  #suggest() {
    const word = this.#word().toLowerCase();
    const starts = (term) => term.toLowerCase().startsWith(word) || (word.length > 2 && term.split(':')[1]?.toLowerCase().startsWith(word));
    this.offered = word.length < 2 ? [] : [...this.terms.filter(starts), ...KEYWORDS.filter(starts)].filter((term) => term.toLowerCase() !== word).slice(0, 8);
    this.list.replaceChildren(...this.offered.map((term, i) =>
      element('div', { class: 'option', role: 'option', id: `term-${i}`, text: term, on: { pointerdown: (event) => { event.preventDefault(); this.#complete(term); } } })));
    this.list.hidden = !this.offered.length;
    if (this.offered.length) this.#highlight(0);
  }

  #highlight(position) {
    this.active = (position + this.offered.length) % this.offered.length;
    [...this.list.children].forEach((option, i) => option.setAttribute('aria-selected', String(i === this.active)));
    this.text.setAttribute('aria-activedescendant', `term-${this.active}`);
  }

  #complete(term) {
    const word = this.#word();
    const at = this.text.selectionStart;
    this.text.setRangeText(term + ' ', at - word.length, at, 'end');
    const prefix = term.split(':')[0];
    if (term.includes(':') && PREFIXES[prefix] && !new RegExp(`prefix\\s+${prefix}:`, 'i').test(this.text.value)) {
      const line = `PREFIX ${prefix}: <${PREFIXES[prefix]}>\n`;
      this.text.setRangeText(line, 0, 0, 'preserve');
    }
    this.#closeSuggestions();
  }

  #closeSuggestions() {
    this.list.hidden = true;
    this.text.removeAttribute('aria-activedescendant');
  }

  async run() {
    this.running?.abort();
    const running = (this.running = new AbortController());
    this.result.replaceChildren(element('p', { class: 'hint', text: words.say('running') }));
    const start = performance.now();
    try {
      const response = await fetch(this.endpoint, {
        method: 'POST',
        body: this.text.value,
        signal: running.signal,
        headers: { 'Content-Type': 'application/sparql-query', Accept: 'application/sparql-results+json, text/turtle;q=0.9, text/plain;q=0.5' },
      });
      const text = await response.text();
      if (!response.ok) this.#fail(text || response.statusText);
      else if ((response.headers.get('Content-Type') ?? '').includes('json')) this.#show(JSON.parse(text), performance.now() - start);
      else this.result.replaceChildren(element('pre', { text: clip(text, 200_000) }));
    } catch (error) {
      if (error.name !== 'AbortError') this.#fail(words.say('noAnswer'));
    }
  }

  #fail(text) {
    this.result.replaceChildren(element('p', { class: 'fault', role: 'alert', text: clip(text, 2000) }));
  }

  #show(answer, duration) {
    if ('boolean' in answer) {
      this.result.replaceChildren(element('p', { class: 'answer', role: 'status', text: String(answer.boolean) }));
      return;
    }
    const names = answer.head.vars;
    const rows = answer.results.bindings;
    const nodes = new Set();
    const cell = (value) => {
      if (!value) return element('td');
      const node = value.type === 'uri' ? view.graph.find(value.value) : -1;
      if (node >= 0) return element('td', {}, nodeRow(node, null));
      const shown = value.type === 'uri' ? shorten(value.value) : value.value;
      return element('td', {}, value.type === 'uri' && isWebAddress(value.value) && shown === value.value ? webLink(value.value) : foreign(clip(shown, 300)),
        value['xml:lang'] ? element('span', { class: 'count', text: value['xml:lang'] }) : null);
    };
    for (const row of rows) for (const name of names) if (row[name]?.type === 'uri') nodes.add(view.graph.find(row[name].value));
    nodes.delete(-1);
    this.result.replaceChildren(
      element('p', { class: 'hint', role: 'status', text: words.counted('answered', rows.length, { ms: words.number(Math.round(duration)) }) }),
      element('div', { class: 'scroll', tabindex: '0' }, element('table', {},
        element('thead', {}, element('tr', {}, names.map((name) => element('th', { scope: 'col', text: name })))),
        element('tbody', {}, rows.slice(0, QUERY_ROWS).map((row) => element('tr', {}, names.map((name) => cell(row[name]))))))),
    );
    if (rows.length > QUERY_ROWS) this.result.append(element('p', { class: 'hint', text: words.say('more', { n: words.number(rows.length - QUERY_ROWS) }) }));
    if (nodes.size) view.mark({ nodes });
  }
}

const EXAMPLE = `SELECT ?thing ?label (COUNT(?post) AS ?posts) WHERE {
  ?post a schema:BlogPosting ; schema:mentions ?thing .
  ?thing rdfs:label ?label .
} GROUP BY ?thing ?label ORDER BY DESC(?posts) LIMIT 25`;

/** The query, with the prefixes that it uses and does not declare. */
function withPrefixes(query) {
  const missing = Object.keys(PREFIXES).filter((prefix) => new RegExp(`(^|[^\\w<])${prefix}:`).test(query) && !new RegExp(`prefix\\s+${prefix}:`, 'i').test(query));
  return missing.map((prefix) => `PREFIX ${prefix}: <${PREFIXES[prefix]}>\n`).join('') + (missing.length ? '\n' : '') + query;
}

function shorten(iri) {
  for (const [prefix, namespace] of Object.entries(PREFIXES).sort((a, b) => b[1].length - a[1].length)) {
    if (iri.startsWith(namespace)) return `${prefix}:${iri.slice(namespace.length)}`;
  }
  return iri;
}
