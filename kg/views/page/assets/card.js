// What lives on the graphics card: programs, buffers, and how the programs read the buffers.

import { SHADERS } from './shaders.js';

/** @import { Graph } from './graph.js' */

/** @typedef {keyof typeof SHADERS} ProgramName */
/** @typedef {{ program: WebGLProgram, at: Record<string, WebGLUniformLocation | null> }} Program a program, and where its uniforms are */

/**
 * @typedef {object} Card
 * @property {Record<ProgramName, Program>} programs
 * @property {Buffers} buffers
 * @property {ReturnType<typeof layOut>} arrays
 * @property {WebGLTexture} landTexture
 * @property {{ texture: WebGLTexture, frame: WebGLFramebuffer, width: number, height: number }} kept a picture of the edges
 * @property {number} pointMost the largest point that the card draws, in pixels of the canvas
 */

/** @typedef {ReturnType<typeof buffersOf>} Buffers */

/**
 * Furnish the graphics card.
 * @param {WebGL2RenderingContext} gl
 * @param {Graph} graph
 * @param {Float32Array} radius of each node in pixels, at zoom 1
 * @param {number[]} shapes by kind
 * @returns {Card}
 */
export function cardOf(gl, graph, radius, shapes) {
  const programs = {
    land: program(gl, SHADERS.land), edges: program(gl, SHADERS.edges), copy: program(gl, SHADERS.copy), nodes: program(gl, SHADERS.nodes),
    dots: program(gl, SHADERS.dots), strokes: program(gl, SHADERS.strokes), ties: program(gl, SHADERS.ties),
  };
  const buffers = buffersOf(gl);
  const positions = new Float32Array(2 * graph.n);
  const looks = new Uint8Array(2 * graph.n);
  for (let i = 0; i < graph.n; i++) {
    positions[2 * i] = graph.x[i];
    positions[2 * i + 1] = graph.y[i];
    looks[2 * i] = Math.min(255, Math.round(radius[i] * 4));
    looks[2 * i + 1] = shapes[graph.kind[i]];
  }
  upload(gl, buffers.positions, positions);
  upload(gl, buffers.looks, looks);
  upload(gl, buffers.corners, new Float32Array([0, 0, 1, 0, 0, 1, 1, 1]));
  const arrays = layOut(gl, programs, buffers);
  const landTexture = gl.createTexture();
  const kept = { texture: gl.createTexture(), frame: gl.createFramebuffer(), width: 0, height: 0 };
  const [, pointMost] = gl.getParameter(gl.ALIASED_POINT_SIZE_RANGE);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  return { programs, buffers, arrays, landTexture, kept, pointMost };
}

/**
 * Empty buffers, one for each thing that programs read.
 * @param {WebGL2RenderingContext} gl
 */
function buffersOf(gl) {
  const made = () => gl.createBuffer();
  return {
    positions: made(), colours: made(), tints: made(), looks: made(), states: made(), edges: made(), near: made(), nodes: made(), top: made(),
    corners: made(), strokes: made(), borders: made(), ties: made(),
  };
}

/**
 * Say which attribute of which program is read from which buffer.
 * @param {WebGL2RenderingContext} gl
 * @param {Record<ProgramName, Program>} programs
 * @param {Buffers} buffers
 */
function layOut(gl, programs, buffers) {
  /**
   * @param {string} name
   * @param {ProgramName} program
   * @param {WebGLBuffer} buffer
   * @param {number} size
   * @param {number} type
   * @param {{ normalized?: boolean, integer?: boolean, stride?: number, offset?: number, divisor?: number }} layout
   */
  const attribute = (name, program, buffer, size, type, { normalized = false, integer = false, stride = 0, offset = 0, divisor = 0 } = {}) => {
    const place = gl.getAttribLocation(programs[program].program, name);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.enableVertexAttribArray(place);
    if (integer) gl.vertexAttribIPointer(place, size, type, stride, offset);
    else gl.vertexAttribPointer(place, size, type, normalized, stride, offset);
    if (divisor) gl.vertexAttribDivisor(place, divisor);
  };
  /**
   * @param {WebGLBuffer | null} elements
   * @param {() => void} describe
   */
  const array = (elements, describe) => {
    const vertexArray = gl.createVertexArray();
    gl.bindVertexArray(vertexArray);
    describe();
    if (elements) gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, elements);
    gl.bindVertexArray(null);
    return vertexArray;
  };
  const dots = () => {
    attribute('a_position', 'nodes', buffers.positions, 2, gl.FLOAT);
    attribute('a_colour', 'nodes', buffers.colours, 4, gl.UNSIGNED_BYTE, { normalized: true });
    attribute('a_look', 'nodes', buffers.looks, 2, gl.UNSIGNED_BYTE, { integer: true });
    attribute('a_state', 'nodes', buffers.states, 1, gl.UNSIGNED_BYTE, { integer: true });
  };
  const lines = () => {
    attribute('a_position', 'edges', buffers.positions, 2, gl.FLOAT);
    attribute('a_tint', 'edges', buffers.tints, 4, gl.UNSIGNED_BYTE, { normalized: true });
  };
  const strokes = (/** @type {WebGLBuffer} */ buffer) => {
    const stroke = { stride: 36, divisor: 1 };
    attribute('a_from', 'strokes', buffer, 2, gl.FLOAT, stroke);
    attribute('a_to', 'strokes', buffer, 2, gl.FLOAT, { ...stroke, offset: 8 });
    attribute('a_colour', 'strokes', buffer, 4, gl.FLOAT, { ...stroke, offset: 16 });
    attribute('a_width', 'strokes', buffer, 1, gl.FLOAT, { ...stroke, offset: 32 });
  };
  return {
    land: array(null, () => attribute('a_corner', 'land', buffers.corners, 2, gl.FLOAT)),
    edges: array(buffers.edges, lines),
    near: array(buffers.near, lines),
    nodes: array(buffers.nodes, dots),
    top: array(buffers.top, dots),
    strokes: array(null, () => strokes(buffers.strokes)),
    borders: array(null, () => strokes(buffers.borders)),
    ties: array(null, () => {
      const tie = { stride: 44, divisor: 1 };
      attribute('a_from', 'ties', buffers.ties, 2, gl.FLOAT, tie);
      attribute('a_bend', 'ties', buffers.ties, 2, gl.FLOAT, { ...tie, offset: 8 });
      attribute('a_to', 'ties', buffers.ties, 2, gl.FLOAT, { ...tie, offset: 16 });
      attribute('a_colour', 'ties', buffers.ties, 4, gl.FLOAT, { ...tie, offset: 24 });
      attribute('a_width', 'ties', buffers.ties, 1, gl.FLOAT, { ...tie, offset: 40 });
    }),
    none: gl.createVertexArray(),
  };
}

/**
 * Fill a buffer.
 * @param {WebGL2RenderingContext} gl
 * @param {WebGLBuffer} buffer
 * @param {ArrayBufferView<ArrayBuffer>} data
 */
export function upload(gl, buffer, data) {
  gl.bindVertexArray(null);
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
}

/**
 * Fill a buffer of indices.
 * @param {WebGL2RenderingContext} gl
 * @param {WebGLVertexArrayObject} array that it belongs to
 * @param {WebGLBuffer} buffer
 * @param {Uint32Array<ArrayBuffer>} data
 */
export function uploadIndex(gl, array, buffer, data) {
  gl.bindVertexArray(array);
  gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffer);
  gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
  gl.bindVertexArray(null);
}

/**
 * A program, compiled.
 * @param {WebGL2RenderingContext} gl
 * @param {string[]} sources of its vertex shader and its fragment shader
 * @returns {Program}
 */
function program(gl, [vertexSource, fragmentSource]) {
  const made = gl.createProgram();
  const shaders = [shader(gl, gl.VERTEX_SHADER, vertexSource), shader(gl, gl.FRAGMENT_SHADER, fragmentSource)];
  for (const each of shaders) if (each) gl.attachShader(made, each);
  gl.linkProgram(made);
  if (!gl.getProgramParameter(made, gl.LINK_STATUS) && !gl.isContextLost()) {
    const logs = shaders.map((each) => each && gl.getShaderInfoLog(each));
    throw new Error([gl.getProgramInfoLog(made), ...logs].filter(Boolean).join('\n'));
  }
  /** @type {Program['at']} */
  const at = {};
  const count = gl.getProgramParameter(made, gl.ACTIVE_UNIFORMS) ?? 0;
  for (let i = 0; i < count; i++) {
    const name = gl.getActiveUniform(made, i)?.name;
    if (name) at[name] = gl.getUniformLocation(made, name);
  }
  return { program: made, at };
}

/**
 * A shader, compiled; null where the context is lost.
 * @param {WebGL2RenderingContext} gl
 * @param {number} type
 * @param {string} source
 */
function shader(gl, type, source) {
  const made = gl.createShader(type);
  if (!made) return null;  // the context is lost
  gl.shaderSource(made, source);
  gl.compileShader(made);
  return made;
}
