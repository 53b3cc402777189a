// Icons: lines in a square of 24 by 24.

const SVG = 'http://www.w3.org/2000/svg';

const ICONS = {
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 20.5 20.5',
  close: 'M6 6 18 18M18 6 6 18',
  route: 'M6 18a2 2 0 1 0 0 .1M18 6a2 2 0 1 0 0 .1M8 18h5a3.5 3.5 0 0 0 0-7h-2a3.5 3.5 0 0 1 0-7h5',
  filter: 'M4 6h16M7 12h10M10 18h4',
  table: 'M4 5h16v14H4zM4 10h16M4 15h16M10 5v14',
  share: 'M12 15V4M8 8l4-4 4 4M5 13v6h14v-6',
  help: 'M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.200-1.500 2.400M12 17.500v.1',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  fit: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  play: 'M8 5v14l11-7z',
  pause: 'M8 5v14M16 5v14',
  theme: 'M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16',
  back: 'M14 6l-6 6 6 6',
  link: 'M14 5h5v5M19 5l-9 9M17 14v5H5V7h5',
  near: 'M12 12v.1M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM12 3v4M12 17v4M3 12h4M17 12h4',
  area: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M11 4h2M4 11v2M20 11v2M11 20h2',
  swap: 'M8 4v16M4 8l4-4 4 4M16 20V4M12 16l4 4 4-4',
  code: 'M8 7l-5 5 5 5M16 7l5 5-5 5',
  copy: 'M9 9h11v11H9zM15 9V4H4v11h5',
  down: 'M6 9l6 6 6-6',
};

/** @typedef {keyof typeof ICONS} IconName */

/**
 * An icon.
 * @param {IconName} name
 */
export function icon(name) {
  return drawing('0 0 24 24', 'icon', ICONS[name]);
}

/**
 * A picture of one path, which screen readers pass over.
 * @param {string} viewBox
 * @param {string} name its classes
 * @param {string} path
 */
export function drawing(viewBox, name, path) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', viewBox);
  svg.setAttribute('class', name);
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS(SVG, 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}
