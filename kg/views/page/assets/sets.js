// Sets of posts: those that name all of some things, any of others, and none of yet others.

import { newestFirst } from './links.js';
import { LIKE } from './names.js';

/**
 * @import { Graph } from './graph.js'
 * @import { NameIndex } from './names.js'
 */

/** @typedef {'all' | 'any' | 'none'} Part */
/** @typedef {Record<Part, number[]>} Wanted things of which a post names all, any, or none */

/** @type {Part[]} */
export const PARTS = ['all', 'any', 'none'];

/** In more words than this nobody names a few things. */
const MOST_TOKENS = 8;
/** What stands between two names, and which part the second one belongs to. */
const BETWEEN = /\s+(?:(and not|but not|not|without)|(and|with)|(or))\s+|\s*(?:(不含|而非)|([&+]|和|与|以及)|([|]|或者?))\s*/giu;

/**
 * The posts that a set is made of, the newest first.
 * @param {Graph} graph
 * @param {Wanted} wanted
 */
export function postsOfSet(graph, { all, any, none }) {
  const lists = all.map((node) => graph.postsAt(node));
  if (any.length) lists.push([...new Set(any.flatMap((node) => graph.postsAt(node)))]);
  if (!lists.length) return [];
  const [first, ...others] = lists.sort((a, b) => a.length - b.length);
  const within = others.map((list) => new Set(list));
  const without = new Set(none.flatMap((node) => graph.postsAt(node)));
  return newestFirst(graph, first.filter((post) => !without.has(post) && within.every((list) => list.has(post))));
}

/**
 * What a query such as `Nvidia and Oracle`, `A or B` or `A not C` asks for; null where it is no such query, or a name in it
 * is not known.
 * @param {Graph} graph
 * @param {NameIndex} index
 * @param {string} query
 * @returns {Wanted | null}
 */
export function readSet(graph, index, query) {
  /** @type {{ name: string, part: Part }[]} */
  const names = [];
  /** @type {Part} */
  let part = 'all';
  let at = 0;
  for (const mark of query.matchAll(BETWEEN)) {
    names.push({ name: query.slice(at, mark.index), part });
    part = mark[1] || mark[4] ? 'none' : mark[3] || mark[6] ? 'any' : 'all';
    at = mark.index + mark[0].length;
  }
  if (!names.length) return besideEachOther(graph, index, query);
  names.push({ name: query.slice(at), part });
  // Of `A or B` the first is one of any as well.
  if (names[1].part === 'any') names[0].part = 'any';
  /** @type {Wanted} */
  const wanted = { all: [], any: [], none: [] };
  for (const { name, part: into } of names) {
    const hit = name.trim().length > 1 ? index.find(name).find(({ node, rank }) => rank < LIKE && !graph.isPost(node)) : undefined;
    if (!hit) return null;
    wanted[into].push(hit.node);
  }
  return wanted;
}

/**
 * The things of a query that is nothing but their names, such as `Nvidia Oracle`; null where it is not.
 * @param {Graph} graph
 * @param {NameIndex} index
 * @param {string} query
 * @returns {Wanted | null}
 */
function besideEachOther(graph, index, query) {
  const tokens = query.trim().split(/\s+/);
  if (tokens.length < 2 || tokens.length > MOST_TOKENS) return null;
  const meant = (/** @type {string} */ name) => index.find(name).find(({ node, rank }) => rank === 0 && !graph.isPost(node))?.node ?? -1;
  if (meant(query) >= 0) return null;
  const all = [];
  for (let from = 0; from < tokens.length;) {
    let until = tokens.length;
    let node = -1;
    while (until > from && (node = meant(tokens.slice(from, until).join(' '))) < 0) until--;
    if (node < 0) return null;
    all.push(node);
    from = until;
  }
  return { all: [...new Set(all)], any: [], none: [] };
}

/**
 * Everything that a set asks about.
 * @param {Wanted} wanted
 */
export function membersOf({ all, any, none }) {
  return [...all, ...any, ...none];
}

/**
 * A set with a thing in another part, or (null) in none.
 * @param {Wanted} wanted
 * @param {number} node
 * @param {Part | null} part
 * @returns {Wanted}
 */
export function moved(wanted, node, part) {
  /** @type {Wanted} */
  const result = { all: wanted.all.filter((other) => other !== node), any: wanted.any.filter((other) => other !== node), none: wanted.none.filter((other) => other !== node) };
  if (part) result[part].push(node);
  return result;
}
