// Posts over time, as bars.

import { DAY, NO_DATE, day } from './dates.js';
import { element } from './dom.js';
import { clip, plain } from './text.js';
import { words } from './words.js';

/** @import { View } from './view.js' */

/**
 * Posts per year or month as bars; null where there are too few to tell anything.
 * @param {View} view
 * @param {number[]} posts the newest first
 */
export function timeline(view, posts) {
  const { graph, filters } = view;
  const dated = posts.filter((post) => graph.date[post] !== NO_DATE);
  if (dated.length < 3 || filters.months.length < 2) return null;
  const first = graph.date[dated[dated.length - 1]];
  const last = graph.date[dated[0]];
  const years = (last - first) / 365 > 4;
  const key = (/** @type {number} */ days) => day(days).slice(0, years ? 4 : 7);
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const post of dated) counts.set(key(graph.date[post]), (counts.get(key(graph.date[post])) ?? 0) + 1);
  const bins = [];
  const cursor = new Date(`${key(first)}${years ? '-01' : ''}-01T00:00:00Z`);
  while (key(Math.floor(cursor.getTime() / DAY)) <= key(last) && bins.length < 400) {
    bins.push(key(Math.floor(cursor.getTime() / DAY)));
    if (years) cursor.setUTCFullYear(cursor.getUTCFullYear() + 1);
    else cursor.setUTCMonth(cursor.getUTCMonth() + 1);
  }
  const most = Math.max(...counts.values());
  const bars = bins.map((bin) => {
    // The last month or year of all posts has not ended with them.
    const open = filters.span && bin === key(filters.span.last);
    const bar = element('span', { class: open ? 'bar open' : 'bar', title: `${bin}: ${counts.get(bin) ?? 0}${open ? ` (${words.say('unfinished')})` : ''}` });
    bar.style.setProperty('--height', ((counts.get(bin) ?? 0) / most).toFixed(3));
    return bar;
  });
  return element(
    'figure',
    { class: 'timeline' },
    element('div', { class: 'bars', role: 'img', 'aria-label': words.counted('timeline', dated.length, { from: bins[0], to: bins[bins.length - 1] }) }, bars),
    element('figcaption', {}, end(view, 'firstPost', dated[dated.length - 1]), end(view, 'lastPost', dated[0])),
  );
}

/**
 * The first or the last post, to be read by a click.
 * @param {View} view
 * @param {'firstPost' | 'lastPost'} which
 * @param {number} post
 */
function end(view, which, post) {
  const { graph } = view;
  return element('button', { type: 'button', class: 'end-of-time', title: `${words.say(which)}: ${clip(plain(graph.labels[post]), 80)}`, text: day(graph.date[post]), on: { click: () => view.select(post) } });
}
