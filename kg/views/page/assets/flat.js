// Drawing on a plain 2D canvas, where there is no WebGL2: the best-connected nodes, and the edges among them.

import { BANDS } from './bands.js';
import { borderColour, bordersOf } from './borders.js';
import { css } from './colours.js';
import { nodesShown, threads } from './detail.js';
import { planeOf } from './dom.js';
import { landCanvas, landPlace, landStrength, settle } from './land.js';
import { traceShape } from './shapes.js';
import { drawnRadius, nodeRadii } from './sizes.js';
import { STATE } from './states.js';
import { curveOf, tieStrength, tiesAmong, tiesShown } from './ties.js';

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
    /** How many nodes there are to see. */
    this.nodeCount = 0;
    /** Ties whose ends pass the filters. */
    this.ties = new Uint32Array(0);
    /** The place of the last node that was drawn, in the order of sight. */
    this.last = graph.n;
    /** @type {number[]} those that are drawn, in the order of sight */
    this.nodes = [];
    /** @type {Set<number>} the same */
    this.drawn = new Set();
    /** @type {number[]} those among them */
    this.edges = [];
    this.bandLength = new Float32Array(BANDS).fill(0.2);
    this.bandStart = new Uint32Array(BANDS + 1);
    this.setVisible(nodes, edges, false);
    this.land = settle(graph);
    this.borders = bordersOf(this.land);
    this.landPicture = this.land.paint(theme);
    this.ground = landCanvas(this.landPicture);
  }

  /**
   * Which nodes and edges there are to see, as for the renderer.
   * @param {Uint8Array} nodes
   * @param {Uint8Array} edges
   * @param {boolean} filtered
   */
  setVisible(nodes, edges, filtered) {
    this.filtered = filtered;
    const { m, source, target, order } = this.graph;
    this.nodes = [];
    this.nodeCount = 0;
    for (const node of order) {
      if (!nodes[node]) continue;
      this.nodeCount++;
      if (this.nodes.length < FLAT_NODES) this.nodes.push(node);
    }
    this.drawn = new Set(this.nodes);
    this.edges = [];
    for (let e = 0; e < m && this.edges.length < FLAT_EDGES; e++) {
      if (edges[e] && this.drawn.has(source[e]) && this.drawn.has(target[e])) this.edges.push(e);
    }
    this.ties = tiesAmong(this.graph, nodes);
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
    this.landPicture = this.land.paint(this.theme);
    this.ground = landCanvas(this.landPicture);
  }

  /**
   * Whether a node that is not highlighted is drawn.
   * @param {number} node
   */
  draws(node) {
    return this.drawn.has(node) && this.graph.place[node] <= this.last;
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
    context.drawImage(this.ground, ...landPlace(camera));
    context.globalAlpha = 1;
    const line = (/** @type {number} */ a, /** @type {number} */ b) => {
      context.moveTo(camera.screenX(x[a]), camera.screenY(y[a]));
      context.lineTo(camera.screenX(x[b]), camera.screenY(y[b]));
    };
    this.#borders(camera);
    const strength = threads(this.nodeCount, camera);
    context.lineWidth = 1;
    context.strokeStyle = css(theme.edge, (this.edgesDimmed ? 0.05 : 0.16) * strength);
    context.beginPath();
    const count = !strength ? 0 : moving ? Math.min(this.edges.length, 1500) : this.edges.length;
    for (let k = 0; k < count; k++) line(source[this.edges[k]], target[this.edges[k]]);
    context.stroke();
    const shown = Math.min(this.nodes.length, nodesShown(this.nodeCount, camera));
    this.last = shown ? graph.place[this.nodes[shown - 1]] : 0;
    this.#ties(camera, moving);
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
      traceShape(context, theme.shapes[kind[node]], camera.screenX(x[node]), camera.screenY(y[node]), drawnRadius(this, camera, node, state));
      context.fill();
    };
    for (let k = shown - 1; k >= 0; k--) dot(this.nodes[k]);
    for (let node = 0; node < graph.n; node++) if (this.state[node] >= STATE.marked) dot(node);
    context.globalAlpha = 1;
    return false;
  }

  /**
   * Draw the borders of regions.
   * @param {Camera} camera
   */
  #borders(camera) {
    const { context, theme } = this;
    context.lineWidth = 1.3;
    this.graph.regions.forEach((_, community) => {
      context.strokeStyle = css(borderColour(theme, community), 0.55);
      context.beginPath();
      for (const piece of this.borders) {
        if (piece.community !== community) continue;
        context.moveTo(camera.screenX(piece.x), camera.screenY(piece.y));
        context.lineTo(camera.screenX(piece.u), camera.screenY(piece.v));
      }
      context.stroke();
    });
  }

  /**
   * Draw ties.
   * @param {Camera} camera
   * @param {boolean} moving
   */
  #ties(camera, moving) {
    const { context, graph, theme } = this;
    const { x, y } = graph;
    const strength = tieStrength(this, camera);
    const count = tiesShown(graph, this.ties, camera, this.last, moving);
    for (let k = 0; k < count; k++) {
      const { from, to, cx, cy, colour, alpha, width } = curveOf(graph, theme, this.ties[k]);
      context.strokeStyle = css(colour, alpha * strength);
      context.lineWidth = width;
      context.beginPath();
      context.moveTo(camera.screenX(x[from]), camera.screenY(y[from]));
      context.quadraticCurveTo(camera.screenX(cx), camera.screenY(cy), camera.screenX(x[to]), camera.screenY(y[to]));
      context.stroke();
    }
  }
}
