// Ways from one thing to another.

import { Heap } from './heap.js';
import { commonPosts } from './links.js';
import { proofs } from './proof.js';

/** @import { Graph } from './graph.js' */

/**
 * Which ways are wanted.
 * @typedef {object} Wishes
 * @property {boolean} [avoidHubs] through what is telling rather than through what everybody names
 * @property {Uint8Array | null} [visible] only through nodes that are 1 here
 */

/**
 * What is left out.
 * @typedef {object} Closures
 * @property {Set<number>} [costly] nodes that are avoided where they can be
 * @property {Set<number>} [closed] nodes that are not passed through
 * @property {Set<number>} [links] links that are not taken, as `linkKey` gives them
 */

/** With so many links a thing is best to pass through: known well enough to mean something, not so well as to mean nothing. */
const TELLING = 24;

/**
 * What it costs to pass through a node: 1, and more through what everybody names, what hardly anybody does, and topics.
 * @param {Graph} graph
 * @param {number} node
 * @param {Set<number | undefined>} topics
 */
function toll(graph, node, topics) {
  if (graph.isPost(node)) return 1;
  const octaves = Math.log2((1 + graph.degree[node]) / TELLING);
  const hub = octaves > 0 ? 0.5 * octaves + (graph.degree[node] > 300 ? 3 : 0) : -0.1 * octaves;
  return 1 + hub + (topics.has(graph.kind[node]) ? 1 : 0);
}

/**
 * What a path leads through: its nodes without the posts that merely name the things on either side.
 * @param {Graph} graph
 * @param {number[]} path
 */
function stopsOf(graph, path) {
  return path.filter((_, i) => !isProof(graph, path, i));
}

/**
 * Whether a node of a path is a post that names the things before and after it.
 * @param {Graph} graph
 * @param {number[]} path
 * @param {number} i
 */
export function isProof(graph, path, i) {
  return i > 0 && i < path.length - 1 && graph.isPost(path[i]) && !graph.isPost(path[i - 1]) && !graph.isPost(path[i + 1]);
}

/**
 * Another way than those known: the cheapest that passes through other stops and rests on none of the posts (and links)
 * that join two stops of a known way; null when there is none.
 * @param {Graph} graph
 * @param {number} from
 * @param {number} to
 * @param {number[][]} known
 * @param {Wishes} wishes
 */
export function anotherPath(graph, from, to, known, wishes) {
  const costly = new Set();
  const closed = new Set();
  const links = new Set();
  for (const path of known) {
    const stops = stopsOf(graph, path);
    for (let i = 1; i < stops.length; i++) {
      for (const post of commonPosts(graph, stops[i - 1], stops[i])) if (!stops.includes(post)) closed.add(post);
      links.add(linkKey(graph, stops[i - 1], stops[i]));
      if (i < stops.length - 1) costly.add(stops[i]);
    }
  }
  const path = shortestPath(graph, from, to, { ...wishes, costly, closed, links });
  const same = (/** @type {number[]} */ a, /** @type {number[]} */ b) => a.length === b.length && a.every((node, i) => node === b[i]);
  return path && known.some((other) => same(stopsOf(graph, other), stopsOf(graph, path))) ? null : path;
}

/**
 * A link between two nodes, as a number.
 * @param {Graph} graph
 * @param {number} a
 * @param {number} b
 */
function linkKey(graph, a, b) {
  return a < b ? a * graph.n + b : b * graph.n + a;
}

/**
 * The cheapest way from one node to another, or null where there is none: Dijkstra's method with a binary heap.
 * @param {Graph} graph
 * @param {number} from
 * @param {number} to
 * @param {Wishes & Closures} [wishes]
 * @returns {number[] | null}
 */
export function shortestPath(graph, from, to, { avoidHubs = true, costly = new Set(), closed = new Set(), links = new Set(), visible = null } = {}) {
  const topics = new Set(['tag', 'category', 'area', 'series', 'project'].map((name) => graph.kindNumber.get(name)));
  const cost = new Float64Array(graph.n).fill(Infinity);
  const previous = new Int32Array(graph.n).fill(-1);
  const heap = new Heap();
  cost[from] = 0;
  heap.push(0, from);
  while (heap.size) {
    const [known, node] = heap.pop();
    if (known > cost[node]) continue;
    if (node === to) break;
    let passing = 1;
    if (node !== from) {
      if (closed.has(node)) continue;
      if (avoidHubs) passing = toll(graph, node, topics);
      if (costly.has(node)) passing += 6;
    }
    for (const edge of graph.edgesAt(node)) {
      const next = graph.other(edge, node);
      if ((visible && !visible[next]) || (links.size && links.has(linkKey(graph, node, next)))) continue;
      const sum = known + passing;
      if (sum < cost[next]) {
        cost[next] = sum;
        previous[next] = node;
        heap.push(sum, next);
      }
    }
  }
  if (cost[to] === Infinity) return null;
  const path = [to];
  while (path[0] !== from) path.unshift(previous[path[0]]);
  // Of all posts that name two things after each other, the one that proves it best.
  return path.map((node, i) => (isProof(graph, path, i)
    ? proofs(graph, path[i - 1], path[i + 1]).find((post) => post === node || !(closed.has(post) || path.includes(post) || visible?.[post] === 0)) ?? node : node));
}
