// Reading about a region.

import { copy } from './clipboard.js';
import { NO_DATE } from './dates.js';
import { button, element, foreign } from './dom.js';
import { centralFirst, neighboursOf, postsInside, postsOfRegion } from './regions.js';
import { list, nodeRow, postRow, section } from './rows.js';
import { plain } from './text.js';
import { timeline } from './timeline.js';
import { words } from './words.js';

/** @import { View } from './view.js' */

const NEIGHBOURS = 6;
const POSTS = 5;

/**
 * What a region is called.
 * @param {View} view
 * @param {number} community
 */
export function regionName({ graph }, community) {
  const region = graph.regions[community];
  return plain(region.names[words.language] ?? region.name) || region.id;
}

/**
 * All there is to say of a region: how large it is, what is typical of it, how it changed, its posts and its neighbours.
 * @param {View} view
 * @param {number} community
 * @returns {HTMLElement[]}
 */
export function regionCard(view, community) {
  const { graph } = view;
  const { id, size, typical } = graph.regions[community];
  const all = postsOfRegion(graph, community);
  const posts = all.filter((post) => view.admits(post));
  const parts = [head(view, community, size, all.length)];
  if (typical.length) {
    const body = section(words.say('typical'), typical.length, true, 'typical');
    body.append(list(typical, (node) => (graph.isPost(node) ? postRow(view, node) : nodeRow(view, node, words.counted('nPosts', postsInside(graph, community, node))))));
    parts.push(body);
  }
  if (all.length) {
    const newest = section(words.say(posts.some((post) => graph.date[post] !== NO_DATE) ? 'newestPosts' : 'posts'), posts.length, true, 'posts');
    const spark = timeline(view, all);
    if (spark) newest.append(spark);
    newest.append(list(posts, (post) => postRow(view, post), POSTS));
    const central = section(words.say('centralPosts'), null, true, 'central');
    central.append(list(centralFirst(graph, community, posts).slice(0, 4 * POSTS), (post) => postRow(view, post), POSTS));
    parts.push(newest, central);
  }
  const neighbours = neighboursOf(graph, community);
  if (neighbours.length) {
    const body = section(words.say('neighbourRegions'), neighbours.length, true, 'neighbours');
    body.append(list(neighbours, ([other, links]) => regionRow(view, other, links), NEIGHBOURS));
    parts.push(body);
  }
  const details = section(words.say('details'), null, false, 'details');
  details.append(element('p', { class: 'hint', text: words.say('renameRegion') }), element('p', { class: 'code' }, foreign(`[regions]\n${JSON.stringify(id)} = "…"`)));
  return [...parts, details];
}

/**
 * Its name and size, and what can be done with it.
 * @param {View} view
 * @param {number} community
 * @param {number} size
 * @param {number} posts
 */
function head(view, community, size, posts) {
  return element('header', { class: 'head' },
    element('div', { class: 'kind' },
      swatch(view, community),
      element('span', { text: words.say('region') }),
      element('span', { class: 'grow' }),
      button(words.say('goThere'), () => view.selectRegion(community, { fly: true }), { symbol: 'fit', visible: false, class: 'quiet' }),
      button(words.say('close'), () => view.select(-1), { symbol: 'close', visible: false, class: 'quiet close' })),
    element('h2', { tabindex: '-1' }, foreign(regionName(view, community))),
    element('p', { class: 'second', text: words.say('holds', { posts: words.counted('nPosts', posts), things: words.counted('nThings', size - posts) }) }),
    element('div', { class: 'actions' },
      button(words.say('onlyThis'), () => {
        view.filters.communities = new Set([community]);
        view.applyFilters();
      }, { id: 'only-region' }),
      button(words.say('copyLink'), () => copy(location.href), { symbol: 'copy' })));
}

/**
 * A region in a list: choose it by a click.
 * @param {View} view
 * @param {number} community
 * @param {number} links
 */
function regionRow(view, community, links) {
  return element('div', { class: 'row' },
    element('button', { type: 'button', class: 'node', on: { click: () => view.selectRegion(community, { fly: true }), pointerenter: () => view.point({ type: 'region', community }), pointerleave: () => view.point(null) } },
      swatch(view, community),
      element('span', { class: 'name' }, foreign(regionName(view, community))),
      element('span', { class: 'count', text: words.counted('nLinks', links) })));
}

/**
 * A spot in the colour of a region.
 * @param {View} view
 * @param {number} community
 */
export function swatch(view, community) {
  const spot = element('span', { class: 'swatch', 'aria-hidden': 'true' });
  spot.style.setProperty('--mark', `rgb(${view.theme.region(community).map(Math.round).join(' ')})`);
  return spot;
}
