// The posts around a hub, in groups: nineteen hundred squares say less than a few numbers.

/** @import { Graph } from './graph.js' */

/** So many posts are drawn one by one. */
const MANY = 60;
/** And of one region so few. */
const FEW = 3;

/**
 * Posts of one region that are drawn as one.
 * @typedef {object} Group
 * @property {number} community
 * @property {number[]} posts
 * @property {number} at the post in the middle of them, in whose place the group stands
 * @property {boolean} open whether they are drawn one by one all the same
 */

/**
 * The groups of the posts among some nodes, the largest first; none where there are not too many.
 * @param {Graph} graph
 * @param {Iterable<number>} nodes
 * @param {Set<number>} open communities whose posts are drawn one by one
 * @returns {Group[]}
 */
export function groupsOf(graph, nodes, open) {
  const posts = [...nodes].filter((node) => graph.isPost(node));
  if (posts.length <= MANY) return [];
  /** @type {Map<number, number[]>} */
  const by = new Map();
  for (const post of posts) {
    const inside = by.get(graph.community[post]);
    if (inside) inside.push(post);
    else by.set(graph.community[post], [post]);
  }
  return [...by].filter(([, inside]) => inside.length >= FEW)
    .map(([community, inside]) => ({ community, posts: inside, at: middleOf(graph, inside), open: open.has(community) }))
    .sort((a, b) => b.posts.length - a.posts.length || a.community - b.community);
}

/**
 * The one of some nodes that is nearest to the middle of them all.
 * @param {Graph} graph
 * @param {number[]} nodes
 */
function middleOf({ x, y }, nodes) {
  const mean = (/** @type {Float32Array} */ values) => nodes.reduce((sum, node) => sum + values[node], 0) / nodes.length;
  const [cx, cy] = [mean(x), mean(y)];
  const away = (/** @type {number} */ node) => Math.hypot(x[node] - cx, y[node] - cy);
  return nodes.reduce((best, node) => (away(node) < away(best) ? node : best));
}
