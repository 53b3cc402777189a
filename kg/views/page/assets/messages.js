// Short messages: to the eye for a few seconds, and to screen readers.

import { byId } from './dom.js';
import { plain } from './text.js';

/** So long a message stays, in milliseconds. */
const STAYS = 3500;

let timer = 0;

/**
 * Say something to screen readers.
 * @param {string} text
 */
export function announce(text) {
  byId('announcement').textContent = plain(text);
}

/**
 * Show a short message for a few seconds.
 * @param {string} text
 */
export function toast(text) {
  const box = byId('toast');
  box.textContent = text;
  box.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => (box.hidden = true), STAYS);
  announce(text);
}
