// Elements. Words that come from posts reach the document through textContent and nothing else.

import { icon } from './icons.js';
import { plain } from './text.js';

/** @typedef {Node | string | null | undefined} Child what an element may hold; null and undefined are nothing */

/**
 * What an element gets: attributes (false, null and undefined: none), but for `text`, its text, and `on`, a listener for
 * each event.
 * @typedef {{ [attribute: string]: unknown, text?: string, on?: Record<string, (event: any) => void> }} Properties
 */

/**
 * Make an element.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Properties} properties
 * @param {...(Child | Child[])} children
 */
export function element(name, properties = {}, ...children) {
  const { text, on = {}, ...attributes } = properties;
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value === true ? '' : String(value));
  }
  for (const [type, listener] of Object.entries(on)) node.addEventListener(type, listener);
  if (text !== null && text !== undefined) node.textContent = text;
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

/**
 * Text of a post or a name, isolated so that its direction cannot disturb its surroundings.
 * @param {string} text
 * @param {Properties} properties
 */
export function foreign(text, properties = {}) {
  return element('bdi', { dir: 'auto', ...properties, text: plain(text) });
}

/**
 * @overload
 * @param {string} id
 * @returns {HTMLElement}
 */
/**
 * An element that the document is known to have.
 * @template {HTMLElement} T
 * @overload
 * @param {string} id
 * @param {new () => T} type which element it is
 * @returns {T}
 */
/**
 * @param {string} id
 * @param {typeof HTMLElement} type
 */
export function byId(id, type = HTMLElement) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new TypeError(`no ${type.name} has the id ${id}`);
  return found;
}

/**
 * The element of a class or kind within another that is known to have one.
 * @param {ParentNode} holder
 * @param {string} selector
 * @returns {HTMLElement}
 */
export function within(holder, selector) {
  const found = holder.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new TypeError(`nothing here is ${selector}`);
  return found;
}

/**
 * A button with an icon, words, or both.
 * @param {string} label what it says; its accessible name where it is not `visible`
 * @param {(event: MouseEvent) => void} listener
 * @param {{ symbol?: import('./icons.js').IconName, visible?: boolean } & Properties} properties
 */
export function button(label, listener, { symbol, visible = true, ...properties } = {}) {
  return element(
    'button',
    { type: 'button', 'aria-label': visible ? null : label, title: visible ? null : label, on: { click: listener }, ...properties },
    symbol ? icon(symbol) : null,
    visible ? element('span', { text: label }) : null,
  );
}

/**
 * What draws on a canvas.
 * @param {HTMLCanvasElement} canvas
 */
export function planeOf(canvas) {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser draws nothing');
  return context;
}
