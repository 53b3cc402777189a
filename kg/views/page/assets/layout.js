// What covers the map, told to the camera and the names.

import { byId } from './dom.js';

/** @import { View } from './view.js' */

/**
 * Tell the camera what covers the map, so that it flies to where there is room.
 * @param {View} view
 */
export function layout(view) {
  if (!view.map.clientWidth) return;
  const wide = innerWidth >= 720;
  const reading = document.body.classList.contains('reading');
  const side = byId('side').getBoundingClientRect();
  const embedded = document.body.classList.contains('embed');
  const filtering = !byId('filters').hidden;
  const home = view.atHome;
  const before = JSON.stringify(view.camera.covered);
  view.camera.covered = wide
    ? { left: reading || byId('welcome').checkVisibility() ? side.right : 0, right: filtering ? 330 : 0, top: embedded ? 8 : 56, bottom: embedded ? 8 : 90 }
    : { left: 12, right: 62, top: embedded ? 8 : 64, bottom: Math.max(sheet(reading), byId('legend').clientHeight) };
  if (JSON.stringify(view.camera.covered) !== before) view.refit(home);
  view.obstacles = [...document.querySelectorAll('.bar, #welcome, #panel, #path, #tools, #filters, #zoom, #legend .chip, #results, #menu, #query, #toast')]
    .map((part) => part.getBoundingClientRect())
    .filter((box) => box.width)
    .map((box) => [box.left, box.top, box.right, box.bottom]);
  view.redraw();
}

/**
 * How much of a small screen is covered from below; what is being opened will soon be half of it.
 * @param {boolean} reading
 */
function sheet(reading) {
  const tops = ['panel', 'path', 'filters'].map((id) => byId(id).getBoundingClientRect()).filter((box) => box.height).map((box) => box.top);
  return Math.max(reading ? innerHeight / 2 : 0, innerHeight - Math.min(innerHeight, ...tops));
}
