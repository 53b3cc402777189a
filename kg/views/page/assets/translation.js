// The document in the language of the reader: its words are named in page.html.

import { byId, element } from './dom.js';
import { words } from './words.js';

/** @import { Word } from './texts.js' */

/** @type {[string, Word][]} */
const KEYS = [
  ['/', 'keySearch'], ['← ↑ → ↓', 'keyWalk'], ['. ,', 'keyNext'], ['Enter', 'keyEnter'], ['+ −', 'keyZoom'], ['0', 'keyFit'], ['A', 'keyArea'], ['F', 'keyFilters'],
  ['T', 'keyTable'], ['P', 'keyPath'], ['Esc', 'keyEscape'],
];

/** Put words where the document says which. */
export function translate() {
  document.documentElement.lang = words.language;
  for (const [node, text] of named('word')) node.textContent = text;
  for (const [node, text] of named('label')) {
    node.setAttribute('aria-label', text);
    if (node.localName === 'button') node.title = text;
  }
  for (const [node, text] of named('hint')) node.setAttribute('placeholder', text);
  byId('help-keys').replaceChildren(
    ...KEYS.flatMap(([key, word]) => [element('dt', {}, element('kbd', { text: key })), element('dd', { text: words.say(word) })]),
  );
}

/**
 * Elements that name a text as `data-word`, `data-label` or `data-hint`, with the text.
 * @param {'word' | 'label' | 'hint'} role
 * @returns {[HTMLElement, string][]}
 */
function named(role) {
  const nodes = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(`[data-${role}]`)]);
  return nodes.map((node) => [node, words.say(/** @type {Word} */ (node.dataset[role]))]);
}
