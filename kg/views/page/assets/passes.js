// Passes over all nodes, edges or taggings, which filter and count. A pass does the same whatever is chosen, and nothing after
// it: so an engine that has compiled it when the page opens need never compile it again, and the first choice is as quick as
// others.

/**
 * @import { Graph } from './graph.js'
 * @import { Posts, Taggings } from './posts.js'
 */

// What a node fails, as bits: the first three are the facets of posts, in their order.
export const FAILS_DATE = 8;
export const FAILS_KIND = 16;
export const FAILS_DEGREE = 32;
export const FAILS_COMMUNITY = 64;
export const FAILS_LINK = 128;
/** All that choose posts. */
export const OF_POSTS = 15;

/**
 * What is chosen, as numbers.
 * @typedef {object} Limits
 * @property {Uint8Array} ofKind bits by kind: what its nodes fail
 * @property {Uint8Array} ofCommunity bits by community
 * @property {number} from the first day that passes
 * @property {number} to the last
 * @property {number} least the fewest links that pass
 * @property {number} most
 * @property {number} byThings 1 where things hold each other, 0 where only posts hold things
 * @property {number} ofThing bits of what a thing fails that nothing holds
 * @property {number} ofPost bits of what a post fails that has lost its links
 */

/**
 * What each node fails by itself, and whether it holds what it is linked to: a post does if it passes what chooses posts.
 * @param {Uint8Array} fails
 * @param {Uint8Array} holds
 * @param {Graph} graph
 * @param {Posts} posts
 * @param {Limits} limits
 */
export function failNodes(fails, holds, { n, kind, community, degree }, { isPost, day }, { ofKind, ofCommunity, from, to, least, most, byThings }) {
  for (let i = 0; i < n; i++) {
    const post = isPost[i];
    const asPost = post * (fails[i] | (day[i] < from || day[i] > to ? FAILS_DATE : 0));
    holds[i] = asPost ? 0 : post | byThings;
    fails[i] = asPost | ofKind[kind[i]] | ofCommunity[community[i]] | (degree[i] < least || degree[i] > most ? FAILS_DEGREE : 0);
  }
}

/**
 * What is linked to something that holds it.
 * @param {Uint8Array} held
 * @param {Uint8Array} holds
 * @param {Graph} graph
 * @param {Uint8Array} linked
 */
export function holdAlong(held, holds, { m, source, target, predicate }, linked) {
  for (let e = 0; e < m; e++) {
    const s = source[e];
    const t = target[e];
    const link = linked[predicate[e]];
    held[t] |= holds[s] & link;
    held[s] |= holds[t] & link;
  }
}

/**
 * What no link holds any more fails as well; a post without any links never had one to lose.
 * @param {Uint8Array} fails
 * @param {Uint8Array} held
 * @param {Graph} graph
 * @param {Posts} posts
 * @param {Limits} limits
 */
export function failUnheld(fails, held, { n, degree }, { isPost }, { ofThing, ofPost }) {
  for (let i = 0; i < n; i++) fails[i] |= (1 - held[i]) * (isPost[i] ? (degree[i] ? ofPost : 0) : ofThing);
}

/**
 * Which nodes are shown, and how many (the result); in which communities; and how many would be of each kind and community.
 * @param {Uint8Array} fails
 * @param {Graph} graph
 * @param {Uint8Array} nodes
 * @param {Uint8Array} communities
 * @param {Uint32Array} byKind
 * @param {Uint32Array} byCommunity
 */
export function countNodes(fails, { n, kind, community }, nodes, communities, byKind, byCommunity) {
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

/**
 * How many posts each bar of the histogram would hold.
 * @param {Uint8Array} fails
 * @param {Uint16Array} bin
 * @param {Uint32Array} byBin
 */
export function countBins(fails, bin, byBin) {
  for (let i = 0; i < fails.length; i++) byBin[bin[i]] += fails[i] & OF_POSTS & ~FAILS_DATE ? 0 : 1;
}

/**
 * Which edges are shown, and how many would be of each relation.
 * @param {Uint8Array} nodes
 * @param {Graph} graph
 * @param {Uint8Array} linked
 * @param {Uint8Array} edges
 * @param {Uint32Array} byRelation
 */
export function countEdges(nodes, { m, source, target, predicate }, linked, edges, byRelation) {
  for (let e = 0; e < m; e++) {
    const shown = nodes[source[e]] & nodes[target[e]];
    byRelation[predicate[e]] += shown;
    edges[e] = shown & linked[predicate[e]];
  }
}

/**
 * Of how many posts each tag, category and area is that would be shown if nothing were chosen of its kind.
 * @param {Uint8Array} fails
 * @param {Taggings} taggings
 * @param {Uint32Array} byValue
 */
export function countTaggings(fails, { count, posts, values, others }, byValue) {
  for (let k = 0; k < count; k++) byValue[values[k]] += fails[posts[k]] & others[k] ? 0 : 1;
}
