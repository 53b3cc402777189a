// How things look. Colours are custom properties of the style sheet, so that light, dark, high-contrast and print are
// decided in one place.

import { css, hslToRgb, mixed, rgb } from './colours.js';
import { drawing } from './icons.js';
import { SHAPES, SHAPE_OF_KIND, shapePath } from './shapes.js';

/**
 * @import { Colour } from './colours.js'
 * @import { Kind } from './graph.js'
 */

/** @type {Colour} */
const GREY = [136, 136, 136];

/** Colours and shapes as they are now. */
export class Theme {
  dark = false;
  /** Whether the reader wants high contrast. */
  contrast = false;
  background = GREY;
  edge = GREY;
  /** Ties between things of different regions. */
  tie = GREY;
  text = GREY;
  /** Text that steps back. */
  quiet = GREY;
  accent = GREY;
  /** @type {Colour[]} by the number of the kind */
  ofKind = [];
  /** @type {Colour[]} by community, as far as they were asked for */
  #regions = [];
  /** @type {Map<number, SVGElement>} */
  #marks = new Map();

  /**
   * @param {Kind[]} kinds
   * @param {number} loose the region that has no colour, as it is of what is linked with nothing; -1: all have one
   */
  constructor(kinds, loose = -1) {
    this.kinds = kinds;
    this.loose = loose;
    /** The shape of each kind, as a place in SHAPES. */
    this.shapes = kinds.map((kind, i) => SHAPES.indexOf(SHAPE_OF_KIND[kind.name] ?? SHAPES[i % SHAPES.length]));
    this.read();
  }

  /** Take the colours from the style sheet again, after the theme has changed. */
  read() {
    const style = getComputedStyle(document.documentElement);
    const value = (/** @type {string} */ name) => rgb(style.getPropertyValue(name) || css(GREY));
    this.dark = style.getPropertyValue('--dark').trim() === '1';
    this.contrast = style.getPropertyValue('--contrast').trim() === '1';
    this.background = value('--map');
    this.edge = value('--edge');
    this.text = value('--ink');
    this.tie = mixed(this.edge, this.text, 0.35);
    this.quiet = value('--ink-2');
    this.accent = value('--accent');
    const spare = [1, 2, 3, 4].map((i) => value(`--kind-other-${i}`));
    this.ofKind = this.kinds.map((kind, i) => {
      const own = style.getPropertyValue(`--kind-${kind.name}`).trim();
      return own ? rgb(own) : spare[i % spare.length];
    });
    this.#regions = [];
  }

  /**
   * The tint of a region: hues a golden angle apart, so that neighbours in number never look alike.
   * @param {number} community
   */
  region(community) {
    return (this.#regions[community] ??= this.#tint(community));
  }

  /**
   * A small picture of a kind for lists and the legend: each is made once, and copied.
   * @param {number} kind
   */
  mark(kind) {
    let mark = this.#marks.get(kind);
    if (!mark) this.#marks.set(kind, (mark = this.#drawMark(kind)));
    return mark.cloneNode(true);
  }

  /**
   * Draw such a picture.
   * @param {number} kind
   */
  #drawMark(kind) {
    const svg = drawing('-1.15 -1.15 2.3 2.3', 'mark', shapePath(this.shapes[kind], 0, 0, 1));
    svg.style.setProperty('--mark', `var(--kind-${this.kinds[kind].name}, var(--kind-other-${(kind % 4) + 1}))`);
    return svg;
  }

  /**
   * Compute a tint.
   * @param {number} community
   */
  #tint(community) {
    if (community === this.loose) return mixed(this.quiet, this.background, 0.5);
    const hue = (200 + community * 137.508) % 360;
    return hslToRgb(hue, this.dark ? 0.55 : 0.6, this.dark ? 0.6 : 0.55);
  }
}

