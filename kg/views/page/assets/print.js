// The map on paper: light, with nothing over it, and with what its shapes mean.

import { byId, element } from './dom.js';
import { canvasOf } from './pictures.js';

/** @import { View } from './view.js' */

/** Pixels of the picture for one of the screen. */
const FINE = 2;

/**
 * Draw a picture for the printer when it is asked for, and take it away when it is done.
 * @param {View} view
 */
export function printing(view) {
  const root = document.documentElement;
  /** @type {(() => void) | null} */
  let back = null;
  addEventListener('beforeprint', () => {
    back?.();
    const { theme = '' } = root.dataset;
    const { x, y, zoom } = view.camera;
    const { covered } = view.camera;
    const home = view.atHome;
    root.dataset.theme = 'light';
    root.style.setProperty('--map', '#ffffff');
    view.retheme();
    view.camera.covered = { left: 0, right: 0, top: 0, bottom: 0 };
    if (home) view.camera.jump(view.home);
    const figure = element('figure', { id: 'print' }, element('figcaption', { text: document.title }), canvasOf(view, FINE));
    byId('legend').before(figure);
    back = () => {
      figure.remove();
      root.style.removeProperty('--map');
      if (theme) root.dataset.theme = theme;
      else delete root.dataset.theme;
      view.camera.covered = covered;
      view.camera.jump({ x, y, zoom });
      view.retheme();
      back = null;
    };
  });
  addEventListener('afterprint', () => back?.());
}
