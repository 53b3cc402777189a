// Lists of nodes and posts, and the parts they are made of.

import { day } from './dates.js';
import { button, element, foreign, within } from './dom.js';
import { icon } from './icons.js';
import { clip, isWebAddress, plain, unmarked } from './text.js';
import { words } from './words.js';

/** @import { View } from './view.js' */

const SHOWN_AT_FIRST = 8;
/** So many more rows each time. */
const GROWS_BY = 40;
/** Characters of a text before it is cut. */
const TEXT_LENGTH = 400;

/**
 * A list that shows its first rows and, on request, more.
 * @template T
 * @param {T[]} rows
 * @param {(row: T) => HTMLElement} make
 * @param {number} first how many are shown at first
 */
export function list(rows, make, first = SHOWN_AT_FIRST) {
  const holder = element('ul', { class: 'rows' });
  let shown = 0;
  const grow = (/** @type {number} */ count) => {
    more.remove();
    holder.append(...rows.slice(shown, shown + count).map((row) => element('li', {}, make(row))));
    shown = Math.min(rows.length, shown + count);
    if (shown < rows.length) holder.append(more);
  };
  const left = () => words.say('more', { n: words.number(Math.max(rows.length - shown, 0)) });
  const asker = button(left(), () => {
    const at = shown;
    grow(GROWS_BY);
    within(asker, 'span').textContent = left();
    const row = holder.children[at];
    if (row?.querySelector('button, a')) within(row, 'button, a').focus();
  }, { class: 'more' });
  const more = element('li', {}, asker);
  grow(first);
  within(asker, 'span').textContent = left();
  return holder;
}

/**
 * A node in a list: choose it by a click, see it on the map by pointing.
 * @param {View} view
 * @param {number} node
 * @param {string | null} count
 * @param {string | null} note
 */
export function nodeRow(view, node, count, note = null) {
  const { graph } = view;
  const name = element(
    'button',
    { type: 'button', class: 'node', 'data-node': node, on: { click: () => view.select(node), pointerenter: () => view.hover(node), pointerleave: () => view.hover(-1) } },
    view.theme.mark(graph.kind[node]),
    element('span', { class: 'name' }, foreign(clip(graph.nameIn(node, words.language), 120)), note ? element('span', { class: 'also', text: note }) : null),
    count ? element('span', { class: 'count', text: count }) : null,
  );
  return element('div', { class: 'row' }, name);
}

/**
 * A post in a list, with its date, its source and the beginning of its summary.
 * @param {View} view
 * @param {number} post
 * @param {string} brief what is said of it; otherwise its summary begins to say it
 */
export function postRow(view, post, brief = '') {
  const { graph } = view;
  const row = nodeRow(view, post, null);
  const date = day(graph.date[post]);
  const source = graph.literal(post, 'schema:isBasedOn');
  const summary = brief || graph.literal(post, 'schema:abstract');
  row.classList.add('post');
  row.append(
    element('div', { class: 'under' }, date ? element('time', { datetime: date, text: date }) : null, view.filters.fits(post) ? null : element('span', { class: 'odd', text: words.say('farDate') }), isWebAddress(source) ? webLink(source, new URL(source).hostname) : null),
    summary ? element('p', { class: 'brief' }, foreign(clip(unmarked(summary), brief ? 180 : 140))) : '',
  );
  return row;
}

/**
 * A link that leads out of the page.
 * @param {string} address
 * @param {string} text
 */
export function webLink(address, text = address) {
  return element('a', { href: address, target: '_blank', rel: 'noopener noreferrer nofollow', class: 'web' }, foreign(clip(text, 100)), icon('link'));
}

/**
 * Where a post comes from; what is not a web address is shown and cannot be followed.
 * @param {string} value
 */
export function sourceLine(value) {
  return element('p', { class: 'source' }, element('span', { class: 'also', text: words.say('source') + ' ' }), isWebAddress(value) ? webLink(value) : foreign(clip(value, 300)));
}

/**
 * A text of any length, cut where it gets long, with a button for the rest.
 * @param {string} value
 * @param {string} name
 */
export function longText(value, name = '') {
  if (value.length <= TEXT_LENGTH) return element('p', { class: `text ${name}` }, foreign(value));
  const text = foreign(clip(value, TEXT_LENGTH));
  const more = button(words.say('wholeText'), () => {
    text.textContent = plain(value);
    more.remove();
  }, { class: 'more' });
  return element('div', { class: `text ${name}` }, text, more);
}

/**
 * A part of what is read that can be folded.
 * @param {string} title
 * @param {number | null} count
 * @param {boolean} open
 * @param {string | null} id
 */
export function section(title, count, open, id = null) {
  return element('details', { class: 'section', open, id: id ? `section-${id}` : null },
    element('summary', {}, icon('down'), element('h3', {}, title, count === null ? null : element('span', { class: 'count', text: words.number(count) }))));
}
