// Choosing what is shown. Tags, categories, areas and dates choose posts; a thing is shown while a post that is shown
// (or would be, were posts not switched off) names it. Types, links and regions choose nodes directly.

const POST_FACETS = ['tag', 'category', 'area'];

/** What a node fails, as bits: the first three are the facets of posts, in their order. */
const FAILS_DATE = 8;
const FAILS_KIND = 16;
const FAILS_DEGREE = 32;
const FAILS_COMMUNITY = 64;
const FAILS_LINK = 128;
/** All that choose posts. */
const OF_POSTS = 15;
/** So early or late that no date is: still small integers, which engines compare fastest. */
const NEVER = 1_000_000_000;

class Filters {
  constructor(graph) {
    this.graph = graph;
    this.facets = POST_FACETS.filter((name) => graph.kindNumber.has(name));
    this.#readPosts();
    this.#readFacets();
    this.fails = new Uint8Array(graph.n);
    this.holds = new Uint8Array(graph.n);
    this.held = new Uint8Array(graph.n);
    this.clear();
  }

  /** Which nodes are posts, of which day (-NEVER: no date), and in which bar of the histogram (the last: in none). */
  #readPosts() {
    const { n, kind, post, date } = this.graph;
    this.isPost = new Uint8Array(n);
    this.day = new Int32Array(n).fill(-NEVER);
    let dates = 0;
    const sorted = new Int32Array(n);
    for (let i = 0; i < n; i++) {
      if (kind[i] !== post) continue;
      this.isPost[i] = 1;
      if (date[i] !== NO_DATE) this.day[i] = sorted[dates++] = date[i];
    }
    const days = sorted.subarray(0, dates).sort();
    this.span = dates ? { first: days[0], last: days[dates - 1] } : null;
    this.months = this.span ? monthBins(beginning(days), this.span.last) : [];
    this.bin = new Uint16Array(n).fill(this.months.length);
    for (let i = 0; i < n; i++) if (this.day[i] > -NEVER) this.bin[i] = lastUpTo(this.months, this.day[i]);
  }

  /**
   * Which post has which tag, category or area: once, though it may be said in two places. `others` are the bits of what
   * else chooses posts.
   */
  #readFacets() {
    const { graph, facets, isPost } = this;
    const { m, kind, source, target } = graph;
    const bit = Uint8Array.from(graph.kinds, ({ name }) => (facets.includes(name) ? 1 << facets.indexOf(name) : 0));
    const posts = new Uint32Array(m);
    const values = new Uint32Array(m);
    const others = new Uint8Array(m);
    let count = 0;
    for (let e = 0; e < m; e++) {
      const own = bit[kind[target[e]]];
      if (!own || !isPost[source[e]] || (e && source[e] === source[e - 1] && target[e] === target[e - 1])) continue;
      posts[count] = source[e];
      values[count] = target[e];
      others[count++] = OF_POSTS & ~own;
    }
    this.taggings = { count, posts, values, others };
  }

  clear() {
    this.kindsOff = new Set();
    this.relationsOff = new Set();
    this.chosen = Object.fromEntries(POST_FACETS.map((name) => [name, new Set()]));
    this.from = null;
    this.to = null;
    this.least = 0;
    this.most = Infinity;
    this.communities = new Set();
    this.hide = true;
  }

  get dated() {
    return this.from !== null || this.to !== null;
  }

  get active() {
    return this.kindsOff.size + this.relationsOff.size + this.communities.size + POST_FACETS.reduce((sum, name) => sum + this.chosen[name].size, 0) +
      (this.dated ? 1 : 0) + (this.least > 0 || this.most < Infinity ? 1 : 0);
  }

  /**
   * What passes, and how many would pass in each place to choose: {nodes, edges, communities, shown, counts}. `nodes`,
   * `edges` and `communities` are arrays of 0 and 1. Every node collects the set of filters it fails, as bits; one that
   * fails only the filter at hand is what choosing otherwise would add.
   */
  apply() {
    const { graph, fails, holds, held } = this;
    const { n, m, kinds, regions, predicates } = graph;
    const limits = this.#limits();
    const linked = Uint8Array.from(predicates, (_, p) => (this.relationsOff.has(p) ? 0 : 1));
    const nodes = new Uint8Array(n);
    const edges = new Uint8Array(m);
    const communities = new Uint8Array(regions.length);
    const byKind = new Uint32Array(kinds.length);
    const byCommunity = new Uint32Array(regions.length);
    const byBin = new Uint32Array(this.months.length + 1);
    const byRelation = new Uint32Array(predicates.length);
    const byValue = new Uint32Array(n);
    this.#failFacets();
    failNodes(fails, holds, graph, this, limits);
    holdAlong(held.fill(0), holds, graph, linked);
    failUnheld(fails, held, graph, this, limits);
    const shown = countNodes(fails, graph, nodes, communities, byKind, byCommunity);
    countBins(fails, this.bin, byBin);
    countEdges(nodes, graph, linked, edges, byRelation);
    countTaggings(fails, this.taggings, byValue);
    return { nodes, edges, communities, shown, counts: { byKind, byCommunity, byMonth: byBin.subarray(0, -1), byRelation, byValue } };
  }

  /** What is chosen, as numbers: bits by kind and community, bounds that everything has, bits of what nothing holds. */
  #limits() {
    const { graph, dated } = this;
    const choosing = dated || this.facets.some((name) => this.chosen[name].size > 0);
    return {
      ofKind: Uint8Array.from(graph.kinds, (_, k) => (this.kindsOff.has(k) ? FAILS_KIND : 0)),
      ofCommunity: Uint8Array.from(graph.regions, (_, c) => (this.communities.size && !this.communities.has(c) ? FAILS_COMMUNITY : 0)),
      from: this.from ?? (dated ? 1 - NEVER : -NEVER),
      to: this.to ?? NEVER,
      least: Math.min(this.least, NEVER),
      most: Math.min(this.most, NEVER),
      byThings: choosing ? 0 : 1,
      ofThing: choosing || this.relationsOff.size ? FAILS_LINK : 0,
      ofPost: this.relationsOff.size && !choosing ? FAILS_LINK : 0,
    };
  }

  /** Everything lacks each facet of which something is chosen, but what is next to something chosen. */
  #failFacets() {
    const { graph, facets, fails, chosen } = this;
    fails.fill(facets.reduce((bits, name, f) => bits | (chosen[name].size ? 1 << f : 0), 0));
    facets.forEach((name, f) => {
      for (const value of chosen[name]) for (const edge of graph.edgesAt(value)) fails[graph.other(edge, value)] &= ~(1 << f);
    });
  }
}

// One pass each over all nodes, edges or taggings. A pass does the same whatever is chosen, and nothing after it: so an
// engine that has compiled it when the page opens need never compile it again, and the first choice is as quick as others.

/** What each node fails by itself, and whether it holds what it is linked to: a post does if it passes what chooses posts. */
function failNodes(fails, holds, { n, kind, community, degree }, { isPost, day }, { ofKind, ofCommunity, from, to, least, most, byThings }) {
  for (let i = 0; i < n; i++) {
    const post = isPost[i];
    const asPost = post * (fails[i] | (day[i] < from || day[i] > to ? FAILS_DATE : 0));
    holds[i] = asPost ? 0 : post | byThings;
    fails[i] = asPost | ofKind[kind[i]] | ofCommunity[community[i]] | (degree[i] < least || degree[i] > most ? FAILS_DEGREE : 0);
  }
}

/** What is linked to something that holds it. */
function holdAlong(held, holds, { m, source, target, predicate }, linked) {
  for (let e = 0; e < m; e++) {
    const s = source[e];
    const t = target[e];
    const link = linked[predicate[e]];
    held[t] |= holds[s] & link;
    held[s] |= holds[t] & link;
  }
}

/** What no link holds any more fails as well; a post without any links never had one to lose. */
function failUnheld(fails, held, { n, degree }, { isPost }, { ofThing, ofPost }) {
  for (let i = 0; i < n; i++) fails[i] |= (1 - held[i]) * (isPost[i] ? (degree[i] ? ofPost : 0) : ofThing);
}

/** Which nodes are shown, and how many (the result); in which communities; and how many would be of each kind and community. */
function countNodes(fails, { n, kind, community }, nodes, communities, byKind, byCommunity) {
  let shown = 0;
  for (let i = 0; i < n; i++) {
    const failed = fails[i];
    const passes = failed ? 0 : 1;
    nodes[i] = passes;
    shown += passes;
    communities[community[i]] |= passes;
    byKind[kind[i]] += failed & ~FAILS_KIND ? 0 : 1;
    byCommunity[community[i]] += failed & ~FAILS_COMMUNITY ? 0 : 1;
  }
  return shown;
}

function countBins(fails, bin, byBin) {
  for (let i = 0; i < fails.length; i++) byBin[bin[i]] += fails[i] & OF_POSTS & ~FAILS_DATE ? 0 : 1;
}

function countEdges(nodes, { m, source, target, predicate }, linked, edges, byRelation) {
  for (let e = 0; e < m; e++) {
    const shown = nodes[source[e]] & nodes[target[e]];
    byRelation[predicate[e]] += shown;
    edges[e] = shown & linked[predicate[e]];
  }
}

/** Of how many posts each tag, category and area is that would be shown if nothing were chosen of its kind. */
function countTaggings(fails, { count, posts, values, others }, byValue) {
  for (let k = 0; k < count; k++) byValue[values[k]] += fails[posts[k]] & others[k] ? 0 : 1;
}

/** Where the histogram begins, given all days in order: its first bar holds what is older than all but a hundredth of the posts. */
function beginning(days) {
  const early = days[Math.floor(days.length / 100)];
  const [first, last] = [days[0], days[days.length - 1]];
  return last - early < (last - first) / 2 ? early : first;
}

/** The place of the last of rising numbers that is no larger than a value; 0 where none is. */
function lastUpTo(numbers, value) {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (numbers[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The first day of each month (or of each year, of long spans) from one day to another. */
function monthBins(first, last) {
  const start = new Date(first * DAY);
  const months = (last - first) / 30.4;
  const step = months > 480 ? 12 : months > 160 ? 3 : 1;
  const bins = [];
  let year = start.getUTCFullYear();
  let month = step === 12 ? 0 : start.getUTCMonth() - (start.getUTCMonth() % step);
  for (;;) {
    const begin = Math.floor(Date.UTC(year, month, 1) / DAY);
    if (begin > last) break;
    bins.push(begin);
    month += step;
    year += Math.floor(month / 12);
    month %= 12;
  }
  return bins;
}
