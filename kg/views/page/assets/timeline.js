// Posts over time, as bars: how many, or which share of all posts; of one thing, or of two side by side. A drag over the bars
// narrows the dates of everything; a table says the same for those who would rather read.

import { NO_DATE, day } from './dates.js';
import { button, element, foreign } from './dom.js';
import { unfinished } from './months.js';
import { FAILS_DATE } from './passes.js';
import { SearchBox } from './search.js';
import { clip, plain } from './text.js';
import { gSquared } from './typical.js';
import { words } from './words.js';

/** @import { View } from './view.js' */

/** So few dates tell nothing. */
const FEWEST = 3;
/** Of so many posts a share can be read. */
const TELLING = 10;
/** Months that are compared with as many before, and G² that chance exceeds once in a hundred times: as `kg trends` does. */
const WINDOW = 3;
const SURE = 6.63;
/** Dates far from the others that are named, at most. */
const MOST_ODD = 5;

/** How charts are read, and what they are compared with: kept while one thing after another is looked at. */
export const reading = { shares: false, other: -1 };

/**
 * Posts of a thing over time; null where there are too few to tell anything.
 * @param {View} view
 * @param {number[]} posts the newest first
 * @param {number} node whose posts they are, or -1: nothing else can be put beside them
 */
export function timeline(view, posts, node = -1) {
  const { filters } = view;
  const known = posts.filter((post) => view.graph.date[post] !== NO_DATE && filters.admits(post, FAILS_DATE));
  if (known.length < FEWEST || filters.months.length < 2) return null;
  const holder = element('figure', { class: 'timeline' });
  const fill = () => {
    const other = node >= 0 && reading.other !== node ? reading.other : -1;
    const series = [known, ...(other < 0 ? [] : [view.graph.postsAt(other).filter((post) => filters.admits(post, FAILS_DATE))])];
    const names = [node, other].filter((each) => each >= 0).map((each) => view.graph.nameIn(each, words.language));
    const bins = binsOf(view, series);
    const chosen = known.filter((post) => filters.admits(post));
    holder.replaceChildren(
      switches(view, fill),
      chart(view, bins),
      element('figcaption', {}, ...(chosen.length ? [end(view, 'firstPost', chosen[chosen.length - 1]), end(view, 'lastPost', chosen[0])] : [])),
      ...[lately(bins), other >= 0 ? key(names, fill) : null, odd(view, known), tableOf(view, bins, names), node >= 0 && other < 0 ? besides(view, fill) : null].filter((part) => part !== null),
    );
  };
  fill();
  return holder;
}

/**
 * A bar of the chart.
 * @typedef {object} Bin
 * @property {string} name such as 2026-08
 * @property {number} first its first day
 * @property {number} last
 * @property {number[]} counts posts of each thing
 * @property {number} all posts there are at all
 * @property {boolean} open whether it is not over yet
 */

/**
 * Bars, from the first in which there is anything, and enough to see whether that is more of late.
 * @param {View} view
 * @param {number[][]} series posts of each thing
 * @returns {Bin[]}
 */
function binsOf({ filters, graph }, series) {
  const { months, posts: { bin, last: end }, span } = filters;
  const all = new Uint32Array(months.length + 1);
  for (let node = 0; node < graph.n; node++) if (graph.isPost(node) && filters.admits(node, FAILS_DATE)) all[bin[node]]++;
  const counts = series.map((posts) => {
    const sums = new Uint32Array(months.length + 1);
    for (const post of posts) sums[bin[post]]++;
    return sums;
  });
  const begin = Math.min(...counts.map((sums) => sums.findIndex((sum) => sum > 0)).filter((at) => at >= 0), Math.max(months.length - 2 * WINDOW - 1, 0));
  const yearly = months.length > 1 && months[1] - months[0] > 300;
  return months.slice(begin).map((first, i) => {
    const at = begin + i;
    const isLast = at === months.length - 1;
    return {
      name: day(first).slice(0, yearly ? 4 : 7), first, last: isLast ? (span?.last ?? end) : months[at + 1] - 1,
      counts: counts.map((sums) => sums[at]), all: all[at], open: isLast && unfinished(months, end),
    };
  });
}

/**
 * What is measured, and the way back to all dates.
 * @param {View} view
 * @param {() => void} fill
 */
function switches(view, fill) {
  const ways = element('div', { class: 'segments', role: 'group', 'aria-label': words.say('measure') });
  for (const [word, shares] of /** @type {const} */ ([['posts', false], ['shareOfAll', true]])) {
    ways.append(element('button', { type: 'button', 'aria-pressed': String(reading.shares === shares), text: words.say(word), on: { click: () => { reading.shares = shares; fill(); } } }));
  }
  return element('div', { class: 'switches' }, ways, view.filters.dated ? button(words.say('allDates'), () => narrow(view, null, null), { class: 'quiet' }) : null);
}

/**
 * Show only what is of some days.
 * @param {View} view
 * @param {number | null} from
 * @param {number | null} to
 */
function narrow(view, from, to) {
  Object.assign(view.filters, { from, to });
  view.applyFilters();
}

/**
 * What a bar says.
 * @param {Bin} bin
 */
function said({ name, counts, all, open }) {
  const parts = counts.map((count) => words.say('barOf', { n: words.number(count), all: words.number(all), share: words.percent(all ? count / all : 0) }));
  return `${name}: ${parts.join('; ')}${open ? ` (${words.say('unfinished')})` : ''}`;
}

/**
 * The bars: a drag over them, or a click on one, narrows the dates.
 * @param {View} view
 * @param {Bin[]} bins
 */
function chart(view, bins) {
  const { filters } = view;
  const measure = (/** @type {number} */ count, /** @type {number} */ all) => (reading.shares ? (all ? count / all : 0) : count);
  // The shares of a month with hardly any posts say little, and would dwarf all others.
  const telling = bins.filter(({ all }) => all >= TELLING);
  const most = Math.max(...(reading.shares && telling.length ? telling : bins).flatMap(({ counts, all }) => counts.map((count) => measure(count, all))), 1e-9);
  const outside = (/** @type {Bin} */ { first, last }) => (filters.from !== null && last < filters.from) || (filters.to !== null && first > filters.to);
  const bars = bins.map((bin) => element('span', { class: outside(bin) ? 'bin outside' : 'bin', title: said(bin) }, bin.counts.map((count, which) => {
    const bar = element('span', { class: `bar${which ? ' other' : ''}${bin.open ? ' open' : ''}` });
    bar.style.setProperty('--height', Math.min(1, measure(count, bin.all) / most).toFixed(3));
    return bar;
  })));
  const sum = bins.reduce((so, { counts }) => so + counts[0], 0);
  const holder = element('div', { class: 'bars', role: 'img', 'aria-label': words.counted('timeline', sum, { from: bins[0].name, to: bins[bins.length - 1].name }) }, bars);
  const at = (/** @type {PointerEvent} */ event) => {
    const { left, width } = holder.getBoundingClientRect();
    return Math.min(bins.length - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * bins.length)));
  };
  let start = -1;
  const mark = (/** @type {number} */ until) => bars.forEach((bar, i) => { bar.classList.toggle('outside', i < Math.min(start, until) || i > Math.max(start, until)); });
  holder.addEventListener('pointerdown', (event) => {
    holder.setPointerCapture(event.pointerId);
    start = at(event);
    mark(start);
  });
  holder.addEventListener('pointermove', (event) => { if (start >= 0) mark(at(event)); });
  holder.addEventListener('pointerup', (event) => {
    if (start < 0) return;
    const [from, to] = [Math.min(start, at(event)), Math.max(start, at(event))];
    start = -1;
    narrow(view, bins[from].first, bins[to].last);
  });
  holder.addEventListener('pointercancel', () => (start = -1));
  return holder;
}

/**
 * Whether the first thing rises, by its share of all posts: the last months that are over beside as many before; null where
 * that cannot be told.
 * @param {Bin[]} bins
 */
export function lately(bins) {
  const whole = bins.filter(({ open }) => !open).slice(-2 * WINDOW);
  if (whole.length < 2 * WINDOW || whole[1].first - whole[0].first > 31) return null;
  const sum = (/** @type {Bin[]} */ part) => ({ named: part.reduce((so, { counts }) => so + counts[0], 0), all: part.reduce((so, { all }) => so + all, 0) });
  const [before, now] = [sum(whole.slice(0, WINDOW)), sum(whole.slice(WINDOW))];
  const named = before.named + now.named;
  if (named < FEWEST || !before.all || !now.all) return null;
  const score = gSquared(now.named, now.all, named, before.all + now.all);
  const [was, is] = [before, now].map((part) => words.percent(part.named / part.all));
  const way = words.say(score > SURE ? 'rising' : score < -SURE ? 'falling' : 'steady');
  return element('p', { class: 'hint', text: words.say('lately', { way, was, is, from: whole[WINDOW].name, to: whole[whole.length - 1].name }) });
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

/**
 * Which bars are whose.
 * @param {string[]} names
 * @param {() => void} fill
 */
function key(names, fill) {
  return element('p', { class: 'key' },
    names.map((name, which) => element('span', { class: which ? 'of other' : 'of' }, foreign(clip(name, 30)))),
    button(words.say('clear'), () => { reading.other = -1; fill(); }, { symbol: 'close', visible: false, class: 'quiet' }));
}

/**
 * Posts of which the date does not fit: far from nearly all others, it may be wrong.
 * @param {View} view
 * @param {number[]} posts
 */
function odd(view, posts) {
  const found = posts.filter((post) => !view.filters.fits(post));
  if (!found.length) return null;
  return element('p', { class: 'hint odd' }, words.counted('farDates', found.length), ' ',
    found.slice(0, MOST_ODD).map((post) => element('button', { type: 'button', class: 'end-of-time', title: clip(plain(view.graph.labels[post]), 80), text: day(view.graph.date[post]), on: { click: () => view.select(post) } })));
}

/**
 * The same as a table; a click on a month narrows the dates to it.
 * @param {View} view
 * @param {Bin[]} bins
 * @param {string[]} names
 */
function tableOf(view, bins, names) {
  const heads = bins[0].counts.map((_, which) => names[which] ?? words.say('posts'));
  const body = element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': words.say('asTable') });
  const fill = () => body.replaceChildren(element('table', {},
    element('thead', {}, element('tr', {}, element('th', { scope: 'col', text: words.say('column_date') }), heads.map((head) => element('th', { scope: 'col' }, foreign(clip(head, 20)))), element('th', { scope: 'col', text: words.say('scopeAllPosts') }))),
    element('tbody', {}, [...bins].reverse().map((bin) => element('tr', {},
      element('th', { scope: 'row' }, button(bin.name, () => narrow(view, bin.first, bin.last)), bin.open ? element('span', { class: 'also', text: ` ${words.say('unfinished')}` }) : null),
      bin.counts.map((count) => element('td', { class: 'number', text: `${words.number(count)} (${words.percent(bin.all ? count / bin.all : 0)})` })),
      element('td', { class: 'number', text: words.number(bin.all) }))))));
  const details = element('details', { class: 'figures' }, element('summary', { text: words.say('asTable') }), body);
  details.addEventListener('toggle', () => { if (details.open && !body.childElementCount) fill(); });
  return details;
}

/**
 * A box in which another thing is chosen, to be put beside this one.
 * @param {View} view
 * @param {() => void} fill
 */
function besides(view, fill) {
  const input = element('input', { type: 'text', class: 'small', autocomplete: 'off', spellcheck: 'false', placeholder: words.say('compareWith'), 'aria-label': words.say('compareWith') });
  const results = element('div', { class: 'list', id: 'compare-results', 'aria-label': words.say('results'), hidden: true });
  new SearchBox(view, input, results, { choose: (node) => { reading.other = node; fill(); } });
  return element('div', { class: 'compare' }, input, results);
}

