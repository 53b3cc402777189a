// Nodes by place.

/** @import { Graph } from './graph.js' */

/** Nodes by place, for names and for pointing: a grid over the map, the best-connected first in every cell. */
export class Places {
  /**
   * @param {Graph} graph
   * @param {number} size
   */
  constructor(graph, size = 128) {
    this.graph = graph;
    this.size = size;
    const cells = new Uint32Array(graph.n);
    this.start = new Uint32Array(size * size + 1);
    for (let i = 0; i < graph.n; i++) {
      cells[i] = this.#cell(graph.y[i]) * size + this.#cell(graph.x[i]);
      this.start[cells[i] + 1]++;
    }
    for (let c = 0; c < size * size; c++) this.start[c + 1] += this.start[c];
    const next = this.start.slice();
    this.nodes = new Uint32Array(graph.n);
    for (let i = 0; i < graph.n; i++) this.nodes[next[cells[i]]++] = i;
  }

  /**
   * The row or column of a coordinate.
   * @param {number} value
   */
  #cell(value) {
    return Math.min(this.size - 1, Math.max(0, Math.floor(((value + 1.1) / 2.2) * this.size)));
  }

  /**
   * Call `visit` for every node in a rectangle of the map (and some just outside).
   * @param {number} left
   * @param {number} bottom
   * @param {number} right
   * @param {number} top
   * @param {(node: number) => void} visit
   */
  within(left, bottom, right, top, visit) {
    const lastRow = this.#cell(top);
    const firstColumn = this.#cell(left);
    const lastColumn = this.#cell(right);
    for (let row = this.#cell(bottom); row <= lastRow; row++) {
      const from = this.start[row * this.size + firstColumn];
      const until = this.start[row * this.size + lastColumn + 1];
      for (let k = from; k < until; k++) visit(this.nodes[k]);
    }
  }
}
