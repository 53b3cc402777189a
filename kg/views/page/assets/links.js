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

/** With so many links a thing is best to pass through: known well enough to mean something, not so well as to mean nothing. */
const TELLING = 24;

/** What it costs to pass through a node: 1, and more through what everybody names, what hardly anybody does, and topics. */
function toll(graph, node, topics) {
  if (graph.isPost(node)) return 1;
  const octaves = Math.log2((1 + graph.degree[node]) / TELLING);
  const hub = octaves > 0 ? 0.5 * octaves + (graph.degree[node] > 300 ? 3 : 0) : -0.1 * octaves;
  return 1 + hub + (topics.has(graph.kind[node]) ? 1 : 0);
}

/** What a path leads through: its nodes without the posts that merely name the things on either side. */
function stopsOf(graph, path) {
  return path.filter((node, i) => !isProof(graph, path, i));
}

/** Whether a node of a path is a post that names the things before and after it. */
function isProof(graph, path, i) {
  return i > 0 && i < path.length - 1 && graph.isPost(path[i]) && !graph.isPost(path[i - 1]) && !graph.isPost(path[i + 1]);
}

/**
 * Another way than those known: the cheapest that passes through other stops and rests on none of the posts (and links)
 * that join two stops of a known way; null when there is none.
 */
function anotherPath(graph, from, to, known, options) {
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
  const path = shortestPath(graph, from, to, { ...options, costly, closed, links });
  const same = (a, b) => a.length === b.length && a.every((node, i) => node === b[i]);
  return path && known.some((other) => same(stopsOf(graph, other), stopsOf(graph, path))) ? null : path;
}

function linkKey(graph, a, b) {
  return a < b ? a * graph.n + b : b * graph.n + a;
}

/**
 * The cheapest way from one node to another: [node, …], or null. With `avoidHubs` the way runs through what is telling
 * rather than through what everybody names. It passes through no node of `closed`, takes none of `links`, and avoids
 * `costly` nodes where it can. Dijkstra's method with a binary heap.
 */
function shortestPath(graph, from, to, { avoidHubs = true, costly = new Set(), closed = new Set(), links = new Set(), visible = null } = {}) {
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
