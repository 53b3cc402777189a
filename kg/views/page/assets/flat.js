// Drawing on a plain 2D canvas, where there is no WebGL2: the best-connected nodes, and the edges among them.

import { BANDS } from './bands.js';
import { css } from './colours.js';
import { planeOf } from './dom.js';
import { landCanvas, landPlace, landStrength, settle } from './land.js';
import { traceShape } from './shapes.js';
import { nodeRadii, screenRadius } from './sizes.js';
import { STATE } from './states.js';

/**
 * @import { Camera } from './camera.js'
 * @import { Shown } from './filters.js'
 * @import { Graph } from './graph.js'
 * @import { Stroke } from './strokes.js'
 * @import { Theme } from './theme.js'
 */

export const FLAT_NODES = 2000;
const FLAT_EDGES = 6000;

/** Draws what the renderer draws, in a plainer way. */
export class FlatRenderer {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Graph} graph
   * @param {Theme} theme
   * @param {Shown} visible
   */
  constructor(canvas, graph, theme, { nodes, edges }) {
    this.canvas = canvas;
    this.graph = graph;
    this.theme = theme;
    this.context = planeOf(canvas);
    this.radius = nodeRadii(graph);
    this.state = new Uint8Array(graph.n).fill(STATE.plain);
    this.onrestored = () => {};
    this.edgesDimmed = false;
    this.filtered = false;
    /** @type {Stroke[]} */
    this.strokeList = [];
    this.ratio = 1;
    /** @type {number[]} those that are drawn, the best-connected first */
    this.nodes = [];
    /** @type {number[]} those among them */
    this.edges = [];
    this.bandLength = new Float32Array(BANDS).fill(0.2);
    this.bandStart = new Uint32Array(BANDS + 1);
    this.setVisible(nodes, edges, false);
    this.settled = settle(graph);
    this.landPicture = this.settled.paint(theme);
    this.land = landCanvas(this.landPicture);
  }

  /**
   * Which nodes and edges there are to see, as for the renderer.
   * @param {Uint8Array} nodes
   * @param {Uint8Array} edges
   * @param {boolean} filtered
   */
  setVisible(nodes, edges, filtered) {
    this.filtered = filtered;
    const { n, m, source, target } = this.graph;
    this.nodes = [];
    for (let i = 0; i < n && this.nodes.length < FLAT_NODES; i++) if (nodes[i]) this.nodes.push(i);
    const last = this.nodes.at(-1) ?? -1;
    this.edges = [];
    for (let e = 0; e < m && this.edges.length < FLAT_EDGES; e++) {
      if (source[e] <= last && target[e] <= last && edges[e]) this.edges.push(e);
    }
    this.bandStart = new Uint32Array(BANDS + 1).fill(this.edges.length);
  }

  /**
   * How each node is shown, and whether edges step back.
   * @param {Uint8Array<ArrayBuffer>} states
   * @param {boolean} dimmed
   */
  setStates(states, dimmed) {
    this.state = states;
    this.edgesDimmed = dimmed;
  }

  /**
   * Highlighted edges.
   * @param {Stroke[]} strokes
   */
  setStrokes(strokes) {
    this.strokeList = strokes;
  }

  /** Take the colours of the theme again. */
  setTheme() {
    this.landPicture = this.settled.paint(this.theme);
    this.land = landCanvas(this.landPicture);
  }

  /** No picture of the edges is kept here. */
  forgetEdges() {}

  /**
   * Set the size of the drawing, in CSS pixels, and how many pixels of the canvas make one.
   * @param {number} width
   * @param {number} height
   * @param {number} ratio
   */
  resize(width, height, ratio) {
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.ratio = ratio;
  }

  /**
   * Draw a frame; there is never more to add to it.
   * @param {Camera} camera
   * @param {boolean} moving
   */
  draw(camera, moving) {
    const { context, graph, theme, ratio } = this;
    const { x, y, kind, source, target } = graph;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = css(theme.background);
    context.fillRect(0, 0, camera.width, camera.height);
    context.globalAlpha = landStrength(this, camera);
    context.drawImage(this.land, ...landPlace(camera));
    context.globalAlpha = 1;
    const line = (/** @type {number} */ a, /** @type {number} */ b) => {
      context.moveTo(camera.screenX(x[a]), camera.screenY(y[a]));
      context.lineTo(camera.screenX(x[b]), camera.screenY(y[b]));
    };
    context.lineWidth = 1;
    context.strokeStyle = css(theme.edge, this.edgesDimmed ? 0.05 : 0.16);
    context.beginPath();
    const count = moving ? Math.min(this.edges.length, 1500) : this.edges.length;
    for (let k = 0; k < count; k++) line(source[this.edges[k]], target[this.edges[k]]);
    context.stroke();
    for (const { from, to, colour, alpha, width } of this.strokeList) {
      context.strokeStyle = css(colour, alpha);
      context.lineWidth = width;
      context.beginPath();
      line(from, to);
      context.stroke();
    }
    const dot = (/** @type {number} */ node) => {
      const state = this.state[node];
      context.globalAlpha = state === STATE.faded ? 0.1 : state === STATE.dimmed ? 0.16 : 1;
      context.fillStyle = css(theme.ofKind[kind[node]]);
      context.beginPath();
      traceShape(context, theme.shapes[kind[node]], camera.screenX(x[node]), camera.screenY(y[node]), screenRadius(this, camera, node));
      context.fill();
    };
    for (let k = this.nodes.length - 1; k >= 0; k--) dot(this.nodes[k]);
    for (let node = 0; node < graph.n; node++) if (this.state[node] >= STATE.marked) dot(node);
    context.globalAlpha = 1;
    return false;
  }
}
