// The graph in memory. The format is described in pack.py.

import { orderOfSight } from './detail.js';
import { Hanzi } from './hanzi.js';
import { joined, joinedShort } from './unpack.js';

/** @import { Container } from './unpack.js' */

/**
 * A kind of node, such as a person.
 * @typedef {object} Kind
 * @property {string} name
 * @property {string} en what one is called in English
 * @property {string} zh and in Chinese
 * @property {string} class the IRI of its class
 */

/**
 * What an edge or a literal says.
 * @typedef {object} Predicate
 * @property {string} iri
 * @property {string} name the IRI with a prefix, such as `schema:mentions`
 */

/**
 * A community of nodes, as a place on the map.
 * @typedef {object} Region
 * @property {string} id which stays the same when the graph is built again
 * @property {string} name or nothing
 * @property {Record<string, string>} names by language
 * @property {number} size in nodes
 * @property {number} x its middle, in map coordinates
 * @property {number} y
 * @property {number} r its radius
 * @property {number[]} typical nodes
 */

/**
 * @typedef {object} Name
 * @property {string} text
 * @property {string} language a language tag, or nothing
 * @property {boolean} alias whether it is only another spelling
 */

/**
 * @typedef {object} Literal
 * @property {string} name a prefixed predicate
 * @property {string} value
 */

/**
 * What the page begins with, as kg/views/page/story.py tells it.
 * @typedef {object} Story
 * @property {[string, string]} window the first and the last month of the newest window; nothing where there is none
 * @property {[node: number, before: number, now: number, shareBefore: number, shareNow: number][]} risen posts, and shares of all posts
 * @property {[node: number, region: number, other: number][]} bridges
 */

const FIELD = '\x1f';

/**
 * Nodes are numbers from 0, the best-connected first. Edges are numbers too; `arcs` lists the edges at each node.
 */
export class Graph {
  /** @type {{ iris: string[], texts: string[], field: Uint16Array, line: Uint16Array, fields: string[], cut: number } | null} what comes later than the first picture */
  #detail = null;
  /** @type {Map<string, number> | null} */
  #numberOfIri = null;

  /** @type {{ counts: Uint32Array, total: number } | null} */
  #posts = null;

  /** @param {Container} container the core */
  constructor({ header, column, lines }) {
    /** @type {number} how many nodes there are */
    this.n = header.nodes;
    /** @type {number} how many edges there are */
    this.m = header.edges;
    const { n, m } = this;
    /** @type {string} what the IRIs of the graph begin with */
    this.base = header.base;
    /** @type {Kind[]} */
    this.kinds = header.kinds;
    /** @type {Predicate[]} */
    this.predicates = header.predicates;
    /** @type {string[]} */
    this.languages = header.languages;
    /** @type {Region[]} by their community */
    this.regions = header.regions;
    /** The region of what is linked with nothing else, of which nothing is typical; -1: there is none. */
    this.loose = this.regions.findIndex(({ typical }) => !typical.length);
    /** @type {Story} */
    this.story = header.story;
    /** @type {number} so many concepts it may have; 0: nothing is known of that */
    this.maxConcepts = header.maxConcepts;
    this.hanzi = new Hanzi(header.alike, header.sounds);
    const position = joinedShort(column('position'));
    /** Where nodes stand on the map, which reaches from -1.1 to 1.1 both ways; y upwards. */
    this.x = new Float32Array(n);
    this.y = new Float32Array(n);
    for (let i = 0; i < n; i++) {
      this.x[i] = (position[i] / 65535) * 2.2 - 1.1;
      this.y[i] = (position[n + i] / 65535) * 2.2 - 1.1;
    }
    this.kind = column('kind');
    this.community = new Int32Array(joined(column('community')).buffer);
    /** Days since 1970-01-01, or NO_DATE. */
    this.date = new Int32Array(joined(column('date')).buffer);
    this.labels = n ? lines('label') : [];
    this.otherNames = n ? lines('names') : [];
    const edges = readEdges(n, m, joined(column('out')), joined(column('target')));
    /** Where each edge begins and ends. */
    this.source = edges.source;
    this.target = edges.target;
    /** How many edges each node has. */
    this.degree = countEnds(n, edges);
    const { start, arcs } = arcsOf(edges, this.degree);
    this.arcStart = start;
    this.arcs = arcs;
    this.predicate = joinedShort(column('predicate'));
    /** How sure an edge is: 255 where it was said, less where it was inferred. */
    this.confidence = column('confidence');
    this.kindNumber = new Map(this.kinds.map((kind, i) => [kind.name, i]));
    this.post = this.kindNumber.get('post') ?? -1;
    // A post has many links because it names many things, not because it is important: it weighs less on the map.
    this.weight = new Float32Array(n);
    for (let i = 0; i < n; i++) this.weight[i] = this.degree[i] * (this.kind[i] === this.post ? 0.3 : 1);
    /** All nodes, the heaviest first. */
    this.byWeight = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => this.weight[b] - this.weight[a] || a - b);
    /** All nodes, in the order in which they come into sight as one zooms in. */
    this.order = orderOfSight(this);
    /** The place of each node in this order. */
    this.place = new Uint32Array(n);
    this.order.forEach((node, place) => { this.place[node] = place; });
    /** Which things go together, in the order in which both ends have come into sight. */
    this.ties = readTies(joined(column('tieFrom')), joined(column('tieTo')), joinedShort(column('tiePosts')), this.place);
  }

  /**
   * Take in IRIs and literals: they come later than the first picture.
   * @param {Container} container the detail
   */
  addDetail({ header, column, lines }) {
    const [iris, texts] = this.n ? [lines('iri'), lines('text')] : [[], []];
    this.#detail = { iris, texts, field: joinedShort(column('field')), line: joinedShort(column('line')), fields: header.fields, cut: header.cut };
    this.#numberOfIri = null;
  }

  /** Whether IRIs, literals and lines have come. */
  get detailed() {
    return this.#detail !== null;
  }

  /** Characters at which long texts are cut; 0: none is, as far as we know. */
  get cut() {
    return this.#detail?.cut ?? 0;
  }

  /**
   * Where a post says an edge: the field and the line; null before the details have come, and where it is said nowhere.
   * @param {number} edge
   */
  placeOf(edge) {
    const line = this.#detail?.line[edge];
    return this.#detail && line ? { field: this.#detail.fields[this.#detail.field[edge]], line } : null;
  }

  /**
   * What kind of thing a node is.
   * @param {number} node
   */
  kindOf(node) {
    return this.kinds[this.kind[node]];
  }

  /**
   * Whether a node is a post.
   * @param {number} node
   */
  isPost(node) {
    return this.kind[node] === this.post;
  }

  /**
   * The node at the other end of an edge.
   * @param {number} edge
   * @param {number} node
   */
  other(edge, node) {
    return this.source[edge] === node ? this.target[edge] : this.source[edge];
  }

  /**
   * Edges at a node, both ways.
   * @param {number} node
   */
  edgesAt(node) {
    return this.arcs.subarray(this.arcStart[node], this.arcStart[node + 1]);
  }

  /** How many posts there are, and how many are next to each node; counted when first asked for. */
  get posts() {
    return (this.#posts ??= this.postsThat(() => true));
  }

  /**
   * The same of some posts.
   * @param {(post: number) => boolean} admits
   */
  postsThat(admits) {
    const { n, arcs, arcStart } = this;
    const wanted = Uint8Array.from({ length: n }, (_, node) => (this.isPost(node) && admits(node) ? 1 : 0));
    const counts = new Uint32Array(n);
    const seen = new Int32Array(n).fill(-1);
    for (let node = 0; node < n; node++) {
      for (let k = arcStart[node]; k < arcStart[node + 1]; k++) {
        const other = this.other(arcs[k], node);
        if (other === node || seen[other] === node || !wanted[other]) continue;
        seen[other] = node;
        counts[node]++;
      }
    }
    return { counts, total: wanted.reduce((sum, one) => sum + one, 0) };
  }

  /**
   * Posts next to a node (a post is not next to itself), without repetition.
   * @param {number} node
   */
  postsAt(node) {
    /** @type {Set<number>} */
    const found = new Set();
    for (const edge of this.edgesAt(node)) {
      const other = this.other(edge, node);
      if (other !== node && this.isPost(other)) found.add(other);
    }
    return [...found];
  }

  /**
   * Every name but the first.
   * @param {number} node
   * @returns {Name[]}
   */
  names(node) {
    const line = this.otherNames[node];
    if (!line) return [];
    return line.split(FIELD).map((field) => {
      const mark = field.search(/[=~]/);
      const language = mark > 0 ? this.languages[Number(field.slice(0, mark))] : '';
      return { text: field.slice(mark + 1) || this.labels[node], language, alias: field[mark] === '~' };
    });
  }

  /**
   * The name in a language, if there is one of its own; otherwise the label. English readers are shown names in Latin
   * letters that are in no language.
   * @param {number} node
   * @param {string} language
   */
  nameIn(node, language) {
    if (!this.otherNames[node].includes('=')) return this.labels[node];
    const names = this.names(node).filter((name) => !name.alias);
    const found = names.find((name) => name.language.split('-')[0] === language)
      ?? (language === 'en' ? names.find((name) => !name.language && /\p{Script=Latin}/u.test(name.text)) : undefined);
    return found ? found.text : this.labels[node];
  }

  /**
   * The IRI of a node; nothing before the details have come.
   * @param {number} node
   */
  iri(node) {
    const short = this.#detail?.iris[node];
    if (short === undefined) return '';
    if (short === '') {
      return this.base + this.kinds[this.kind[node]].name + '/' + this.labels[node].toLowerCase().replaceAll(' ', '_');
    }
    return short[0] === '<' ? short.slice(1) : this.base + short.slice(1);
  }

  /**
   * The number of an IRI (or of one that the node had before), or -1.
   * @param {string} iri
   */
  find(iri) {
    if (!this.#detail) return -1;
    this.#numberOfIri ??= this.#numbersOfIris(this.#detail.texts);
    return this.#numberOfIri.get(iri) ?? -1;
  }

  /**
   * Nodes by their IRIs, those of before included.
   * @param {string[]} texts
   */
  #numbersOfIris(texts) {
    /** @type {Map<string, number>} */
    const numbers = new Map();
    texts.forEach((text, node) => {
      if (text.includes('^')) for (const part of text.split(FIELD)) if (part[0] === '^') numbers.set(part.slice(1), node);
    });
    for (let node = 0; node < this.n; node++) numbers.set(this.iri(node), node);
    return numbers;
  }

  /**
   * What a node states about itself.
   * @param {number} node
   * @returns {Literal[]}
   */
  literals(node) {
    const line = this.#detail?.texts[node];
    if (!line) return [];
    /** @type {Literal[]} */
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

  /**
   * The first value that a node states by a prefixed predicate, or nothing.
   * @param {number} node
   * @param {string} name
   */
  literal(node, name) {
    return this.literals(node).find((literal) => literal.name === name)?.value ?? '';
  }
}

/**
 * Where edges begin and end, from how many begin at each node and the steps between their ends.
 * @param {number} n nodes
 * @param {number} m edges
 * @param {Uint32Array} out
 * @param {Uint32Array} steps
 */
function readEdges(n, m, out, steps) {
  const source = new Uint32Array(m);
  const target = new Uint32Array(m);
  let edge = 0;
  for (let node = 0; node < n; node++) {
    let end = 0;
    for (let k = out[node]; k > 0; k--, edge++) {
      end += steps[edge];
      source[edge] = node;
      target[edge] = end;
    }
  }
  return { source, target };
}

/**
 * Ties, in the order of the place of the lesser of their ends.
 * @param {Uint32Array} steps from the beginning of one to that of the next
 * @param {Uint32Array} ends
 * @param {Uint16Array} posts how many posts name both
 * @param {Uint32Array} place
 */
function readTies(steps, ends, posts, place) {
  const begins = new Uint32Array(steps.length);
  steps.forEach((step, tie) => { begins[tie] = step + (tie ? begins[tie - 1] : 0); });
  const least = (/** @type {number} */ tie) => Math.max(place[begins[tie]], place[ends[tie]]);
  const order = Uint32Array.from(steps.keys()).sort((a, b) => least(a) - least(b) || a - b);
  return {
    from: order.map((tie) => begins[tie]),
    to: order.map((tie) => ends[tie]),
    posts: Uint16Array.from(order, (tie) => posts[tie]),
  };
}

/**
 * How many edges each node has, both ways.
 * @param {number} n
 * @param {{ source: Uint32Array, target: Uint32Array }} edges
 */
function countEnds(n, { source, target }) {
  const degree = new Uint32Array(n);
  for (let e = 0; e < source.length; e++) {
    degree[source[e]]++;
    degree[target[e]]++;
  }
  return degree;
}

/**
 * The edges at each node, both ways, one node after another, and where those of each node start.
 * @param {{ source: Uint32Array, target: Uint32Array }} edges
 * @param {Uint32Array} degree
 */
function arcsOf({ source, target }, degree) {
  const start = new Uint32Array(degree.length + 1);
  for (let i = 0; i < degree.length; i++) start[i + 1] = start[i] + degree[i];
  const next = start.slice();
  const arcs = new Uint32Array(2 * source.length);
  for (let e = 0; e < source.length; e++) {
    arcs[next[source[e]]++] = e;
    arcs[next[target[e]]++] = e;
  }
  return { start, arcs };
}
