// Questions about how things are linked.

/** Nodes within `steps` links of a node. Nodes with more than `most` links are reached but not passed through. */
function neighbourhood(graph, node, steps, most, visible) {
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

/** What appears in the same posts as an entity: Map of node → number of shared posts. */
function companions(graph, node) {
  const shared = new Map();
  for (const post of graph.postsAt(node)) {
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

/** Posts that share much with a post, by what is rare among what they share: [[post, weight]], best first. */
function similarPosts(graph, post, count = 5) {
  const weights = new Map();
  for (const edge of graph.edgesAt(post)) {
    const thing = graph.other(edge, post);
    if (graph.isPost(thing) || graph.degree[thing] > 600) continue;
    const weight = 1 / Math.log2(1 + graph.degree[thing]);
    for (const other of graph.postsAt(thing)) if (other !== post) weights.set(other, (weights.get(other) ?? 0) + weight);
  }
  return [...weights].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, count);
}

/** Posts next to both nodes, newest first. */
function commonPosts(graph, a, b) {
  const first = new Set(graph.postsAt(a));
  return newestFirst(graph, graph.postsAt(b).filter((post) => first.has(post)));
}

function newestFirst(graph, posts) {
  return posts.sort((a, b) => graph.date[b] - graph.date[a] || a - b);
}

function edgeBetween(graph, a, b) {
  const from = graph.degree[a] < graph.degree[b] ? a : b;
  const to = from === a ? b : a;
  for (const edge of graph.edgesAt(from)) if (graph.other(edge, from) === to) return edge;
  return -1;
}

/**
 * The cheapest way from one node to another: [node, …], or null. With `avoidHubs`, passing through a node costs more
 * the more links it has, so that the way runs through what is telling rather than through what everybody names.
 * `costly` holds nodes of earlier answers, to find another one. Dijkstra's method with a binary heap.
 */
function shortestPath(graph, from, to, { avoidHubs = true, costly = new Set(), visible = null } = {}) {
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
      if (avoidHubs && !graph.isPost(node)) passing += Math.log2(1 + graph.degree[node]) / 2 + (graph.degree[node] > 300 ? 3 : 0);
      if (costly.has(node)) passing += 6;
    }
    for (const edge of graph.edgesAt(node)) {
      const next = graph.other(edge, node);
      if (visible && !visible[next]) continue;
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
  return path;
}

class Heap {
  #keys = [];
  #values = [];

  get size() {
    return this.#keys.length;
  }

  push(key, value) {
    const keys = this.#keys;
    const values = this.#values;
    let at = keys.length;
    while (at) {
      const parent = (at - 1) >> 1;
      if (keys[parent] <= key) break;
      keys[at] = keys[parent];
      values[at] = values[parent];
      at = parent;
    }
    keys[at] = key;
    values[at] = value;
  }

  pop() {
    const keys = this.#keys;
    const values = this.#values;
    const top = [keys[0], values[0]];
    const key = keys.pop();
    const value = values.pop();
    const size = keys.length;
    let at = 0;
    while (size) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && keys[child + 1] < keys[child]) child++;
      if (keys[child] >= key) break;
      keys[at] = keys[child];
      values[at] = values[child];
      at = child;
    }
    if (size) {
      keys[at] = key;
      values[at] = value;
    }
    return top;
  }
}
