// The graph in memory. The format is described in kg/page/pack.py.

const FIELD = '\x1f';
const NO_DATE = -(2 ** 31);
const DAY = 86_400_000;

/** Unpack one blob of the page: base64, zlib, then a container of columns. */
async function unpack(id) {
  const holder = byId(id);
  const text = holder.textContent;
  holder.remove();
  let bytes;
  if (Uint8Array.fromBase64) {
    bytes = Uint8Array.fromBase64(text);
  } else {
    const binary = atob(text);
    bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  }
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  const buffer = await new Response(stream).arrayBuffer();
  const headerLength = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, headerLength)));
  const column = (name) => {
    const [offset, length] = header.columns[name];
    return new Uint8Array(buffer, 4 + headerLength + offset, length);
  };
  return { header, column, lines: (name) => new TextDecoder().decode(column(name)).split('\n') };
}

/** Put numbers back together whose bytes were laid in planes; `width` bytes each. */
function joined(planes, width) {
  const count = planes.length / width;
  const result = width === 4 ? new Uint32Array(count) : new Uint16Array(count);
  for (let byte = 0; byte < width; byte++) {
    const start = byte * count;
    const shift = 8 * byte;
    for (let i = 0; i < count; i++) result[i] |= planes[start + i] << shift;
  }
  return result;
}

/**
 * Nodes are numbers from 0, the best-connected first. Edges are numbers too; `arcs` lists the edges at each node.
 */
class Graph {
  static async load() {
    return new Graph(await unpack('kg-core'));
  }

  constructor({ header, column, lines }) {
    const n = (this.n = header.nodes);
    const m = (this.m = header.edges);
    this.title = header.title;
    this.base = header.base;
    this.kinds = header.kinds;
    this.predicates = header.predicates;
    this.languages = header.languages;
    this.regions = header.regions;
    const position = joined(column('position'), 2);
    this.x = new Float32Array(n);
    this.y = new Float32Array(n);
    for (let i = 0; i < n; i++) {
      this.x[i] = (position[i] / 65535) * 2.2 - 1.1;
      this.y[i] = (position[n + i] / 65535) * 2.2 - 1.1;
    }
    this.kind = column('kind');
    this.community = new Int32Array(joined(column('community'), 4).buffer);
    this.date = new Int32Array(joined(column('date'), 4).buffer);
    this.labels = n ? lines('label') : [];
    this.otherNames = n ? lines('names') : [];
    this.#readEdges(m, joined(column('out'), 4), joined(column('target'), 4));
    this.predicate = joined(column('predicate'), 2);
    this.confidence = column('confidence');
    this.kindNumber = new Map(this.kinds.map((kind, i) => [kind.name, i]));
    this.post = this.kindNumber.get('post') ?? -1;
    this.detail = null;
    // A post has many links because it names many things, not because it is important: it weighs less on the map.
    this.weight = new Float32Array(n);
    for (let i = 0; i < n; i++) this.weight[i] = this.degree[i] * (this.kind[i] === this.post ? 0.3 : 1);
    this.byWeight = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => this.weight[b] - this.weight[a] || a - b);
  }

  #readEdges(m, out, steps) {
    const n = this.n;
    this.source = new Uint32Array(m);
    this.target = new Uint32Array(m);
    this.degree = new Uint32Array(n);
    let edge = 0;
    for (let node = 0; node < n; node++) {
      let target = 0;
      for (let k = out[node]; k > 0; k--, edge++) {
        target += steps[edge];
        this.source[edge] = node;
        this.target[edge] = target;
        this.degree[node]++;
        this.degree[target]++;
      }
    }
    this.arcStart = new Uint32Array(n + 1);
    for (let i = 0; i < n; i++) this.arcStart[i + 1] = this.arcStart[i] + this.degree[i];
    const next = this.arcStart.slice();
    this.arcs = new Uint32Array(2 * m);
    for (let e = 0; e < m; e++) {
      this.arcs[next[this.source[e]]++] = e;
      this.arcs[next[this.target[e]]++] = e;
    }
  }

  /** Read IRIs and literals; they come later than the first picture. */
  async loadDetail() {
    const { lines } = await unpack('kg-detail');
    this.detail = this.n ? { iris: lines('iri'), texts: lines('text') } : { iris: [], texts: [] };
    this.numberOfIri = null;
  }

  isPost(node) {
    return this.kind[node] === this.post;
  }

  /** The node at the other end of an edge. */
  other(edge, node) {
    return this.source[edge] === node ? this.target[edge] : this.source[edge];
  }

  /** Edges at a node, both ways. */
  edgesAt(node) {
    return this.arcs.subarray(this.arcStart[node], this.arcStart[node + 1]);
  }

  /** Posts next to a node (a post is not next to itself), without repetition. */
  postsAt(node) {
    const found = new Set();
    for (const edge of this.edgesAt(node)) {
      const other = this.other(edge, node);
      if (other !== node && this.isPost(other)) found.add(other);
    }
    return [...found];
  }

  /** Every name but the first: [{text, language, alias}]. */
  names(node) {
    const line = this.otherNames[node];
    if (!line) return [];
    return line.split(FIELD).map((field) => {
      const mark = field.search(/[=~]/);
      const language = mark > 0 ? this.languages[Number(field.slice(0, mark))] : '';
      return { text: field.slice(mark + 1) || this.labels[node], language, alias: field[mark] === '~' };
    });
  }

  /** The name in a language, if there is one of its own; otherwise the label. */
  nameIn(node, language) {
    if (!this.otherNames[node].includes('=')) return this.labels[node];
    const found = this.names(node).find((name) => !name.alias && name.language.split('-')[0] === language);
    return found ? found.text : this.labels[node];
  }

  iri(node) {
    const short = this.detail?.iris[node];
    if (short === undefined) return '';
    if (short === '') {
      return this.base + this.kinds[this.kind[node]].name + '/' + this.labels[node].toLowerCase().replaceAll(' ', '_');
    }
    return short[0] === '<' ? short.slice(1) : this.base + short.slice(1);
  }

  /** The number of an IRI (or of one that the node had before), or -1. */
  find(iri) {
    if (!this.detail) return -1;
    if (!this.numberOfIri) {
      this.numberOfIri = new Map();
      this.detail.texts.forEach((text, node) => {
        if (text.includes('^')) for (const part of text.split(FIELD)) if (part[0] === '^') this.numberOfIri.set(part.slice(1), node);
      });
      for (let node = 0; node < this.n; node++) this.numberOfIri.set(this.iri(node), node);
    }
    return this.numberOfIri.get(iri) ?? -1;
  }

  /** What a node states about itself: [{name, value}], `name` being a prefixed predicate. */
  literals(node) {
    const line = this.detail?.texts[node];
    if (!line) return [];
    const result = [];
    for (const field of line.split(FIELD)) {
      if (field[0] === '^') continue;
      if (field[0] === '~') {
        result.push({ name: 'merge', value: field.slice(1) });
        continue;
      }
      const mark = field.indexOf('=');
      const predicate = this.predicates[Number(field.slice(0, mark))];
      let value = field.slice(mark + 1);
      if (predicate.name === 'dcterms:identifier' && value === '') value = this.iri(node).slice(this.base.length + 5) + '.md';
      result.push({ name: predicate.name, value });
    }
    return result;
  }

  literal(node, name) {
    return this.literals(node).find((literal) => literal.name === name)?.value ?? '';
  }
}

/** Days since 1970 as 2026-01-31, or "". */
function day(days) {
  return days === NO_DATE ? '' : new Date(days * DAY).toISOString().slice(0, 10);
}

/** The other way round; NaN for what is no date. */
function daysOf(text) {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? Math.floor(Date.parse(text) / DAY) : NaN;
}

/** Only these may be followed; everything else a post calls its source is shown as text. */
function isWebAddress(text) {
  if (!/^https?:\/\//i.test(text)) return false;
  try {
    return ['http:', 'https:'].includes(new URL(text).protocol);
  } catch {
    return false;
  }
}
