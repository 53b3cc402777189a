// The view as a picture: PNG at up to four times the size of the screen, or SVG.

import { borderColour } from './borders.js';
import { css } from './colours.js';
import { threads } from './detail.js';
import { element, planeOf } from './dom.js';
import { FONT } from './labels.js';
import { landCanvas, landPlace, landStrength } from './land.js';
import { shapePath } from './shapes.js';
import { screenRadius } from './sizes.js';
import { STATE } from './states.js';
import { clip, plain } from './text.js';
import { curveOf, tieStrength, tiesShown } from './ties.js';

/**
 * @import { Line } from './labels.js'
 * @import { View } from './view.js'
 */

/**
 * The view as a picture, `times` as many pixels as the screen has, or as many as there can be.
 * @param {View} view
 * @param {number} times
 */
export function canvasOf(view, times) {
  const { camera, renderer } = view;
  const before = renderer.ratio;
  const limit = 'gl' in renderer ? renderer.gl.getParameter(renderer.gl.MAX_TEXTURE_SIZE) : 8192;
  const scale = Math.min(times, limit / camera.width, limit / camera.height);
  const canvas = element('canvas');
  canvas.width = Math.round(camera.width * scale);
  canvas.height = Math.round(camera.height * scale);
  const context = planeOf(canvas);
  try {
    renderer.resize(camera.width, camera.height, scale);
    renderer.draw(camera, false, true);
    context.drawImage(renderer.canvas, 0, 0, canvas.width, canvas.height);
  } finally {
    renderer.resize(camera.width, camera.height, before);
  }
  view.drawLabels({ context, ratio: scale, obstacles: [] });
  view.redraw();
  return canvas;
}

/**
 * The same as a PNG; a Blob.
 * @param {View} view
 * @param {number} times
 * @returns {Promise<Blob>}
 */
export function pngOf(view, times) {
  const canvas = canvasOf(view, times);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('too large'))), 'image/png'));
}

/** @type {Record<string, string>} */
const XML = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/**
 * Text for XML.
 * @param {string} text
 */
function xml(text) {
  // Characters that XML 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets) are left out, not only escaped.
  return plain(text).replace(/[\ud800-\udfff\ufffe\uffff]/gu, '').replace(/[&<>"']/g, (c) => XML[c]);
}

const SVG_EDGES = 20_000;

/**
 * The view as an SVG document.
 * @param {View} view
 */
export function svgOf(view) {
  const { camera, graph, renderer, theme } = view;
  const { width, height } = camera;
  const sx = (/** @type {number} */ node) => camera.screenX(graph.x[node]).toFixed(1);
  const sy = (/** @type {number} */ node) => camera.screenY(graph.y[node]).toFixed(1);
  const nodes = view.inSight().filter((node) => view.states[node] >= STATE.marked || renderer.draws(node));
  const seen = new Set(nodes);
  const out = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${xml(document.title)}</title>`,
    `<rect width="100%" height="100%" fill="${css(theme.background)}"/>`,
  ];
  const land = landStrength(renderer, camera);
  if (land) {
    const [left, top, side] = landPlace(camera).map((value) => value.toFixed(1));
    const picture = landCanvas(renderer.landPicture).toDataURL('image/png');
    out.push(`<image href="${picture}" x="${left}" y="${top}" width="${side}" height="${side}" opacity="${land.toFixed(3)}"/>`);
  }
  for (const [community] of graph.regions.entries()) {
    const pieces = land ? renderer.borders.filter((piece) => piece.community === community) : [];
    const d = pieces.map(({ x, y, u, v }) => `M${camera.screenX(x).toFixed(1)} ${camera.screenY(y).toFixed(1)}L${camera.screenX(u).toFixed(1)} ${camera.screenY(v).toFixed(1)}`).join('');
    if (d) out.push(`<path d="${d}" fill="none" stroke="${css(borderColour(theme, community), 0.55)}" stroke-width="1.3"/>`);
  }
  const dimmed = view.only !== null;
  const strength = threads(renderer.nodeCount, camera);
  const lines = [];
  for (const node of nodes) {
    for (const edge of graph.edgesAt(node)) {
      if (lines.length >= SVG_EDGES || !strength) break;
      const other = graph.other(edge, node);
      if (graph.source[edge] !== node && seen.has(other)) continue;
      if (view.filters.active && !view.visible.edges[edge]) continue;
      lines.push(`M${sx(node)} ${sy(node)}L${sx(other)} ${sy(other)}`);
    }
  }
  out.push(`<path d="${lines.join('')}" fill="none" stroke="${css(theme.edge, (dimmed ? 0.06 : 0.18) * strength)}" stroke-width="0.7"/>`);
  for (const tie of renderer.ties.subarray(0, tiesShown(graph, renderer.ties, camera, renderer.last, false))) {
    const { from, to, cx, cy, colour, alpha, width: stroke } = curveOf(graph, theme, tie);
    const bend = `${camera.screenX(cx).toFixed(1)} ${camera.screenY(cy).toFixed(1)}`;
    out.push(`<path d="M${sx(from)} ${sy(from)}Q${bend} ${sx(to)} ${sy(to)}" fill="none" stroke="${css(colour, Number((alpha * tieStrength(renderer, camera)).toFixed(3)))}" stroke-width="${stroke.toFixed(2)}"/>`);
  }
  const marks = (/** @type {boolean} */ wanted) => {
    for (let k = nodes.length - 1; k >= 0; k--) {
      const node = nodes[k];
      const state = view.states[node];
      if (state >= STATE.marked !== wanted) continue;
      const shape = theme.shapes[graph.kind[node]];
      const radius = screenRadius(renderer, camera, node);
      const path = shapePath(shape, Number(sx(node)), Number(sy(node)), radius);
      const opacity = state === STATE.dimmed ? ' opacity="0.16"' : '';
      out.push(`<path d="${path}" fill="${css(theme.ofKind[graph.kind[node]])}"${opacity}><title>${xml(clip(graph.labels[node], 200))}</title></path>`);
    }
  };
  marks(false);
  for (const { from, to, colour, alpha, width: stroke } of renderer.strokeList) {
    out.push(`<path d="M${sx(from)} ${sy(from)}L${sx(to)} ${sy(to)}" stroke="${css(colour, alpha)}" stroke-width="${stroke}"/>`);
  }
  marks(true);
  view.drawLabels({ obstacles: [] });
  const text = (/** @type {Line} */ { text: words, x, y, size, weight, spacing }, /** @type {string} */ colour) =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-size="${size}" font-weight="${weight}"${spacing ? ` letter-spacing="${spacing}"` : ''} fill="${colour}" stroke="${css(theme.background)}" stroke-width="3" paint-order="stroke" text-anchor="middle" dominant-baseline="central">${xml(words)}</text>`;
  out.push(`<g font-family="${xml(FONT)}">`);
  for (const { lines, colour } of view.labels.regionsShown) for (const line of lines) out.push(text(line, css(colour)));
  for (const label of view.labels.shown) out.push(text(label, css(label.quiet ? theme.quiet : theme.text)));
  out.push('</g></svg>');
  view.redraw();
  return out.join('\n');
}
