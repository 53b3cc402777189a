// What an address says of the page: what is chosen, where we look, and what is filtered. Nodes are told by their IRIs,
// regions by their ids, and kinds and relations by their names, so that an address holds when the graph is built again.

import { NO_DATE, day, daysOf } from './dates.js';
import { POST_FACETS } from './filters.js';
import { regionOf } from './regions.js';
import { PARTS } from './sets.js';

/**
 * @import { Graph } from './graph.js'
 * @import { Choice } from './filters.js'
 * @import { Look } from './camera.js'
 * @import { Wanted } from './sets.js'
 * @import { Point } from './shapes.js'
 */

/**
 * @typedef {object} Place
 * @property {number} at the chosen node, or -1
 * @property {number} region the chosen region, or -1
 * @property {Look | null} look where the camera looks
 * @property {number[] | null} path a path from its first node to its last
 * @property {Wanted | null} set what posts are wanted
 * @property {Point[] | null} area the outline of an area, in map coordinates
 * @property {number} steps how far around the chosen node the map is highlighted; 0 if it is not
 * @property {number} most nodes with more links than this were not passed through
 * @property {Choice} choice what the filters let through
 */

/** More steps than this are never highlighted. */
const MOST_STEPS = 3;

/**
 * A place as the parts of an address.
 * @param {Graph} graph
 * @param {Place & { theme: string, language: string }} place theme and language, where they were chosen
 */
export function writtenPlace(graph, { at, region, look, path, set, area, steps, most, choice, theme, language }) {
  const parts = new URLSearchParams();
  /** @param {Iterable<number>} nodes */
  const short = (nodes) => Array.from(nodes, (node) => shortIri(graph, node)).join('|');
  if (at >= 0) parts.set('at', shortIri(graph, at));
  if (region >= 0) parts.set('region', graph.regions[region].id);
  if (look) parts.set('view', [look.x.toFixed(4), look.y.toFixed(4), look.zoom.toFixed(3)].join(','));
  if (set) for (const part of PARTS) if (set[part].length) parts.set(part, short(set[part]));
  if (area) parts.set('area', area.map((point) => point.join(',')).join(';'));
  if (path) parts.set('path', short([path[0], path[path.length - 1]]));
  else if (steps) parts.set('steps', `${steps},${most}`);
  if (choice.kindsOff.size) parts.set('without', Array.from(choice.kindsOff, (kind) => graph.kinds[kind].name).join('|'));
  if (choice.relationsOff.size) parts.set('unlinked', Array.from(choice.relationsOff, (p) => graph.predicates[p].name).join('|'));
  for (const name of POST_FACETS) if (choice.chosen[name].size) parts.set(name, short(choice.chosen[name]));
  if (choice.from !== null || choice.to !== null) parts.set('dates', `${day(choice.from ?? NO_DATE)}..${day(choice.to ?? NO_DATE)}`);
  if (choice.least > 0 || choice.most < Infinity) parts.set('links', `${choice.least}..${choice.most < Infinity ? choice.most : ''}`);
  if (choice.communities.size) parts.set('regions', Array.from(choice.communities, (community) => graph.regions[community].id).join('|'));
  if (!choice.hide) parts.set('rest', 'dim');
  if (theme) parts.set('theme', theme);
  if (language) parts.set('lang', language);
  return parts;
}

/**
 * The place that the parts of an address tell; what the graph does not know, and what makes no sense, is left out.
 * @param {Graph} graph with its details
 * @param {URLSearchParams} parts
 * @returns {Place}
 */
export function readPlace(graph, parts) {
  /** @param {string} name */
  const list = (name) => (parts.get(name) ?? '').split('|').filter(Boolean);
  /** @param {string} name */
  const ends = (name) => (parts.get(name) ?? '').split('..');
  /** @param {string} name */
  const numbers = (name) => (parts.get(name) ?? '').split(',').map(Number);
  const [from, to = ''] = ends('dates');
  const [least, most = ''] = ends('links');
  const [x, y, zoom] = numbers('view');
  const [steps, passed] = numbers('steps');
  const nodes = (/** @type {string} */ name) => list(name).map((text) => nodeOf(graph, text)).filter((node) => node >= 0);
  const set = { all: nodes('all'), any: nodes('any'), none: nodes('none') };
  const area = (parts.get('area') ?? '').split(';').map((point) => point.split(',').map(Number));
  const path = list('path').map((text) => nodeOf(graph, text));
  return {
    at: nodeOf(graph, parts.get('at') ?? ''),
    region: regionOf(graph, parts.get('region') ?? ''),
    look: [x, y, zoom].every(Number.isFinite) && zoom > 0 ? { x, y, zoom } : null,
    path: path.length === 2 && path.every((node) => node >= 0) ? path : null,
    set: set.all.length || set.any.length ? set : null,
    area: area.length > 2 && area.every((point) => point.length === 2 && point.every(Number.isFinite)) ? /** @type {Point[]} */ (area) : null,
    steps: steps >= 1 && steps <= MOST_STEPS ? steps : 0,
    most: passed || Infinity,
    choice: {
      kindsOff: new Set(list('without').flatMap((name) => graph.kindNumber.get(name) ?? [])),
      relationsOff: new Set(list('unlinked').map((name) => graph.predicates.findIndex((p) => p.name === name)).filter((p) => p >= 0)),
      chosen: Object.fromEntries(
        POST_FACETS.map((name) => [name, new Set(nodes(name))]),
      ),
      from: Number.isNaN(daysOf(from)) ? null : daysOf(from),
      to: Number.isNaN(daysOf(to)) ? null : daysOf(to),
      least: Number.parseInt(least, 10) || 0,
      most: Number.parseInt(most, 10) || Infinity,
      communities: new Set(list('regions').map((id) => regionOf(graph, id)).filter((community) => community >= 0)),
      hide: parts.get('rest') !== 'dim',
    },
  };
}

/**
 * The IRI of a node, without what all IRIs of the graph begin with.
 * @param {Graph} graph
 * @param {number} node
 */
function shortIri(graph, node) {
  const iri = graph.iri(node);
  return iri.startsWith(graph.base) ? iri.slice(graph.base.length) : iri;
}

/**
 * The node of such an IRI, or -1.
 * @param {Graph} graph
 * @param {string} text
 */
function nodeOf(graph, text) {
  if (!text) return -1;
  const found = graph.find(graph.base + text);
  return found >= 0 ? found : graph.find(text);
}
