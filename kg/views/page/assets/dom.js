// Elements, icons and text. Words that come from posts reach the document through textContent and nothing else.

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Make an element. `properties` are attributes, except `text`, `class` and `on` (event → listener).
 * Children may be elements, strings, or null.
 */
function element(name, properties = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === 'text') node.textContent = value;
    else if (key === 'on') for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
    else node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

/** Text of a post or a name, isolated so that its direction cannot disturb its surroundings. */
function foreign(text, properties = {}) {
  return element('bdi', { dir: 'auto', ...properties, text: plain(text) });
}

function byId(id) {
  return document.getElementById(id);
}

// Controls, and the characters that reorder text (https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters).
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Text as it may be shown: without controls that hide or reorder it. */
function plain(text) {
  return text.replace(UNSEEN, '');
}

const graphemes = typeof Intl.Segmenter === 'function' ? new Intl.Segmenter() : null;

/** At most `length` user-perceived characters; an ellipsis shows that something was cut. */
function clip(text, length) {
  if (text.length <= length) return text;
  const head = text.slice(0, length * 4);
  const parts = graphemes ? Array.from(graphemes.segment(head), (part) => part.segment) : Array.from(head);
  if (parts.length <= length && head.length === text.length) return text;
  return parts.slice(0, length - 1).join('').trimEnd() + '…';
}

const ICONS = {
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 20.5 20.5',
  close: 'M6 6 18 18M18 6 6 18',
  route: 'M6 18a2 2 0 1 0 0 .1M18 6a2 2 0 1 0 0 .1M8 18h5a3.5 3.5 0 0 0 0-7h-2a3.5 3.5 0 0 1 0-7h5',
  filter: 'M4 6h16M7 12h10M10 18h4',
  table: 'M4 5h16v14H4zM4 10h16M4 15h16M10 5v14',
  share: 'M12 15V4M8 8l4-4 4 4M5 13v6h14v-6',
  help: 'M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.200-1.500 2.400M12 17.500v.1',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  fit: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  play: 'M8 5v14l11-7z',
  pause: 'M8 5v14M16 5v14',
  theme: 'M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16',
  back: 'M14 6l-6 6 6 6',
  link: 'M14 5h5v5M19 5l-9 9M17 14v5H5V7h5',
  near: 'M12 12v.1M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM12 3v4M12 17v4M3 12h4M17 12h4',
  swap: 'M8 4v16M4 8l4-4 4 4M16 20V4M12 16l4 4 4-4',
  code: 'M8 7l-5 5 5 5M16 7l5 5-5 5',
  copy: 'M9 9h11v11H9zM15 9V4H4v11h5',
  down: 'M6 9l6 6 6-6',
};

function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button with an icon, words, or both; without visible words `label` is its accessible name. */
function button(label, listener, { symbol = null, visible = true, ...properties } = {}) {
  return element(
    'button',
    { type: 'button', 'aria-label': visible ? null : label, title: visible ? null : label, on: { click: listener }, ...properties },
    symbol ? icon(symbol) : null,
    visible ? element('span', { text: label }) : null,
  );
}

/** Say something to screen readers. */
function announce(text) {
  byId('announcement').textContent = plain(text);
}

let toastTimer = 0;

/** Show a short message for a few seconds. */
function toast(text) {
  const box = byId('toast');
  box.textContent = text;
  box.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (box.hidden = true), 3500);
  announce(text);
}

/** Call `listener` once events have paused for `delay` milliseconds. */
function debounced(listener, delay) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => listener(...values), delay);
  };
}
