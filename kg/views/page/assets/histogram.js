// The histogram of dates in the panel of filters: brush over it to choose a span, or let a span move through time.

import { css } from './colours.js';
import { day, daysOf } from './dates.js';
import { button, element, planeOf } from './dom.js';
import { icon } from './icons.js';
import { lastUpTo, unfinished } from './months.js';
import { words } from './words.js';

/**
 * @import { Field } from './facets.js'
 * @import { Span } from './posts.js'
 * @import { View } from './view.js'
 */

/**
 * How far a key moves an end, in bars.
 * @type {Record<string, number>}
 */
const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -12, PageUp: 12, Home: -1e6, End: 1e6 };
/** @type {('from' | 'to')[]} */
const ENDS = ['from', 'to'];

export class Histogram {
  #playing = 0;
  /** @type {[width: number, height: number] | null} of the bars, in pixels of the screen; null before they are laid out */
  #size = null;

  /**
   * @param {View} view
   * @param {Span} span of all posts
   */
  constructor(view, span) {
    this.view = view;
    this.span = span;
    this.bars = element('canvas', { class: 'histogram', role: 'img', 'aria-label': words.say('histogram') });
    this.window = element('div', { class: 'brush' });
    new ResizeObserver(([{ contentRect }]) => this.#resize(contentRect)).observe(this.bars);
    /** @type {Field[]} the dates, to be typed */
    this.fields = ENDS.map((end) => this.#field(end));
    this.playButton = button(words.say('play'), () => (this.#playing ? this.stop() : this.play()), { symbol: 'play', visible: false, class: 'quiet', id: 'play' });
    const reset = button(words.say('allDates'), () => {
      this.stop();
      this.#choose(null, null);
    }, { class: 'quiet' });
    const holder = element('div', { class: 'histogram-box' }, this.bars, this.window);
    const [from, to] = this.fields;
    /** What it is made of. */
    this.parts = [holder, element('div', { class: 'dates' }, this.playButton, from.input, '–', to.input, reset)];
    this.#brush(holder);
    for (const [index, end] of ENDS.entries()) this.window.append(this.#handle(index, end));
  }

  /**
   * A date to be typed, for one end of the span.
   * @param {'from' | 'to'} end
   * @returns {Field}
   */
  #field(end) {
    const { filters } = this.view;
    const { first, last } = this.span;
    const input = element('input', { type: 'date', min: day(first), max: day(last), 'aria-label': words.say(end), id: `date-${end}` });
    input.addEventListener('change', () => {
      const value = daysOf(input.value);
      filters[end] = Number.isNaN(value) ? null : value;
      this.view.applyFilters();
    });
    return { input, value: () => day(filters[end] ?? (end === 'from' ? first : last)) };
  }

  /**
   * Choose a span of days.
   * @param {number | null} from the first day
   * @param {number | null} to the last
   */
  #choose(from, to) {
    const { filters } = this.view;
    filters.from = from;
    filters.to = to;
    this.view.applyFilters();
  }

  /**
   * Choose all days from one bar to another, whichever comes first.
   * @param {number} a
   * @param {number} b
   */
  #chooseBars(a, b) {
    const { months } = this.view.filters;
    this.#choose(this.#dayOf(Math.max(0, Math.min(a, b))), this.#dayOf(Math.min(months.length, Math.max(a, b) + 1)) - 1);
  }

  /**
   * The first day of a bar.
   * @param {number} bar
   */
  #dayOf(bar) {
    const { months } = this.view.filters;
    if (bar === 0) return this.span.first;
    return bar < months.length ? months[bar] : this.span.last + 1;
  }

  /**
   * Choose with the pointer.
   * @param {HTMLElement} holder
   */
  #brush(holder) {
    const { filters } = this.view;
    const barAt = (/** @type {PointerEvent} */ event) => {
      const box = holder.getBoundingClientRect();
      return Math.min(filters.months.length - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * filters.months.length)));
    };
    let start = -1;
    /** @type {{ from: number, to: number, at: number } | null} the span that is being moved, and where it was taken hold of */
    let moved = null;
    holder.addEventListener('pointerdown', (event) => {
      holder.setPointerCapture(event.pointerId);
      this.stop();
      start = barAt(event);
      const [from, to] = this.#chosenBars();
      // Taking hold of the chosen span moves it; anywhere else a new one begins; near an end, that end.
      const whole = filters.from === null && filters.to === null;
      const near = filters.months.length / 40;
      if (!whole && Math.abs(start - from) <= near) start = to;
      else if (!whole && Math.abs(start - to) <= near) start = from;
      else if (!whole && start > from && start < to) moved = { from, to, at: start };
      event.preventDefault();
    });
    holder.addEventListener('pointermove', (event) => {
      if (start < 0) return;
      const bar = barAt(event);
      if (moved) {
        const shift = Math.max(-moved.from, Math.min(filters.months.length - 1 - moved.to, bar - moved.at));
        this.#chooseBars(moved.from + shift, moved.to + shift);
      } else this.#chooseBars(start, bar);
    });
    const release = () => {
      start = -1;
      moved = null;
    };
    holder.addEventListener('pointerup', (event) => {
      if (start >= 0 && !moved) this.#chooseBars(start, barAt(event));
      release();
    });
    holder.addEventListener('pointercancel', release);
  }

  /**
   * A handle at an end of the chosen span, for the keyboard.
   * @param {number} index
   * @param {'from' | 'to'} end
   */
  #handle(index, end) {
    const { filters } = this.view;
    const last = filters.months.length - 1;
    const handle = element('div', { class: `handle ${end}`, role: 'slider', tabindex: '0', 'aria-label': words.say(end), 'aria-valuemin': 0, 'aria-valuemax': last, 'aria-valuenow': index ? last : 0 });
    handle.addEventListener('keydown', (event) => {
      const step = STEPS[event.key];
      if (!step) return;
      event.preventDefault();
      const bars = this.#chosenBars();
      bars[index] = Math.min(last, Math.max(0, bars[index] + step));
      if (bars[0] > bars[1]) bars[1 - index] = bars[index];
      this.#chooseBars(...bars);
    });
    return handle;
  }

  /**
   * The first and the last bar of the chosen span.
   * @returns {[number, number]}
   */
  #chosenBars() {
    const { from, to, months } = this.view.filters;
    return [from === null ? 0 : lastUpTo(months, from), to === null ? months.length - 1 : lastUpTo(months, to)];
  }

  /**
   * Fit the canvas to its place.
   * @param {{ width: number, height: number }} size in pixels of the screen
   */
  #resize({ width, height }) {
    const ratio = Math.min(devicePixelRatio || 1, 2);
    this.bars.width = width * ratio;
    this.bars.height = height * ratio;
    planeOf(this.bars).scale(ratio, ratio);
    this.#size = [width, height];
    this.draw();
  }

  /** Draw the bars as they are now. */
  draw() {
    if (!this.#size) return;
    const { filters, theme, visible } = this.view;
    const { byMonth } = visible.counts;
    const [width, height] = this.#size;
    const context = planeOf(this.bars);
    const most = byMonth.reduce((a, b) => Math.max(a, b), 1);
    const [from, to] = this.#chosenBars();
    const step = width / byMonth.length;
    const gap = step > 3 ? 1 : 0;
    const draw = (/** @type {number} */ first, /** @type {number} */ last, /** @type {string} */ colour) => {
      context.fillStyle = colour;
      for (let bar = first; bar < last; bar++) {
        const tall = byMonth[bar] ? Math.max(1.5, (byMonth[bar] / most) * (height - 2)) : 0;
        context.fillRect(bar * step, height - tall, Math.max(step - gap, 0.7), tall);
      }
    };
    context.clearRect(0, 0, width, height);
    draw(0, from, css(theme.edge, 0.45));
    draw(from, to + 1, css(theme.accent));
    draw(to + 1, byMonth.length, css(theme.edge, 0.45));
    if (unfinished(filters.months, filters.posts.last)) {
      // As long as a month is not over, its bar is hollow.
      context.clearRect((byMonth.length - 1) * step + 1, height - Math.max(0, (byMonth[byMonth.length - 1] / most) * (height - 2) - 1.5), Math.max(0, step - gap - 2), height);
    }
    this.window.style.left = `${(from / byMonth.length) * 100}%`;
    this.window.style.width = `${((to + 1 - from) / byMonth.length) * 100}%`;
    const texts = [day(filters.from ?? this.span.first), day(filters.to ?? this.span.last)];
    [...this.window.children].forEach((handle, i) => {
      handle.setAttribute('aria-valuenow', String([from, to][i]));
      handle.setAttribute('aria-valuetext', texts[i]);
    });
  }

  /** Let the chosen span (a year, unless one is chosen) move through time. */
  play() {
    const { months } = this.view.filters;
    let [from, to] = this.#chosenBars();
    if (to - from >= months.length - 1) [from, to] = [0, Math.max(0, Math.min(11, Math.ceil(months.length / 6) - 1))];
    const pause = matchMedia('(prefers-reduced-motion: reduce)').matches ? 1500 : 450;
    const step = () => {
      this.#choose(this.#dayOf(from), this.#dayOf(to + 1) - 1);
      if (to >= months.length - 1) {
        this.stop();
        return;
      }
      from++;
      to++;
      this.#playing = setTimeout(step, pause);
    };
    this.#playing = 1;
    this.#showPlaying(true);
    step();
  }

  /** Stop moving through time. */
  stop() {
    if (!this.#playing) return;
    clearTimeout(this.#playing);
    this.#playing = 0;
    this.#showPlaying(false);
  }

  /**
   * Have the button say what it would do.
   * @param {boolean} on
   */
  #showPlaying(on) {
    const label = words.say(on ? 'pause' : 'play');
    this.playButton.replaceChildren(icon(on ? 'pause' : 'play'));
    this.playButton.setAttribute('aria-label', label);
    this.playButton.title = label;
  }
}
