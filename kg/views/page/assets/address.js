// The address of the page keeps where we are: whoever opens it sees the same.

import { readPlace, writtenPlace } from './place.js';
import { PARTS } from './sets.js';
import { words } from './words.js';

/** @import { View } from './view.js' */

/** So long nothing has to happen before it is written down, in milliseconds. */
const PAUSE = 250;

/** The address bar, kept in step with the view. */
export class Address {
  #timer = 0;
  /** What the address said when we last looked, without its `#`. */
  #written = '';
  /** @type {string | undefined} what was looked at then */
  #subject;

  /**
   * @param {View} view
   * @param {object} onrestore how to show again what the view cannot show by itself
   * @param {(from: number, to: number) => void} onrestore.path
   * @param {(node: number, steps: number, most: number) => void} onrestore.steps
   */
  constructor(view, onrestore) {
    this.view = view;
    this.onrestore = onrestore;
    /** Whether what is on the screen has yet to be written down. */
    this.pending = false;
    view.on('address', () => this.#later());
    view.on('rest', () => this.#later());
    addEventListener('hashchange', () => {
      if (location.hash.slice(1) !== this.#written) this.restore();
    });
  }

  /** Write the address once nothing has happened for a while. */
  #later() {
    this.pending = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#write(), PAUSE);
  }

  #write() {
    this.pending = false;
    const { camera, filters, graph, marked, region, selected } = this.view;
    const parts = writtenPlace(graph, {
      at: selected, region, look: camera, path: marked?.path ?? null, set: marked?.set ?? null, area: marked?.area ?? null, steps: marked?.steps ?? 0, most: marked?.most ?? Infinity,
      choice: filters, theme: document.documentElement.dataset.theme ?? '', language: words.chosen,
    });
    if (document.body.classList.contains('embed')) parts.set('embed', '');
    this.#written = parts.toString();
    // Back leads to what was looked at before; a camera that merely moved is no step of its own.
    const subject = subjectOf(parts);
    const step = this.#subject !== undefined && this.#subject !== subject;
    this.#subject = subject;
    history[step ? 'pushState' : 'replaceState'](null, '', `#${this.#written}`);
  }

  /** Show what the address says. */
  restore() {
    const { view } = this;
    this.#written = location.hash.slice(1);
    const parts = new URLSearchParams(this.#written);
    this.#subject = subjectOf(parts);
    const { at, region, look, path, set, area, steps, most, choice } = readPlace(view.graph, parts);
    Object.assign(view.filters, choice);
    view.applyFilters();
    view.select(at, { fly: !parts.has('view') });
    if (at < 0 && region >= 0) view.selectRegion(region, { fly: !parts.has('view') });
    if (at < 0 && set) view.chooseSet(set, { fly: !parts.has('view') });
    if (at < 0 && area) view.chooseArea(area, { fly: !parts.has('view') });
    if (path) this.onrestore.path(path[0], path[1]);
    if (at >= 0 && steps) this.onrestore.steps(at, steps, most);
    if (look) {
      view.camera.jump(look);
      view.moved();
    }
  }
}

/**
 * What an address is about.
 * @param {URLSearchParams} parts
 */
function subjectOf(parts) {
  return `${parts.get('at')} ${parts.get('region')} ${parts.get('path')} ${parts.get('area')} ${PARTS.map((part) => parts.get(part))}`;
}

/** Whether the address asks for anything to be shown: how the page looks, and in which language, is not that. */
export function asksForSomething() {
  return [...new URLSearchParams(location.hash.slice(1)).keys()].some((key) => !['theme', 'lang', 'embed'].includes(key));
}

/** Set the theme and the language that the address asks for: both must be known before the first picture. */
export function obeyAddress() {
  const parts = new URLSearchParams(location.hash.slice(1));
  const theme = parts.get('theme') ?? '';
  if (['light', 'dark', 'contrast'].includes(theme)) document.documentElement.dataset.theme = theme;
  // Within another page there is the map, and what one clicks on.
  document.body.classList.toggle('embed', parts.has('embed'));
  words.choose(parts.get('lang') ?? '');
}
