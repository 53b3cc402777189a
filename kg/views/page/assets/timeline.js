// Posts over time, as bars.

import { DAY, NO_DATE, day } from './dates.js';
import { element } from './dom.js';
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
    const bar = element('span', { class: 'bar', title: `${bin}: ${counts.get(bin) ?? 0}` });
    bar.style.setProperty('--height', ((counts.get(bin) ?? 0) / most).toFixed(3));
    return bar;
  });
  return element(
    'figure',
    { class: 'timeline', role: 'img', 'aria-label': words.counted('timeline', dated.length, { from: bins[0], to: bins[bins.length - 1] }) },
    element('div', { class: 'bars' }, bars),
    element('figcaption', {}, element('span', { text: bins[0] }), element('span', { text: bins[bins.length - 1] })),
  );
}
