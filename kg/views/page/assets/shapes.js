// Shapes of nodes. A kind is always told by its shape as well as by its colour.

/** @typedef {[x: number, y: number]} Point */

/** @typedef {'circle' | 'square' | 'diamond' | 'triangle' | 'hexagon' | 'wedge' | 'ring' | 'plus' | 'star' | 'pentagon' | 'cross' | 'frame'} Shape */

/** @type {Shape[]} in the order that the shader knows */
export const SHAPES = ['circle', 'square', 'diamond', 'triangle', 'hexagon', 'wedge', 'ring', 'plus', 'star', 'pentagon', 'cross', 'frame'];

/** So much of a ring is hollow. */
const HOLE = 0.47;

/** @type {Record<string, Shape>} */
export const SHAPE_OF_KIND = {
  post: 'square', person: 'circle', organization: 'hexagon', product: 'diamond', work: 'triangle', tag: 'ring',
  category: 'pentagon', area: 'star', project: 'plus', series: 'wedge', concept: 'cross', page: 'frame',
};

/**
 * The corners of a regular polygon in the unit circle.
 * @param {number} corners
 * @param {number} turn where the first corner lies, in radians from the right
 * @returns {Point[]}
 */
function polygon(corners, turn) {
  return Array.from({ length: corners }, (_, i) => {
    const angle = turn + (2 * Math.PI * i) / corners;
    return [Math.cos(angle), Math.sin(angle)];
  });
}

/**
 * The outline of a shape as corner points within the unit circle, y downwards; null for round ones.
 * @type {Record<Shape, Point[] | null>}
 */
const OUTLINES = {
  circle: null,
  ring: null,
  square: [[-0.8, -0.8], [0.8, -0.8], [0.8, 0.8], [-0.8, 0.8]],
  diamond: polygon(4, 0),
  triangle: polygon(3, -Math.PI / 2),
  wedge: polygon(3, Math.PI / 2),
  hexagon: polygon(6, 0),
  pentagon: polygon(5, -Math.PI / 2),
  star: polygon(10, -Math.PI / 2).map(([x, y], i) => (i % 2 ? [x * 0.5, y * 0.5] : [x, y])),
  plus: [[-0.33, -1], [0.33, -1], [0.33, -0.33], [1, -0.33], [1, 0.33], [0.33, 0.33], [0.33, 1], [-0.33, 1], [-0.33, 0.33], [-1, 0.33], [-1, -0.33], [-0.33, -0.33]],
  cross: [[0, -0.42], [0.5, -0.92], [0.92, -0.5], [0.42, 0], [0.92, 0.5], [0.5, 0.92], [0, 0.42], [-0.5, 0.92], [-0.92, 0.5], [-0.42, 0], [-0.92, -0.5], [-0.5, -0.92]],
  // Round once, and once the other way within: what lies inside is left out.
  frame: [[-0.85, -0.85], [0.85, -0.85], [0.85, 0.85], [-0.85, 0.85], [-0.85, -0.85], [-0.4, -0.4], [-0.4, 0.4], [0.4, 0.4], [0.4, -0.4], [-0.4, -0.4]],
};

/**
 * Add a shape to the path of a 2D context.
 * @param {CanvasRenderingContext2D} context
 * @param {number} shape its place in SHAPES
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
export function traceShape(context, shape, x, y, radius) {
  const outline = OUTLINES[SHAPES[shape]];
  if (!outline) {
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
    if (SHAPES[shape] !== 'ring') return;
    context.moveTo(x + HOLE * radius, y);
    context.arc(x, y, HOLE * radius, 0, 2 * Math.PI, true);
    return;
  }
  outline.forEach(([dx, dy], i) => {
    if (i) context.lineTo(x + dx * radius, y + dy * radius);
    else context.moveTo(x + dx * radius, y + dy * radius);
  });
  context.closePath();
}

/**
 * A shape as the data of an SVG path.
 * @param {number} shape its place in SHAPES
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
export function shapePath(shape, x, y, radius) {
  const outline = OUTLINES[SHAPES[shape]];
  if (!outline) return disc(x, y, radius, 1) + (SHAPES[shape] === 'ring' ? disc(x, y, HOLE * radius, 0) : '');
  return 'M' + outline.map(([dx, dy]) => `${(x + dx * radius).toFixed(2)} ${(y + dy * radius).toFixed(2)}`).join('L') + 'z';
}

/**
 * A disc as the data of an SVG path, drawn clockwise or (`turn` 0) the other way, which leaves it out of what it lies in.
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {0 | 1} turn
 */
function disc(x, y, radius, turn) {
  const half = (/** @type {number} */ across) => `a${radius.toFixed(2)} ${radius.toFixed(2)} 0 1 ${turn} ${across.toFixed(2)} 0`;
  return `M${(x - radius).toFixed(2)} ${y.toFixed(2)}${half(2 * radius)}${half(-2 * radius)}z`;
}
