// Choosing what is shown. Tags, categories, areas and dates choose posts; a thing is shown while a post that is shown
// (or would be, were posts not switched off) names it. Types, links and regions choose nodes directly.

import {
  FAILS_COMMUNITY, FAILS_KIND, FAILS_LINK, countBins, countEdges, countNodes, countTaggings, failNodes, failUnheld, holdAlong,
} from './passes.js';
import { NEVER, postsOf, taggingsOf } from './posts.js';

/**
 * @import { Graph } from './graph.js'
 * @import { Limits } from './passes.js'
 */

/** Kinds of things that choose the posts which have them. */
export const POST_FACETS = ['tag', 'category', 'area'];

/**
 * What readers may choose.
 * @typedef {object} Choice
 * @property {Set<number>} kindsOff kinds that are not shown
 * @property {Set<number>} relationsOff predicates whose edges are not shown
 * @property {Record<string, Set<number>>} chosen by facet: things of which a post has to have one
 * @property {number | null} from the first day, as days since 1970-01-01
 * @property {number | null} to the last day
 * @property {number} least the fewest links of a node
 * @property {number} most
 * @property {Set<number>} communities those that are shown; none: all
 * @property {boolean} hide whether the rest is hidden, or only dimmed
 */

/**
 * What passes.
 * @typedef {object} Shown
 * @property {Uint8Array} nodes 1 for what passes
 * @property {Uint8Array} edges
 * @property {Uint8Array} communities of which something passes
 * @property {number} shown how many nodes pass
 * @property {Counts} counts
 */

/**
 * How many would pass if nothing were chosen of the same sort.
 * @typedef {object} Counts
 * @property {Uint32Array} byKind nodes
 * @property {Uint32Array} byCommunity nodes
 * @property {Uint32Array} byMonth posts, by the bars of the histogram
 * @property {Uint32Array} byRelation edges, by predicate
 * @property {Uint32Array} byValue posts, by tag, category and area
 */

/**
 * The choice that lets everything through.
 * @returns {Choice}
 */
export function everything() {
  return {
    kindsOff: new Set(), relationsOff: new Set(), chosen: Object.fromEntries(POST_FACETS.map((name) => [name, new Set()])),
    from: null, to: null, least: 0, most: Infinity, communities: new Set(), hide: true,
  };
}

/**
 * What readers have chosen, and what of the graph passes.
 * @implements {Choice}
 */
export class Filters {
  /** @type {Set<number>} */
  kindsOff = new Set();
  /** @type {Set<number>} */
  relationsOff = new Set();
  chosen = everything().chosen;
  /** @type {number | null} */
  from = null;
  /** @type {number | null} */
  to = null;
  least = 0;
  most = Infinity;
  /** @type {Set<number>} */
  communities = new Set();
  hide = true;

  /** @param {Graph} graph */
  constructor(graph) {
    this.graph = graph;
    this.facets = POST_FACETS.filter((name) => graph.kindNumber.has(name));
    this.posts = postsOf(graph);
    this.taggings = taggingsOf(graph, this.facets, this.posts.isPost);
    this.fails = new Uint8Array(graph.n);
    this.holds = new Uint8Array(graph.n);
    this.held = new Uint8Array(graph.n);
  }

  /** The first and the last day of all posts, or null where none has a date. */
  get span() {
    return this.posts.span;
  }

  /** The first day of each bar of the histogram of dates. */
  get months() {
    return this.posts.months;
  }

  /** Let everything through again. */
  clear() {
    Object.assign(this, everything());
  }

  /** Whether dates are chosen. */
  get dated() {
    return this.from !== null || this.to !== null;
  }

  /** How many filters are on. */
  get active() {
    return this.kindsOff.size + this.relationsOff.size + this.communities.size + POST_FACETS.reduce((sum, name) => sum + this.chosen[name].size, 0) +
      (this.dated ? 1 : 0) + (this.least > 0 || this.most < Infinity ? 1 : 0);
  }

  /**
   * What passes, and how many would pass in each place to choose. Every node collects the set of filters it fails, as bits;
   * one that fails only the filter at hand is what choosing otherwise would add.
   * @returns {Shown}
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
    failNodes(fails, holds, graph, this.posts, limits);
    holdAlong(held.fill(0), holds, graph, linked);
    failUnheld(fails, held, graph, this.posts, limits);
    const shown = countNodes(fails, graph, nodes, communities, byKind, byCommunity);
    countBins(fails, this.posts.bin, byBin);
    countEdges(nodes, graph, linked, edges, byRelation);
    countTaggings(fails, this.taggings, byValue);
    return { nodes, edges, communities, shown, counts: { byKind, byCommunity, byMonth: byBin.subarray(0, -1), byRelation, byValue } };
  }

  /**
   * Whether a node fails no filter but that of its kind, and those told; as of the last time that filters were applied.
   * @param {number} node
   * @param {number} but bits
   */
  admits(node, but = 0) {
    return (this.fails[node] & ~(FAILS_KIND | but)) === 0;
  }

  /**
   * Whether a post has no date, or one that is not far from nearly all others: such a one may be wrong.
   * @param {number} post
   */
  fits(post) {
    const { day, last, months } = this.posts;
    return day[post] === -NEVER || (day[post] >= months[0] && day[post] <= last);
  }

  /** @returns {Limits} */
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
