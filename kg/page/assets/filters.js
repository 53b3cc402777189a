// Choosing what is shown. Tags, categories, areas and dates choose posts; a thing is shown while a post that is shown
// (or would be, were posts not switched off) names it. Types, links and regions choose nodes directly.

const POST_FACETS = ['tag', 'category', 'area'];

class Filters {
  constructor(graph) {
    this.graph = graph;
    this.facets = POST_FACETS.filter((name) => graph.kindNumber.has(name));
    this.postDates = graph.date;
    let first = Infinity;
    let last = -Infinity;
    for (let i = 0; i < graph.n; i++) {
      if (!graph.isPost(i) || graph.date[i] === NO_DATE) continue;
      first = Math.min(first, graph.date[i]);
      last = Math.max(last, graph.date[i]);
    }
    this.span = first <= last ? { first, last } : null;
    this.months = this.span ? monthBins(this.#start(), last) : [];
    this.binOf = new Int32Array(graph.n).fill(-1);
    if (this.span) this.#fillBins();
    this.clear();
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

  get active() {
    return this.kindsOff.size + this.relationsOff.size + this.communities.size + POST_FACETS.reduce((sum, name) => sum + this.chosen[name].size, 0) +
      (this.from !== null || this.to !== null ? 1 : 0) + (this.least > 0 || this.most < Infinity ? 1 : 0);
  }

  /** Where the histogram begins: its first bar holds what is older than all but a hundredth of the posts. */
  #start() {
    const dates = [];
    for (let i = 0; i < this.graph.n; i++) if (this.graph.isPost(i) && this.graph.date[i] !== NO_DATE) dates.push(this.graph.date[i]);
    dates.sort((a, b) => a - b);
    const early = dates[Math.floor(dates.length / 100)];
    const { first, last } = this.span;
    return last - early < (last - first) / 2 ? early : first;
  }

  #fillBins() {
    const { graph, months } = this;
    for (let i = 0; i < graph.n; i++) {
      if (!graph.isPost(i) || graph.date[i] === NO_DATE) continue;
      let low = 0;
      let high = months.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (months[middle] <= graph.date[i]) low = middle;
        else high = middle - 1;
      }
      this.binOf[i] = low;
    }
  }

  /**
   * What passes, and how many would pass in each place to choose: {nodes, edges, shown, counts}. `nodes` and `edges` are
   * arrays of 0 and 1. Every node collects the set of filters it fails, as bits; one that fails only the filter at hand
   * is what choosing otherwise would add.
   */
  apply() {
    const { graph, facets } = this;
    const { n, m, kind, community, degree, source, target, predicate } = graph;
    const DATE = 8;
    const KIND = 16;
    const DEGREE = 32;
    const COMMUNITY = 64;
    const ORPHAN = 128;
    const fails = new Uint8Array(n);
    const kindFails = graph.kinds.map((_, k) => (this.kindsOff.has(k) ? KIND : 0));
    const off = Uint8Array.from(graph.predicates, (_, p) => (this.relationsOff.has(p) ? 1 : 0));
    const dated = this.from !== null || this.to !== null;
    const from = this.from ?? -Infinity;
    const to = this.to ?? Infinity;
    let postFilters = dated;
    facets.forEach((name, f) => {
      const chosen = this.chosen[name];
      if (!chosen.size) return;
      postFilters = true;
      const passes = new Uint8Array(n);
      for (const value of chosen) for (const edge of graph.edgesAt(value)) passes[graph.other(edge, value)] = 1;
      for (let i = 0; i < n; i++) if (kind[i] === graph.post && !passes[i]) fails[i] |= 1 << f;
    });
    for (let i = 0; i < n; i++) {
      fails[i] |= kindFails[kind[i]];
      if (degree[i] < this.least || degree[i] > this.most) fails[i] |= DEGREE;
      if (this.communities.size && !this.communities.has(community[i])) fails[i] |= COMMUNITY;
      if (dated && kind[i] === graph.post && !(graph.date[i] >= from && graph.date[i] <= to && graph.date[i] !== NO_DATE)) fails[i] |= DATE;
    }
    const POSTS = 15;
    if (postFilters || this.relationsOff.size) {
      const held = new Uint8Array(n);
      for (let e = 0; e < m; e++) {
        if (off[predicate[e]]) continue;
        const s = source[e];
        const t = target[e];
        const postSource = kind[s] === graph.post;
        const postTarget = kind[t] === graph.post;
        if (postSource ? !(fails[s] & POSTS) : !postFilters) held[t] = 1;
        if (postTarget ? !(fails[t] & POSTS) : !postFilters) held[s] = 1;
      }
      for (let i = 0; i < n; i++) {
        if (kind[i] === graph.post) {
          if (this.relationsOff.size && !held[i] && degree[i] && !postFilters) fails[i] |= ORPHAN;
        } else if (!held[i]) fails[i] |= ORPHAN;
      }
    }
    const nodes = new Uint8Array(n);
    const byKind = new Uint32Array(graph.kinds.length);
    const byCommunity = new Uint32Array(graph.regions.length + 1);
    const byMonth = new Uint32Array(this.months.length);
    let shown = 0;
    for (let i = 0; i < n; i++) {
      const failed = fails[i];
      if (!failed) {
        nodes[i] = 1;
        shown++;
      }
      if (!(failed & ~KIND)) byKind[kind[i]]++;
      if (!(failed & ~COMMUNITY)) byCommunity[community[i]]++;
      if (kind[i] === graph.post && this.binOf[i] >= 0 && !(failed & (POSTS & ~DATE))) byMonth[this.binOf[i]]++;
    }
    const edges = new Uint8Array(m);
    const byRelation = new Uint32Array(graph.predicates.length);
    const byValue = new Uint32Array(n);
    const facetOf = graph.kinds.map((item) => facets.indexOf(item.name));
    for (let e = 0; e < m; e++) {
      const s = source[e];
      const t = target[e];
      if (nodes[s] && nodes[t]) {
        byRelation[predicate[e]]++;
        edges[e] = 1 - off[predicate[e]];
      }
      if (e && s === source[e - 1] && t === target[e - 1]) continue; // tagged twice, in two places: one post all the same
      const facet = facetOf[kind[t]];
      if (facet >= 0 && kind[s] === graph.post && !(fails[s] & POSTS & ~(1 << facet))) byValue[t]++;
    }
    return { nodes, edges, shown, counts: { byKind, byCommunity, byMonth, byRelation, byValue } };
  }
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
