// How nodes are shown.

/** Bytes for the graphics card; shaders.js knows the numbers. */
export const STATE = { hidden: 0, faded: 1, dimmed: 2, plain: 3, marked: 4, chosen: 5 };

/**
 * How each node is shown, as a byte of STATE.
 * @param {number} n nodes
 * @param {object} what
 * @param {Uint8Array | null} what.visible 0 for nodes that are filtered out; null: none is
 * @param {boolean} what.hide whether those are hidden, or only faded
 * @param {Iterable<number> | null} what.highlighted null: nothing is, and nothing else is dimmed
 * @param {boolean} what.whole whether what is highlighted is shown even where it is filtered out
 * @param {number} what.selected the chosen node, or -1
 * @param {number} [what.within] the chosen region, or -1: where nothing is highlighted, what is in no other stands out
 * @param {Int32Array | null} [what.communities] of the nodes
 */
export function statesOf(n, { visible, hide, highlighted, whole, selected, within = -1, communities = null }) {
  const states = new Uint8Array(n);
  const rest = highlighted ? STATE.dimmed : STATE.plain;
  if (visible) {
    const outside = hide ? STATE.hidden : STATE.faded;
    for (let i = 0; i < n; i++) states[i] = visible[i] ? rest : outside;
  } else states.fill(rest);
  if (highlighted) for (const node of highlighted) if (states[node] !== STATE.hidden || whole) states[node] = STATE.marked;
  if (within >= 0 && !highlighted && communities) for (let i = 0; i < n; i++) if (communities[i] !== within && states[i] === STATE.plain) states[i] = STATE.dimmed;
  if (selected >= 0) states[selected] = STATE.chosen;
  return states;
}
