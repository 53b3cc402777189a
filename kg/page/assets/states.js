// How nodes and edges are shown. States are bytes for the graphics card; shaders.js knows the numbers.

/** @import { Colour } from './colours.js' */

export const STATE = { hidden: 0, faded: 1, dimmed: 2, plain: 3, marked: 4, chosen: 5 };

/**
 * A highlighted edge.
 * @typedef {object} Stroke
 * @property {number} from node
 * @property {number} to node
 * @property {Colour} colour
 * @property {number} alpha in 0..1
 * @property {number} width in pixels of the screen
 */
