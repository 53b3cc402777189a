// Colours and shapes. Colours are custom properties of the style sheet, so that light, dark, high-contrast and print
// are decided in one place; a kind is always told by its shape as well.

const SHAPES = ['circle', 'square', 'diamond', 'triangle', 'hexagon', 'wedge', 'ring', 'plus', 'star', 'pentagon', 'cross'];
const SHAPE_OF_KIND = {
  post: 'square', person: 'circle', organization: 'hexagon', product: 'diamond', work: 'triangle', tag: 'ring',
  category: 'pentagon', area: 'star', project: 'plus', series: 'wedge', concept: 'cross',
};

/** [red, green, blue] in 0..255 of a colour as `getComputedStyle` or the style sheet writes it. */
function rgb(colour) {
  const hex = /^#([0-9a-f]{6})$/i.exec(colour.trim());
  if (hex) return [0, 2, 4].map((i) => parseInt(hex[1].slice(i, i + 2), 16));
  const numbers = colour.match(/[\d.]+/g);
  return numbers ? numbers.slice(0, 3).map(Number) : [128, 128, 128];
}

function css([red, green, blue], alpha = 1) {
  return `rgba(${Math.round(red)},${Math.round(green)},${Math.round(blue)},${alpha})`;
}

class Theme {
  constructor(kinds) {
    this.kinds = kinds;
    this.shapes = kinds.map((kind, i) => SHAPES.indexOf(SHAPE_OF_KIND[kind.name] ?? SHAPES[i % SHAPES.length]));
    this.read();
  }

  /** Take the colours from the style sheet again, after the theme has changed. */
  read() {
    const style = getComputedStyle(document.documentElement);
    const value = (name) => rgb(style.getPropertyValue(name) || '#888888');
    this.dark = style.getPropertyValue('--dark').trim() === '1';
    this.contrast = style.getPropertyValue('--contrast').trim() === '1';
    this.background = value('--map');
    this.edge = value('--edge');
    this.text = value('--ink');
    this.quiet = value('--ink-2');
    this.accent = value('--accent');
    const spare = [1, 2, 3, 4].map((i) => value(`--kind-other-${i}`));
    this.ofKind = this.kinds.map((kind, i) => {
      const own = style.getPropertyValue(`--kind-${kind.name}`).trim();
      return own ? rgb(own) : spare[i % spare.length];
    });
    this.regions = [];
  }

  /** The tint of a region: hues a golden angle apart, so that neighbours in number never look alike. */
  region(community) {
    this.regions[community] ??= this.#tint(community);
    return this.regions[community];
  }

  #tint(community) {
    const hue = (200 + community * 137.508) % 360;
    return hslToRgb(hue, this.dark ? 0.55 : 0.6, this.dark ? 0.6 : 0.55);
  }
}

function hslToRgb(hue, saturation, lightness) {
  const a = saturation * Math.min(lightness, 1 - lightness);
  const channel = (n) => {
    const k = (n + hue / 30) % 12;
    return 255 * (lightness - a * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return [channel(0), channel(8), channel(4)];
}

function polygon(corners, turn) {
  return Array.from({ length: corners }, (_, i) => {
    const angle = turn + (2 * Math.PI * i) / corners;
    return [Math.cos(angle), Math.sin(angle)];
  });
}

/** The outline of a shape as corner points within the unit circle, y downwards; null for round ones. */
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
};

/** Add a shape to the path of a 2D context. */
function traceShape(context, shape, x, y, radius) {
  const outline = OUTLINES[SHAPES[shape]];
  if (!outline) {
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
    return;
  }
  outline.forEach(([dx, dy], i) => {
    if (i) context.lineTo(x + dx * radius, y + dy * radius);
    else context.moveTo(x + dx * radius, y + dy * radius);
  });
  context.closePath();
}

/** A shape as the data of an SVG path. */
function shapePath(shape, x, y, radius) {
  const r = radius.toFixed(2);
  const outline = OUTLINES[SHAPES[shape]];
  if (!outline) {
    return `M${(x - radius).toFixed(2)} ${y.toFixed(2)}a${r} ${r} 0 1 0 ${(2 * radius).toFixed(2)} 0a${r} ${r} 0 1 0 ${(-2 * radius).toFixed(2)} 0z`;
  }
  return 'M' + outline.map(([dx, dy]) => `${(x + dx * radius).toFixed(2)} ${(y + dy * radius).toFixed(2)}`).join('L') + 'z';
}

const kindMarks = new Map();

/** A small picture of a kind for lists and the legend: each is made once, and copied. */
function kindMark(kind) {
  if (!kindMarks.has(kind)) kindMarks.set(kind, drawKindMark(kind));
  return kindMarks.get(kind).cloneNode(true);
}

function drawKindMark(kind) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '-1.15 -1.15 2.3 2.3');
  svg.setAttribute('class', `mark${SHAPES[view.theme.shapes[kind]] === 'ring' ? ' hollow' : ''}`);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', shapePath(view.theme.shapes[kind], 0, 0, SHAPES[view.theme.shapes[kind]] === 'ring' ? 0.8 : 1));
  svg.append(path);
  svg.style.setProperty('--mark', `var(--kind-${view.graph.kinds[kind].name}, var(--kind-other-${(kind % 4) + 1}))`);
  return svg;
}
