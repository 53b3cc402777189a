// Questions about how things are linked.

/** @import { Graph } from './graph.js' */

/**
 * Nodes within `steps` links of a node. Nodes with more than `most` links are reached but not passed through.
 * @param {Graph} graph
 * @param {number} node
 * @param {number} steps
 * @param {number} most
 * @param {Uint8Array | null} visible
 */
export function neighbourhood(graph, node, steps, most, visible) {
  const distance = new Map([[node, 0]]);
  let frontier = [node];
  for (let step = 1; step <= steps; step++) {
    const next = [];
    for (const from of frontier) {
      if (from !== node && graph.degree[from] > most) continue;
      for (const edge of graph.edgesAt(from)) {
        const to = graph.other(edge, from);
        if (distance.has(to) || (visible && !visible[to])) continue;
        distance.set(to, step);
        next.push(to);
      }
    }
    frontier = next;
  }
  return distance;
}

/**
 * What appears in the same posts as an entity: Map of node → number of shared posts.
 * @param {Graph} graph
 * @param {number} node
 * @param {((post: number) => boolean) | null} admits which posts are looked at; null: all
 */
export function companions(graph, node, admits = null) {
  const shared = new Map();
  for (const post of graph.postsAt(node)) {
    if (admits && !admits(post)) continue;
    const seen = new Set([node, post]);
    for (const edge of graph.edgesAt(post)) {
      const other = graph.other(edge, post);
      if (seen.has(other) || graph.isPost(other)) continue;
      seen.add(other);
      shared.set(other, (shared.get(other) ?? 0) + 1);
    }
  }
  return shared;
}

/**
 * Posts that share much with a post, by what is rare among what they share: [[post, weight]], best first.
 * @param {Graph} graph
 * @param {number} post
 * @param {number} count
 */
export function similarPosts(graph, post, count = 5) {
  const weights = new Map();
  for (const edge of graph.edgesAt(post)) {
    const thing = graph.other(edge, post);
    if (graph.isPost(thing) || graph.degree[thing] > 600) continue;
    const weight = 1 / Math.log2(1 + graph.degree[thing]);
    for (const other of graph.postsAt(thing)) if (other !== post) weights.set(other, (weights.get(other) ?? 0) + weight);
  }
  return [...weights].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, count);
}

/**
 * Posts next to both nodes, newest first.
 * @param {Graph} graph
 * @param {number} a
 * @param {number} b
 */
export function commonPosts(graph, a, b) {
  const first = new Set(graph.postsAt(a));
  return newestFirst(graph, graph.postsAt(b).filter((post) => first.has(post)));
}

/**
 * Sort posts by date.
 * @param {Graph} graph
 * @param {number[]} posts
 */
export function newestFirst(graph, posts) {
  return posts.sort((a, b) => graph.date[b] - graph.date[a] || a - b);
}

/**
 * An edge that joins two nodes, or -1.
 * @param {Graph} graph
 * @param {number} a
 * @param {number} b
 */
export function edgeBetween(graph, a, b) {
  const from = graph.degree[a] < graph.degree[b] ? a : b;
  const to = from === a ? b : a;
  for (const edge of graph.edgesAt(from)) if (graph.other(edge, from) === to) return edge;
  return -1;
}
