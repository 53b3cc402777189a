// Drawing with WebGL2: land, edges, nodes, and what is highlighted.
//
// Edges are the costly part. They stand in an index buffer, sorted into bands of like length and shuffled within a
// band. While the camera moves, a share of every band is drawn; once it rests, the rest is added slice by slice
// to a picture that is kept, so that a still map costs nothing to draw again.

import { BANDS, bandsOf, edgeAlpha } from './bands.js';
import { borderColour, bordersOf } from './borders.js';
import { cardOf, upload, uploadIndex } from './card.js';
import { fadeIn, nodesShown, threads } from './detail.js';
import { gatherEdges, gatherNodes, gatherWithin, painted } from './indices.js';
import { EXTENT, LAND_SIZE, landStrength, settle } from './land.js';
import { MOST_RADIUS, growth, leastRadius, nodeRadii } from './sizes.js';
import { STATE } from './states.js';
import { curveOf, tieStrength, tiesAmong, tiesShown } from './ties.js';

/**
 * @import { Camera } from './camera.js'
 * @import { ProgramName } from './card.js'
 * @import { Shown } from './filters.js'
 * @import { Graph } from './graph.js'
 * @import { Stroke } from './strokes.js'
 * @import { Theme } from './theme.js'
 */

/** So many edges at most are drawn while the camera moves. */
const MOVING_EDGES = 16_000;
/** From this radius on, in pixels of the canvas, a node shows its shape. */
const SHAPED = 2.2;
/** Straight pieces that a tie is drawn as. */
const PIECES = 12;
/** How wide a border is, in pixels of the screen. */
const BORDER = 1.3;

/**
 * Where the camera looks, as the programs are told.
 * @typedef {{ centre: [number, number], scale: [number, number] }} Frame
 */

export class Renderer {
  /**
   * Raises an error where there is no WebGL2; all `nodes` and `edges` as for `setVisible`.
   * @param {HTMLCanvasElement} canvas
   * @param {Graph} graph
   * @param {Theme} theme
   * @param {Shown} visible
   */
  constructor(canvas, graph, theme, { nodes, edges }) {
    const gl = canvas.getContext('webgl2', { antialias: false, alpha: false, depth: false, powerPreference: 'high-performance' });
    if (!gl) throw new Error('no WebGL2');
    this.canvas = canvas;
    this.graph = graph;
    this.theme = theme;
    this.gl = gl;
    this.lost = false;
    this.onrestored = () => {};
    /** Pixels of the canvas for one of the screen. */
    this.ratio = 1;
    /** How many edges are added to the kept picture at a time. */
    this.slice = 30_000;
    this.state = new Uint8Array(graph.n).fill(STATE.plain);
    this.edgesDimmed = false;
    this.filtered = false;
    this.radius = nodeRadii(graph);
    this.land = settle(graph);
    this.borders = bordersOf(this.land);
    /** Ties whose ends pass the filters. */
    this.ties = new Uint32Array(0);
    /** The place of the last node that was drawn, in the order of sight. */
    this.last = graph.n;
    /** @type {Stroke[]} */
    this.strokeList = [];
    this.strokes = { data: new Float32Array(0), count: 0 };
    /** What the graphics card has yet to be told: `visible`, `near`, `states`, `strokes` or `ties`. */
    this.changed = new Set();
    this.edges = bandsOf(graph);
    this.bandLength = this.edges.bandLength;
    // Room for one more than there are: what is left out is written as well, and then written over.
    this.edgeIndex = new Uint32Array(2 * graph.m + 2);
    /** Where in this index each band starts, and, one further, the last ends. */
    this.bandStart = new Uint32Array(BANDS + 1);
    /** Edges that may cross what the camera sees. */
    this.nearIndex = new Uint32Array(2 * graph.m + 2);
    this.nearStart = new Uint32Array(BANDS + 1);
    this.nodeIndex = new Uint32Array(graph.n + 1);
    this.nodeCount = 0;
    /** The last drawn lies on top: the most important. */
    this.nodeOrder = graph.order.slice().reverse();
    this.topIndex = new Uint32Array(graph.n + 1);
    this.topCount = 0;
    /** What the kept picture shows, and how much of the edges is in it. */
    this.keptFor = '';
    this.drawnShare = 0;
    this.setVisible(nodes, edges, false);
    this.landPicture = new Uint8Array(0);
    this.card = cardOf(gl, graph, this.radius, theme.shapes);
    this.#tellAll();
    canvas.addEventListener('webglcontextlost', (event) => {
      event.preventDefault();
      this.lost = true;
    });
    canvas.addEventListener('webglcontextrestored', () => {
      this.lost = false;
      this.card = cardOf(gl, graph, this.radius, theme.shapes);
      this.#tellAll();
      this.onrestored();
    });
  }

  /**
   * Which nodes and edges there are to see: arrays of 0 and 1; `filtered` says whether that is less than all.
   * @param {Uint8Array} nodes
   * @param {Uint8Array} edges
   * @param {boolean} filtered
   */
  setVisible(nodes, edges, filtered) {
    const { order, ends, bandEnd } = this.edges;
    this.filtered = filtered;
    this.bandStart = new Uint32Array(BANDS + 1);
    let at = 0;
    for (let band = 0, from = 0; band < BANDS; from = bandEnd[band++]) {
      at = gatherEdges(this.edgeIndex, at, ends, order, edges, from, bandEnd[band]);
      this.bandStart[band + 1] = at / 2;
    }
    this.nodeCount = gatherNodes(this.nodeIndex, this.nodeOrder, nodes, 1);
    this.ties = tiesAmong(this.graph, nodes);
    this.changed.add('visible').add('ties');
    this.forgetEdges();
  }

  /**
   * Edges that may cross what the camera sees: only these are drawn once it rests.
   * @param {Camera} camera
   */
  #gatherNear(camera) {
    const across = camera.width / (2 * camera.scale);
    const up = camera.height / (2 * camera.scale);
    /** @type {[number, number, number, number]} */
    const box = [camera.x - across, camera.x + across, camera.y - up, camera.y + up];
    this.nearStart = new Uint32Array(BANDS + 1);
    let at = 0;
    for (let band = 0; band < BANDS; band++) {
      at = gatherWithin(this.nearIndex, at, this.edgeIndex, this.graph, box, this.bandStart[band], this.bandStart[band + 1]);
      this.nearStart[band + 1] = at / 2;
    }
    this.changed.add('near');
  }

  /**
   * One byte per node, of STATE; `dimmed` says whether edges step back.
   * @param {Uint8Array<ArrayBuffer>} states
   * @param {boolean} dimmed
   */
  setStates(states, dimmed) {
    this.state = states;
    this.edgesDimmed = dimmed;
    this.topCount = gatherNodes(this.topIndex, this.nodeOrder, states, STATE.marked);
    this.changed.add('states');
  }

  /**
   * Highlighted edges.
   * @param {Stroke[]} strokes
   */
  setStrokes(strokes) {
    const { x, y } = this.graph;
    const data = new Float32Array(strokes.length * 9);
    strokes.forEach(({ from, to, colour, alpha, width }, i) => {
      data.set([x[from], y[from], x[to], y[to], colour[0] / 255, colour[1] / 255, colour[2] / 255, alpha, width * this.ratio], i * 9);
    });
    this.strokes = { data, count: strokes.length };
    this.strokeList = strokes;
    this.changed.add('strokes');
  }

  /** Hand over the ties, and the borders of regions. */
  #uploadLines() {
    const { graph, ratio, theme } = this;
    const { x, y } = graph;
    const ties = new Float32Array(this.ties.length * 11);
    this.ties.forEach((tie, i) => {
      const { from, to, cx, cy, colour: [red, green, blue], alpha, width } = curveOf(graph, theme, tie);
      ties.set([x[from], y[from], cx, cy, x[to], y[to], red / 255, green / 255, blue / 255, alpha, width * ratio], i * 11);
    });
    const borders = new Float32Array(this.borders.length * 9);
    this.borders.forEach((piece, i) => {
      const [red, green, blue] = borderColour(theme, piece.community);
      borders.set([piece.x, piece.y, piece.u, piece.v, red / 255, green / 255, blue / 255, 0.55, BORDER * ratio], i * 9);
    });
    upload(this.gl, this.card.buffers.ties, ties);
    upload(this.gl, this.card.buffers.borders, borders);
  }

  /** Take the colours of the theme again. */
  setTheme() {
    this.changed.add('ties');
    const { kind, community } = this.graph;
    const colours = painted(kind, (number) => this.theme.ofKind[number]);
    const tints = painted(community, (number) => this.theme.region(number));
    this.landPicture = this.land.paint(this.theme);
    if (this.lost) return;
    const { buffers } = this.card;
    upload(this.gl, buffers.colours, colours);
    upload(this.gl, buffers.tints, tints);
    this.#uploadLand();
    this.forgetEdges();
  }

  /** Tell a graphics card that knows nothing yet everything. */
  #tellAll() {
    for (const what of ['visible', 'states', 'strokes']) this.changed.add(what);
    this.setTheme();
  }

  /** Hand over what has changed: once for a frame, however often it did before. */
  #uploadChanged() {
    const { changed } = this;
    const { arrays, buffers } = this.card;
    if (changed.delete('visible')) {
      uploadIndex(this.gl, arrays.edges, buffers.edges, this.edgeIndex.subarray(0, 2 * this.bandStart[BANDS]));
      uploadIndex(this.gl, arrays.nodes, buffers.nodes, this.nodeIndex.subarray(0, this.nodeCount));
    }
    if (changed.delete('near')) uploadIndex(this.gl, arrays.near, buffers.near, this.nearIndex.subarray(0, 2 * this.nearStart[BANDS]));
    if (changed.delete('states')) {
      upload(this.gl, buffers.states, this.state);
      uploadIndex(this.gl, arrays.top, buffers.top, this.topIndex.subarray(0, this.topCount));
    }
    if (changed.delete('ties')) this.#uploadLines();
    if (changed.delete('strokes')) upload(this.gl, buffers.strokes, this.strokes.data);
  }

  /** Hand over the land. */
  #uploadLand() {
    const { gl } = this;
    gl.bindTexture(gl.TEXTURE_2D, this.card.landTexture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, LAND_SIZE, LAND_SIZE, 0, gl.RGBA, gl.UNSIGNED_BYTE, this.landPicture);
    for (const [name, value] of [[gl.TEXTURE_MIN_FILTER, gl.LINEAR], [gl.TEXTURE_MAG_FILTER, gl.LINEAR], [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE], [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE]]) {
      gl.texParameteri(gl.TEXTURE_2D, name, value);
    }
  }

  /**
   * Set the size of the drawing, in CSS pixels, and how many pixels of the canvas make one.
   * @param {number} width
   * @param {number} height
   * @param {number} ratio
   */
  resize(width, height, ratio) {
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    if (this.ratio !== ratio) {
      this.ratio = ratio;
      this.setStrokes(this.strokeList);
      this.changed.add('ties');
    }
    this.forgetEdges();
  }

  /**
   * Whether a node that passes the filters is drawn where the camera looked last.
   * @param {number} node
   */
  draws(node) {
    return this.graph.place[node] <= this.last;
  }

  forgetEdges() {
    this.drawnShare = 0;
    this.keptFor = '';
  }

  /**
   * Draw one frame. Returns true when there is more to add to it while the camera rests.
   * @param {Camera} camera
   * @param {boolean} moving
   * @param {boolean} everything
   */
  draw(camera, moving, everything = false) {
    if (this.lost || this.gl.isContextLost()) return false;
    const { gl, canvas, theme } = this;
    /** @type {Frame} */
    const view = { centre: [camera.x, camera.y], scale: [(2 * camera.scale) / camera.width, (2 * camera.scale) / camera.height] };
    const strength = threads(this.nodeCount, camera) * (this.edgesDimmed ? 0.25 : 1);
    const keeping = !moving && strength > 0;
    const fresh = keeping && this.#turn(camera);
    this.#uploadChanged();
    const more = keeping && this.#refine(camera, view, everything, fresh);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(0, 0, canvas.width, canvas.height);
    const [red, green, blue] = theme.background;
    gl.clearColor(red / 255, green / 255, blue / 255, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    this.#drawLand(camera, view);
    if (moving && strength) {
      const share = Math.min(1, MOVING_EDGES / Math.max(this.bandStart[BANDS], 1));
      this.#drawEdges(camera, view, this.card.arrays.edges, this.bandStart, 0, share, Math.min(2.5, 1 / Math.sqrt(share)) * strength);
    } else if (keeping) {
      const { program, at } = this.card.programs.copy;
      gl.useProgram(program);
      gl.bindVertexArray(this.card.arrays.none);
      gl.bindTexture(gl.TEXTURE_2D, this.card.kept.texture);
      gl.uniform1f(at.u_alpha, strength);
      gl.drawArrays(gl.TRIANGLES, 0, 3);
    }
    const least = this.nodeIndex[this.nodeCount - nodesShown(this.nodeCount, camera)];
    this.last = this.nodeCount ? this.graph.place[least] : 0;
    this.#drawTies(camera, view, moving);
    const dots = this.#dots(camera);
    for (const { from, until, alpha } of fadeIn(this.nodeCount, camera)) {
      this.#drawNodes('dots', camera, view, this.card.arrays.nodes, from, Math.min(until, dots), alpha);
      this.#drawNodes('nodes', camera, view, this.card.arrays.nodes, Math.max(from, dots), until, alpha);
    }
    if (this.strokes.count) this.#drawStrokes(view, this.card.arrays.strokes, this.strokes.count);
    this.#drawNodes('nodes', camera, view, this.card.arrays.top, 0, this.topCount, 1);
    return more;
  }

  /**
   * Use a program, and tell it where the camera looks; gives the places of its uniforms.
   * @param {ProgramName} name
   * @param {Frame} view
   */
  #use(name, view) {
    const { gl } = this;
    const { program, at } = this.card.programs[name];
    gl.useProgram(program);
    gl.uniform2fv(at.u_centre, view.centre);
    gl.uniform2fv(at.u_scale, view.scale);
    return at;
  }

  /**
   * Draw the land, where it can be seen.
   * @param {Camera} camera
   * @param {Frame} view
   */
  #drawLand(camera, view) {
    const strength = landStrength(this, camera);
    if (!strength) return;
    const { gl } = this;
    const at = this.#use('land', view);
    gl.uniform4f(at.u_extent, -EXTENT, -EXTENT, 2 * EXTENT, 2 * EXTENT);
    gl.uniform1f(at.u_strength, strength);
    gl.bindTexture(gl.TEXTURE_2D, this.card.landTexture);
    gl.bindVertexArray(this.card.arrays.land);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    if (this.borders.length) this.#drawStrokes(view, this.card.arrays.borders, this.borders.length);
  }

  /**
   * Draw ties: less strongly where the links of posts show, and when something is highlighted.
   * @param {Camera} camera
   * @param {Frame} view
   * @param {boolean} moving
   */
  #drawTies(camera, view, moving) {
    const count = tiesShown(this.graph, this.ties, camera, this.last, moving);
    if (!count) return;
    const { gl, canvas } = this;
    const at = this.#use('ties', view);
    gl.uniform2f(at.u_size, canvas.width, canvas.height);
    gl.uniform1f(at.u_pieces, PIECES);
    gl.uniform1f(at.u_strength, tieStrength(this, camera));
    gl.bindVertexArray(this.card.arrays.ties);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 2 * PIECES + 2, count);
  }

  /**
   * Whether the camera rests where no picture has been begun yet.
   * @param {Camera} camera
   */
  #turn(camera) {
    const { canvas } = this;
    const wanted = `${camera.x},${camera.y},${camera.zoom},${canvas.width},${canvas.height}`;
    if (this.keptFor === wanted) return false;
    this.keptFor = wanted;
    this.drawnShare = 0;
    this.#gatherNear(camera);
    return true;
  }

  /**
   * Add edges to the kept picture, which is emptied when it is `fresh`; everything at once when asked to.
   * @param {Camera} camera
   * @param {Frame} view
   * @param {boolean} everything
   * @param {boolean} fresh
   */
  #refine(camera, view, everything, fresh) {
    const { gl, canvas } = this;
    const { kept } = this.card;
    const total = this.nearStart[BANDS];
    gl.bindFramebuffer(gl.FRAMEBUFFER, kept.frame);
    if (kept.width !== canvas.width || kept.height !== canvas.height) {
      kept.width = canvas.width;
      kept.height = canvas.height;
      gl.bindTexture(gl.TEXTURE_2D, kept.texture);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, kept.width, kept.height, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, kept.texture, 0);
    }
    if (fresh) {
      gl.clearColor(0, 0, 0, 0);
      gl.clear(gl.COLOR_BUFFER_BIT);
    }
    if (this.drawnShare < 1 && total) {
      gl.viewport(0, 0, canvas.width, canvas.height);
      const until = everything ? 1 : Math.min(1, this.drawnShare + this.slice / total);
      this.#drawEdges(camera, view, this.card.arrays.near, this.nearStart, this.drawnShare, until, 1);
      this.drawnShare = until;
    }
    return total > 0 && this.drawnShare < 1;
  }

  /**
   * Draw the part of every band of an index between two shares. Long edges are fainter: they say less and cross more.
   * @param {Camera} camera
   * @param {Frame} view
   * @param {WebGLVertexArrayObject} array
   * @param {Uint32Array} starts
   * @param {number} from
   * @param {number} until
   * @param {number} boost
   */
  #drawEdges(camera, view, array, starts, from, until, boost) {
    const { gl, theme } = this;
    const at = this.#use('edges', view);
    gl.uniform3fv(at.u_edge, theme.edge.map((channel) => channel / 255));
    gl.bindVertexArray(array);
    for (let band = 0; band < BANDS; band++) {
      const start = starts[band];
      const count = starts[band + 1] - start;
      const first = start + Math.floor(count * from);
      const last = start + Math.floor(count * until);
      if (last <= first) continue;
      gl.uniform1f(at.u_alpha, Math.min(0.9, edgeAlpha(this, camera, band) * boost));
      gl.drawElements(gl.LINES, 2 * (last - first), gl.UNSIGNED_INT, 8 * first);
    }
  }

  /**
   * How many nodes, the last to come into sight first, are too small for a shape.
   * @param {Camera} camera
   */
  #dots(camera) {
    if (leastRadius(camera) * this.ratio >= SHAPED) return 0;
    const least = SHAPED / (growth(camera) * this.ratio);
    let count = 0;
    while (count < this.nodeCount && this.radius[this.nodeIndex[count]] < least) count++;
    return count;
  }

  /**
   * Draw a part of the nodes of an index.
   * @param {ProgramName} name
   * @param {Camera} camera
   * @param {Frame} view
   * @param {WebGLVertexArrayObject} array
   * @param {number} from
   * @param {number} until
   * @param {number} alpha
   */
  #drawNodes(name, camera, view, array, from, until, alpha) {
    if (until <= from) return;
    const { gl, ratio, theme } = this;
    const at = this.#use(name, view);
    gl.uniform1f(at.u_growth, growth(camera) * ratio);
    gl.uniform1f(at.u_least, leastRadius(camera) * ratio);
    gl.uniform1f(at.u_most, Math.min(MOST_RADIUS * ratio, this.card.pointMost / 2 - 2));
    gl.uniform1f(at.u_alpha, alpha);
    if (at.u_rim) gl.uniform3fv(at.u_rim, theme.background.map((channel) => channel / 255));
    gl.bindVertexArray(array);
    gl.drawElements(gl.POINTS, until - from, gl.UNSIGNED_INT, 4 * from);
  }

  /**
   * Draw highlighted edges, or borders.
   * @param {Frame} view
   * @param {WebGLVertexArrayObject} array
   * @param {number} count
   */
  #drawStrokes(view, array, count) {
    const { gl, canvas } = this;
    const at = this.#use('strokes', view);
    gl.uniform2f(at.u_size, canvas.width, canvas.height);
    gl.bindVertexArray(array);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, count);
  }
}
