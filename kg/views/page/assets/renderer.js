// Drawing with WebGL2: land, edges, nodes, and what is highlighted.
//
// Edges are the costly part. They stand in an index buffer, sorted into bands of like length and shuffled within a
// band. While the camera moves, a share of every band is drawn; once it rests, the rest is added slice by slice
// to a picture that is kept, so that a still map costs nothing to draw again.

const STATE = { hidden: 0, faded: 1, dimmed: 2, plain: 3, marked: 4, chosen: 5 };
const BANDS = 8;
const MOVING_EDGES = 16_000;

class Renderer {
  /** Raises an error where there is no WebGL2; all `nodes` and `edges` as for `setVisible`. */
  constructor(canvas, graph, theme, { nodes, edges }) {
    this.canvas = canvas;
    this.graph = graph;
    this.theme = theme;
    this.gl = canvas.getContext('webgl2', { antialias: false, alpha: false, depth: false, powerPreference: 'high-performance' });
    if (!this.gl) throw new Error('no WebGL2');
    this.lost = false;
    this.ratio = 1;
    this.slice = 30_000;
    this.state = new Uint8Array(graph.n).fill(STATE.plain);
    this.radius = nodeRadii(graph);
    this.land = settle(graph);
    this.strokes = { data: new Float32Array(0), count: 0 };
    /** What the graphics card has yet to be told. */
    this.changed = new Set();
    this.#sortEdges();
    // Room for one more than there are: what is left out is written as well, and then written over.
    this.edgeIndex = new Uint32Array(2 * graph.m + 2);
    this.nearIndex = new Uint32Array(2 * graph.m + 2);
    this.nodeIndex = new Uint32Array(graph.n + 1);
    /** The last drawn lies on top: the most important. */
    this.nodeOrder = graph.byWeight.slice().reverse();
    this.topIndex = new Uint32Array(graph.n + 1);
    this.topCount = 0;
    this.setVisible(nodes, edges, false);
    this.build();
    canvas.addEventListener('webglcontextlost', (event) => {
      event.preventDefault();
      this.lost = true;
    });
    canvas.addEventListener('webglcontextrestored', () => {
      this.lost = false;
      this.build();
      this.onrestored?.();
    });
  }

  /** Bands by length; within a band a fixed shuffle, so that any share of it is a fair sample. */
  #sortEdges() {
    const { m, x, y, source, target } = this.graph;
    const length = new Float32Array(m);
    const histogram = new Uint32Array(1024);
    const cell = (e) => Math.min(1023, Math.floor(length[e] * 400));
    for (let e = 0; e < m; e++) {
      length[e] = Math.hypot(x[source[e]] - x[target[e]], y[source[e]] - y[target[e]]);
      histogram[cell(e)]++;
    }
    const bandOfCell = new Uint8Array(1024);
    this.bandLength = new Float32Array(BANDS);
    let seen = 0;
    histogram.forEach((count, c) => {
      const band = Math.min(BANDS - 1, Math.floor((seen * BANDS) / Math.max(m, 1)));
      bandOfCell[c] = band;
      if (count) this.bandLength[band] = (c + 0.5) / 400;
      seen += count;
    });
    const next = new Uint32Array(BANDS + 1);
    for (let e = 0; e < m; e++) next[bandOfCell[cell(e)] + 1]++;
    for (let band = 0; band < BANDS; band++) next[band + 1] += next[band];
    this.bandEnd = next.slice(1);
    const order = (this.order = new Uint32Array(m));
    const ends = (this.ends = new Uint32Array(2 * m));
    // A linear congruence visits every edge once, in a scattered order that is always the same.
    let step = Math.floor(m * 0.6180339887) | 1;
    while (m > 1 && gcd(step, m) !== 1) step += 2;
    for (let k = 0, e = 0; k < m; k++, e = (e + step) % m) {
      const place = next[bandOfCell[cell(e)]]++;
      order[place] = e;
      ends[2 * place] = source[e];
      ends[2 * place + 1] = target[e];
    }
  }

  /** Which nodes and edges there are to see: arrays of 0 and 1; `filtered` says whether that is less than all. */
  setVisible(nodes, edges, filtered) {
    this.filtered = filtered;
    this.bandStart = new Uint32Array(BANDS + 1);
    let at = 0;
    for (let band = 0, from = 0; band < BANDS; from = this.bandEnd[band++]) {
      at = gatherEdges(this.edgeIndex, at, this.ends, this.order, edges, from, this.bandEnd[band]);
      this.bandStart[band + 1] = at / 2;
    }
    this.nodeCount = gatherNodes(this.nodeIndex, this.nodeOrder, nodes, 1);
    this.changed.add('visible');
    this.forgetEdges();
  }

  /** Edges that may cross what the camera sees: only these are drawn once it rests. */
  #gatherNear(camera) {
    const across = camera.width / (2 * camera.scale);
    const up = camera.height / (2 * camera.scale);
    const box = [camera.x - across, camera.x + across, camera.y - up, camera.y + up];
    this.nearStart = new Uint32Array(BANDS + 1);
    let at = 0;
    for (let band = 0; band < BANDS; band++) {
      at = gatherWithin(this.nearIndex, at, this.edgeIndex, this.graph, box, this.bandStart[band], this.bandStart[band + 1]);
      this.nearStart[band + 1] = at / 2;
    }
    this.changed.add('near');
  }

  /** One byte per node, of STATE; `dimmed` says whether edges step back. */
  setStates(states, dimmed) {
    this.state = states;
    this.edgesDimmed = dimmed;
    this.topCount = gatherNodes(this.topIndex, this.nodeOrder, states, STATE.marked);
    this.changed.add('states');
  }

  /** Highlighted edges: [{from, to, colour: [r, g, b], alpha, width}] between node numbers. */
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

  setTheme() {
    const { kind, community } = this.graph;
    this.colours = painted(kind, (number) => this.theme.ofKind[number]);
    this.tints = painted(community, (number) => this.theme.region(number));
    this.landPicture = this.land.paint(this.theme);
    if (!this.buffers || this.lost) return;
    this.#upload(this.buffers.colours, this.colours);
    this.#upload(this.buffers.tints, this.tints);
    this.#uploadLand();
    this.forgetEdges();
  }

  /** Everything that lives on the graphics card; again after a lost context. */
  build() {
    const { gl, graph } = this;
    this.programs = Object.fromEntries(Object.entries(SHADERS).map(([name, sources]) => [name, program(gl, ...sources)]));
    const names = ['positions', 'colours', 'tints', 'looks', 'states', 'edges', 'near', 'nodes', 'top', 'corners', 'strokes'];
    this.buffers = Object.fromEntries(names.map((name) => [name, gl.createBuffer()]));
    const positions = new Float32Array(2 * graph.n);
    const looks = new Uint8Array(2 * graph.n);
    for (let i = 0; i < graph.n; i++) {
      positions[2 * i] = graph.x[i];
      positions[2 * i + 1] = graph.y[i];
      looks[2 * i] = Math.min(255, Math.round(this.radius[i] * 4));
      looks[2 * i + 1] = this.theme.shapes[graph.kind[i]];
    }
    this.#upload(this.buffers.positions, positions);
    this.#upload(this.buffers.looks, looks);
    this.#upload(this.buffers.corners, new Float32Array([0, 0, 1, 0, 0, 1, 1, 1]));
    this.#layOut();
    this.landTexture = gl.createTexture();
    this.kept = { texture: gl.createTexture(), frame: gl.createFramebuffer(), width: 0, height: 0 };
    for (const what of ['visible', 'states', 'strokes']) this.changed.add(what);
    this.setTheme();
    [this.pointMost] = gl.getParameter(gl.ALIASED_POINT_SIZE_RANGE).slice(1);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  #layOut() {
    const { gl, buffers } = this;
    const attribute = (name, program, buffer, size, type, { normalized = false, integer = false, stride = 0, offset = 0, divisor = 0 } = {}) => {
      const place = gl.getAttribLocation(this.programs[program].program, name);
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      gl.enableVertexAttribArray(place);
      if (integer) gl.vertexAttribIPointer(place, size, type, stride, offset);
      else gl.vertexAttribPointer(place, size, type, normalized, stride, offset);
      if (divisor) gl.vertexAttribDivisor(place, divisor);
    };
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
    this.arrays = {
      land: array(null, () => attribute('a_corner', 'land', buffers.corners, 2, gl.FLOAT)),
      edges: array(buffers.edges, lines),
      near: array(buffers.near, lines),
      nodes: array(buffers.nodes, dots),
      top: array(buffers.top, dots),
      strokes: array(null, () => {
        const stroke = { stride: 36, divisor: 1 };
        attribute('a_from', 'strokes', buffers.strokes, 2, gl.FLOAT, { ...stroke });
        attribute('a_to', 'strokes', buffers.strokes, 2, gl.FLOAT, { ...stroke, offset: 8 });
        attribute('a_colour', 'strokes', buffers.strokes, 4, gl.FLOAT, { ...stroke, offset: 16 });
        attribute('a_width', 'strokes', buffers.strokes, 1, gl.FLOAT, { ...stroke, offset: 32 });
      }),
      none: gl.createVertexArray(),
    };
  }

  #upload(buffer, data) {
    const { gl } = this;
    gl.bindVertexArray(null);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
  }

  #uploadIndex(array, buffer, data) {
    const { gl } = this;
    gl.bindVertexArray(array);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
    gl.bindVertexArray(null);
  }

  /** Hand over what has changed: once for a frame, however often it did before. */
  #uploadChanged() {
    const { arrays, buffers, changed } = this;
    if (changed.delete('visible')) {
      this.#uploadIndex(arrays.edges, buffers.edges, this.edgeIndex.subarray(0, 2 * this.bandStart[BANDS]));
      this.#uploadIndex(arrays.nodes, buffers.nodes, this.nodeIndex.subarray(0, this.nodeCount));
    }
    if (changed.delete('near')) this.#uploadIndex(arrays.near, buffers.near, this.nearIndex.subarray(0, 2 * this.nearStart[BANDS]));
    if (changed.delete('states')) {
      this.#upload(buffers.states, this.state);
      this.#uploadIndex(arrays.top, buffers.top, this.topIndex.subarray(0, this.topCount));
    }
    if (changed.delete('strokes')) this.#upload(buffers.strokes, this.strokes.data);
  }

  #uploadLand() {
    const { gl } = this;
    gl.bindTexture(gl.TEXTURE_2D, this.landTexture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, LAND_SIZE, LAND_SIZE, 0, gl.RGBA, gl.UNSIGNED_BYTE, this.landPicture);
    for (const [name, value] of [[gl.TEXTURE_MIN_FILTER, gl.LINEAR], [gl.TEXTURE_MAG_FILTER, gl.LINEAR], [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE], [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE]]) {
      gl.texParameteri(gl.TEXTURE_2D, name, value);
    }
  }

  /** Set the size of the drawing, in CSS pixels, and how many pixels of the canvas make one. */
  resize(width, height, ratio) {
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    if (this.ratio !== ratio) {
      this.ratio = ratio;
      if (this.strokeList) this.setStrokes(this.strokeList);
    }
    this.forgetEdges();
  }

  forgetEdges() {
    this.drawnShare = 0;
    this.keptFor = '';
  }

  /** Draw one frame. Returns true when there is more to add to it while the camera rests. */
  draw(camera, moving, everything = false) {
    if (this.lost || this.gl.isContextLost()) return false;
    const { gl, canvas, theme } = this;
    const view = { centre: [camera.x, camera.y], scale: [(2 * camera.scale) / camera.width, (2 * camera.scale) / camera.height] };
    const fresh = !moving && this.#turn(camera);
    this.#uploadChanged();
    const more = !moving && this.#refine(camera, view, everything, fresh);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(...theme.background.map((channel) => channel / 255), 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    this.#drawLand(camera, view);
    if (moving) {
      const share = Math.min(1, MOVING_EDGES / Math.max(this.bandStart[BANDS], 1));
      this.#drawEdges(camera, view, this.arrays.edges, this.bandStart, 0, share, Math.min(2.5, 1 / Math.sqrt(share)) * (this.edgesDimmed ? 0.25 : 1));
    } else {
      const { program, at } = this.programs.copy;
      gl.useProgram(program);
      gl.bindVertexArray(this.arrays.none);
      gl.bindTexture(gl.TEXTURE_2D, this.kept.texture);
      gl.uniform1f(at.u_alpha, this.edgesDimmed ? 0.25 : 1);
      gl.drawArrays(gl.TRIANGLES, 0, 3);
    }
    const dots = this.#dots(camera);
    this.#drawNodes('dots', camera, view, this.arrays.nodes, 0, dots);
    this.#drawNodes('nodes', camera, view, this.arrays.nodes, dots, this.nodeCount);
    if (this.strokes.count) this.#drawStrokes(view);
    this.#drawNodes('nodes', camera, view, this.arrays.top, 0, this.topCount);
    return more;
  }

  #use(name, view) {
    const { gl } = this;
    const { program, at } = this.programs[name];
    gl.useProgram(program);
    gl.uniform2fv(at.u_centre, view.centre);
    gl.uniform2fv(at.u_scale, view.scale);
    return at;
  }

  #drawLand(camera, view) {
    const strength = landStrength(this, camera);
    if (!strength) return;
    const { gl } = this;
    const at = this.#use('land', view);
    gl.uniform4f(at.u_extent, -EXTENT, -EXTENT, 2 * EXTENT, 2 * EXTENT);
    gl.uniform1f(at.u_strength, strength);
    gl.bindTexture(gl.TEXTURE_2D, this.landTexture);
    gl.bindVertexArray(this.arrays.land);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }

  /** Whether the camera rests where no picture has been begun yet. */
  #turn(camera) {
    const { canvas } = this;
    const wanted = `${camera.x},${camera.y},${camera.zoom},${canvas.width},${canvas.height}`;
    if (this.keptFor === wanted) return false;
    this.keptFor = wanted;
    this.drawnShare = 0;
    this.#gatherNear(camera);
    return true;
  }

  /** Add edges to the kept picture, which is emptied when it is `fresh`; everything at once when asked to. */
  #refine(camera, view, everything, fresh) {
    const { gl, canvas, kept } = this;
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
      this.#drawEdges(camera, view, this.arrays.near, this.nearStart, this.drawnShare, until, 1);
      this.drawnShare = until;
    }
    return total > 0 && this.drawnShare < 1;
  }

  /** Draw the part of every band of an index between two shares. Long edges are fainter: they say less and cross more. */
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

  /** How many nodes, the smallest first, are too small for a shape. */
  #dots(camera) {
    if (leastRadius(camera) * this.ratio >= SHAPED) return 0;
    const least = SHAPED / (growth(camera) * this.ratio);
    let low = 0;
    let high = this.nodeCount;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.radius[this.nodeIndex[middle]] < least) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #drawNodes(name, camera, view, array, from, until) {
    if (until <= from) return;
    const { gl, ratio, theme } = this;
    const at = this.#use(name, view);
    gl.uniform1f(at.u_growth, growth(camera) * ratio);
    gl.uniform1f(at.u_least, leastRadius(camera) * ratio);
    gl.uniform1f(at.u_most, Math.min(MOST_RADIUS * ratio, this.pointMost / 2 - 2));
    gl.uniform1f(at.u_pixel, ratio);
    gl.uniform1f(at.u_faint, faintest(this, camera));
    if (at.u_rim) gl.uniform3fv(at.u_rim, theme.background.map((channel) => channel / 255));
    gl.bindVertexArray(array);
    gl.drawElements(gl.POINTS, until - from, gl.UNSIGNED_INT, 4 * from);
  }

  #drawStrokes(view) {
    const { gl, canvas } = this;
    const at = this.#use('strokes', view);
    gl.uniform2f(at.u_size, canvas.width, canvas.height);
    gl.bindVertexArray(this.arrays.strokes);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, this.strokes.count);
  }
}

/** Write the ends of the chosen edges among some of an order to an index, from a place on; returns where it ends. */
function gatherEdges(index, at, ends, order, chosen, from, until) {
  for (let k = from; k < until; k++) {
    index[at] = ends[2 * k];
    index[at + 1] = ends[2 * k + 1];
    at += 2 * chosen[order[k]];
  }
  return at;
}

/** Write those of some edges that are not wholly to one side of a box (left, right, below, above) to an index. */
function gatherWithin(index, at, edges, { x, y }, [left, right, below, above], from, until) {
  for (let k = from; k < until; k++) {
    const a = edges[2 * k];
    const b = edges[2 * k + 1];
    index[at] = a;
    index[at + 1] = b;
    const beside = (x[a] < left && x[b] < left) || (x[a] > right && x[b] > right);
    at += beside || (y[a] < below && y[b] < below) || (y[a] > above && y[b] > above) ? 0 : 2;
  }
  return at;
}

/** Write the nodes of an order whose number in `chosen` is large enough to an index; returns how many they are. */
function gatherNodes(index, order, chosen, least) {
  let count = 0;
  for (let k = 0; k < order.length; k++) {
    index[count] = order[k];
    count += chosen[order[k]] >= least ? 1 : 0;
  }
  return count;
}

/** A colour for every node, as bytes: red, green, blue, 255. */
function painted(numbers, colourOf) {
  const pixels = new Uint32Array(numbers.length);
  const known = new Map();
  for (let i = 0; i < numbers.length; i++) {
    let pixel = known.get(numbers[i]);
    if (pixel === undefined) known.set(numbers[i], (pixel = new Uint32Array(Uint8Array.from([...colourOf(numbers[i]), 255]).buffer)[0]));
    pixels[i] = pixel;
  }
  return new Uint8Array(pixels.buffer);
}

const MOST_RADIUS = 26;
/** From this radius on, in pixels of the canvas, a node shows its shape. */
const SHAPED = 2.2;

/** Radius in pixels at zoom 1, from the weight: its area grows with the number of links. */
function nodeRadii(graph) {
  const radius = new Float32Array(graph.n);
  const few = graph.n < 400 ? 2.2 : graph.n < 4000 ? 1.3 : 1;
  const most = Math.sqrt(Math.max(graph.weight[graph.byWeight[0]] ?? 1, 16));
  for (let i = 0; i < graph.n; i++) radius[i] = few * (0.8 + 9.5 * (Math.sqrt(graph.weight[i]) / most));
  return radius;
}

/** How much bigger than at zoom 1 nodes are drawn. */
function growth(camera) {
  return Math.pow(Math.max(camera.zoom, 0.6), 0.42) * camera.roominess;
}

function leastRadius(camera) {
  return Math.min(0.85 + Math.max(0, Math.log2(camera.zoom)) * 0.55, 4.5) * Math.sqrt(camera.roominess);
}

/** How opaque the smallest nodes are: less where many of them share few pixels. */
function faintest(renderer, camera) {
  const crowd = Math.min(1, renderer.nodeCount / 20_000) / Math.max(camera.zoom, 1);
  return renderer.theme.contrast ? 1 : 1 - 0.64 * Math.min(1, crowd);
}

/** The radius of a node on the screen, in CSS pixels. */
function screenRadius(renderer, camera, node) {
  return Math.min(Math.max(renderer.radius[node] * growth(camera), leastRadius(camera)), MOST_RADIUS);
}

/** How opaque the edges of a band are: fainter the more there are and the longer they look. */
function edgeAlpha(renderer, camera, band) {
  const pixels = renderer.bandLength[band] * camera.scale;
  const crowd = Math.min(1, 1500 / Math.max(renderer.bandStart[BANDS], 1));
  const base = 0.02 + 0.42 * crowd + 0.045 * Math.min(4, Math.log2(Math.max(camera.zoom, 1)));
  return Math.max(base / Math.max(1, Math.pow(pixels / 110, 0.9)), 0.006) * (renderer.theme.contrast ? 1.2 : 1);
}

function gcd(a, b) {
  while (b) [a, b] = [b, a % b];
  return a;
}

function program(gl, vertexSource, fragmentSource) {
  const program = gl.createProgram();
  for (const [type, source] of [[gl.VERTEX_SHADER, vertexSource], [gl.FRAGMENT_SHADER, fragmentSource]]) {
    const shader = gl.createShader(type);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    const logs = gl.getAttachedShaders(program).map((shader) => gl.getShaderInfoLog(shader));
    throw new Error([gl.getProgramInfoLog(program), ...logs].filter(Boolean).join('\n'));
  }
  const at = {};
  const count = gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS) ?? 0;
  for (let i = 0; i < count; i++) {
    const { name } = gl.getActiveUniform(program, i);
    at[name] = gl.getUniformLocation(program, name);
  }
  return { program, at };
}
