// Which nodes are posts, when they were written, and which tags, categories and areas they have.

import { NO_DATE } from './dates.js';
import { lastUpTo, monthBins, usual } from './months.js';
import { OF_POSTS } from './passes.js';

/** @import { Graph } from './graph.js' */

/** So early or late that no date is: still small integers, which engines compare fastest. */
export const NEVER = 1_000_000_000;

/** @typedef {{ first: number, last: number }} Span the first day of all and the last */

/**
 * @typedef {object} Posts
 * @property {Uint8Array} isPost 1 for a post
 * @property {Int32Array} day of each post, as days since 1970-01-01; -NEVER for what has no date
 * @property {Span | null} span
 * @property {number} last the last day but for those far from all others
 * @property {number[]} months the first day of each bar of the histogram
 * @property {Uint16Array} bin the bar that each node is counted in; one more than there are: in none
 */

/**
 * Look through a graph for posts.
 * @param {Graph} graph
 * @returns {Posts}
 */
export function postsOf({ n, kind, post, date }) {
  const isPost = new Uint8Array(n);
  const day = new Int32Array(n).fill(-NEVER);
  let dates = 0;
  const sorted = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    if (kind[i] !== post) continue;
    isPost[i] = 1;
    if (date[i] !== NO_DATE) day[i] = sorted[dates++] = date[i];
  }
  const days = sorted.subarray(0, dates).sort();
  const span = dates ? { first: days[0], last: days[dates - 1] } : null;
  const [begin, last] = span ? usual(days) : [0, 0];
  const months = span ? monthBins(begin, last) : [];
  const bin = new Uint16Array(n).fill(months.length);
  for (let i = 0; i < n; i++) if (day[i] > -NEVER) bin[i] = lastUpTo(months, day[i]);
  return { isPost, day, span, last, months, bin };
}

/**
 * Which post has which tag, category or area: once, though it may be said in two places.
 * @typedef {object} Taggings
 * @property {number} count
 * @property {Uint32Array} posts
 * @property {Uint32Array} values what each of them has
 * @property {Uint8Array} others the bits of what else chooses posts
 */

/**
 * Look through a graph for what posts are tagged with.
 * @param {Graph} graph
 * @param {string[]} facets names of kinds, in the order of their bits
 * @param {Uint8Array} isPost
 * @returns {Taggings}
 */
export function taggingsOf({ kinds, m, kind, source, target }, facets, isPost) {
  const bit = Uint8Array.from(kinds, ({ name }) => (facets.includes(name) ? 1 << facets.indexOf(name) : 0));
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
  return { count, posts, values, others };
}
