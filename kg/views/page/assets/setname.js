// What a set is called.

import { words } from './words.js';

/**
 * @import { Wanted } from './sets.js'
 * @import { View } from './view.js'
 */

/**
 * A set in words.
 * @param {View} view
 * @param {Wanted} wanted
 */
export function setName({ graph }, { all, any, none }) {
  const name = (/** @type {number} */ node) => graph.nameIn(node, words.language);
  const either = any.map(name).join(` ${words.say('or')} `);
  const both = [...all.map(name), ...(any.length ? [all.length && any.length > 1 ? `(${either})` : either] : [])].join(` ${words.say('and')} `);
  return none.length ? `${both} ${words.say('not')} ${none.map(name).join(', ')}` : both;
}
