// The picture: what pyvis prepared is drawn by vis-network; search, legend and panel are ours. Text from posts is only
// ever set as text.

/**
 * @typedef {{ name: string, label: string, label_zh: string, sign: string, light: string, dark: string }} Kind
 * @typedef {{ kind: string, label: string, names: string[], date?: string, summary?: string, source?: string }} Detail what is told of a node
 * @typedef {{ id: string, kind: string, size: number, shape: string, caption: string, color: string, opacity?: number, hidden?: boolean }} Mark a node as it is drawn
 * @typedef {{ id: number, from: string, to: string, relation: string }} Line
 * @typedef {[left: number, top: number, right: number, bottom: number]} Box
 * @typedef {{ ctx: CanvasRenderingContext2D, x: number, y: number, style: { size: number } }} Pen what vis-network draws a node with
 */

const { vis } = /** @type {{ vis?: any }} */ (globalThis);
const part = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const read = (/** @type {string} */ id) => JSON.parse(part(id).textContent ?? '');
/** @type {{ kinds: Kind[], details: Record<string, Detail>, center: string | null, shown: number, all: number, links: number, allLinks: number }} */
const about = read('about');
const chinese = (navigator.language || '').toLowerCase().startsWith('zh');
/** @type {Record<string, any>} */
const say = chinese
  ? { search: '搜索', part: '图中是联系最紧密的部分：', whole: '整个图：', around: '邻域：', nodes: ' 个节点', of: ' / ', links: ' 条关系', and: '，',
      flipped: { mentions: '被提到', citation: '被引用', keywords: '用作标签', subject: '是其主题', isPartOf: '包含', author: '所著', linksTo: '被链接', defines: '解释于', speaker: '主讲于', guest: '做客于' },
      named: { mentions: '提到', citation: '引用', keywords: '标签', subject: '主题', isPartOf: '属于', author: '作者', linksTo: '链接到', defines: '解释', speaker: '主讲', guest: '嘉宾' },
      source: '来源', also: '又名', close: '关闭', legend: '图例', nothing: '没有找到' }
  : { search: 'Search', part: 'The best-connected part: ', whole: 'The whole graph: ', around: 'Neighbourhood: ', nodes: ' nodes', of: ' of ', links: ' links', and: ', ',
      flipped: { mentions: 'mentioned by', citation: 'cited by', keywords: 'tag of', subject: 'subject of', isPartOf: 'contains', author: 'author of', linksTo: 'linked from', defines: 'explained in', speaker: 'speaks in', guest: 'guest in' },
      named: { citation: 'cites', keywords: 'tagged', isPartOf: 'part of', linksTo: 'links to', defines: 'explains' },
      source: 'Source', also: 'Also', close: 'Close', legend: 'Legend', nothing: 'Nothing found' };
const number = (/** @type {number} */ value) => value.toLocaleString(chinese ? 'zh' : 'en');
const kinds = new Map(about.kinds.map((kind) => [kind.name, kind]));
const kindOf = (/** @type {string} */ name) => /** @type {Kind} */ (kinds.get(name));
const kindName = (/** @type {string} */ name) => kindOf(name)[chinese ? 'label_zh' : 'label'];

// --- shapes that vis-network lacks: corners within the unit circle, y downwards -----------------------------------
const corners = (/** @type {number} */ count) => Array.from({ length: count }, (_, i) => [Math.sin((2 * Math.PI * i) / count), -Math.cos((2 * Math.PI * i) / count)]);
const PLUS = [[-0.33, -1], [0.33, -1], [0.33, -0.33], [1, -0.33], [1, 0.33], [0.33, 0.33], [0.33, 1], [-0.33, 1], [-0.33, 0.33], [-1, 0.33], [-1, -0.33], [-0.33, -0.33]];
/** @type {Record<string, number[][] | null>} */
const OUTLINES = { ring: null, pentagon: corners(5), plus: PLUS, cross: PLUS.map(([x, y]) => [(x - y) * Math.SQRT1_2, (x + y) * Math.SQRT1_2]) };
const look = (/** @type {{ id: string, shape: string }} */ { id, shape }) => {
  if (!(shape in OUTLINES)) return {};
  const ctxRenderer = (/** @type {Pen} */ { ctx, x, y, style: { size } }) => ({
    drawNode() {
      const { color: paint, opacity = 1 } = nodes.get(id);
      ctx.globalAlpha *= opacity;
      ctx.beginPath();
      const outline = OUTLINES[shape];
      if (outline) {
        for (const [dx, dy] of outline) ctx.lineTo(x + dx * size, y + dy * size);
        ctx.fillStyle = paint;
        ctx.fill();
      } else {
        ctx.arc(x, y, size * 0.75, 0, 2 * Math.PI);
        ctx.fillStyle = paper();
        ctx.fill();
        ctx.lineWidth = size * 0.45;
        ctx.strokeStyle = paint;
        ctx.stroke();
      }
    },
    nodeDimensions: { width: 2 * size, height: 2 * size },
  });
  return { shape: 'custom', outline: shape, ctxRenderer };
};

// --- small tools ---------------------------------------------------------------------------------------------
const element = (/** @type {string} */ name, /** @type {string | undefined} */ text = undefined, properties = {}) => {
  const made = Object.assign(document.createElement(name), properties);
  if (text !== undefined) made.textContent = text;
  return made;
};
const fold = (/** @type {string} */ text) => text.normalize('NFKC').toLocaleLowerCase();
const isWeb = (/** @type {string} */ address) => {
  try { return ['http:', 'https:'].includes(new URL(address).protocol); } catch { return false; }
};

// --- the picture ---------------------------------------------------------------------------------------------
document.documentElement.lang = chinese ? 'zh' : 'en';
/** @type {HTMLElement} */ (document.querySelector('[data-say=search]')).textContent = say.search;
part('legend').setAttribute('aria-label', say.legend);
const whole = about.shown === about.all && about.links === about.allLinks;
const counted = (/** @type {number} */ shown, /** @type {number} */ all, /** @type {string} */ what) => number(shown) + (shown === all ? '' : say.of + number(all)) + what;
part('extent').textContent = (about.center ? say.around : whole ? say.whole : say.part) +
  counted(about.shown, about.all, say.nodes) + say.and + counted(about.links, about.allLinks, say.links);

const face = 'system-ui, "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif';
/** @type {Box[]} where labels stand */
let captions = [];
const dark = matchMedia('(prefers-color-scheme: dark)');
const ink = () => (dark.matches ? '#e8eaed' : '#1b1f24');
const paper = () => (dark.matches ? '#14171b' : '#fdfdfb');
// vis-network would write every label, one over the other; ours are written below, as many as there is room for.
const color = (/** @type {string} */ kind) => kindOf(kind)[dark.matches ? 'dark' : 'light'];
const nodes = new vis.DataSet(read('nodes').map((/** @type {Mark & { label: string }} */ { label, ...node }) => ({ ...node, ...look(node), color: color(node.kind), caption: label })));
const edges = new vis.DataSet(read('edges').map((/** @type {Line} */ edge, /** @type {number} */ id) => ({ ...edge, id })));
const stage = part('mynetwork');
const network = new vis.Network(stage, { nodes, edges }, read('options'));
network.fit({ animation: false, maxZoomLevel: 1.7 });
dark.addEventListener('change', () => nodes.update(nodes.get().map((/** @type {Mark} */ { id, kind }) => ({ id, color: color(kind) }))));

// --- labels: the most important first, none over another -------------------------------------------------------
// Titles are long: names of things come first, titles where there is room.
const weight = (/** @type {Mark} */ node) => (node.kind === 'post' ? node.size / 2 : node.size);
/** @type {Mark[]} */
const order = nodes.get().sort((/** @type {Mark} */ a, /** @type {Mark} */ b) => weight(b) - weight(a));
/** @type {Set<string> | null} the nodes that are not dimmed; null: all */
let lit = null;
let chosen = about.center;
/** @type {string | null} */
let hovered = null;
network.on('afterDrawing', (/** @type {CanvasRenderingContext2D} */ context) => {
  const scale = network.getScale();
  /** @type {Box[]} */
  const taken = [];
  const wanted = (/** @type {Mark} */ node) => (node.id === hovered ? 0 : node.id === chosen ? 1 : lit?.has(node.id) ? 2 : 3);
  const shown = lit === null && hovered === null ? order : [...order].sort((a, b) => wanted(a) - wanted(b) || weight(b) - weight(a));
  // Nothing is written over a node.
  const marks = order.filter(({ id }) => !nodes.get(id).hidden).map(({ id, size }) => {
    const { x, y } = network.getPosition(id);
    return { id, box: /** @type {Box} */ ([x - size * 0.7, y - size * 0.7, x + size * 0.7, y + size * 0.7]) };
  });
  const { x: left, y: top } = network.DOMtoCanvas({ x: 0, y: 0 });
  const { x: right, y: bottom } = network.DOMtoCanvas({ x: stage.clientWidth, y: stage.clientHeight });
  const inside = (/** @type {Box} */ box) => box[0] >= left && box[2] <= right && box[1] >= top && box[3] <= bottom;
  context.save();
  context.textAlign = 'center';
  context.textBaseline = 'top';
  context.lineJoin = 'round';
  for (const node of shown) {
    if (nodes.get(node.id).hidden || (lit && !lit.has(node.id) && node.id !== hovered)) continue;
    const pixels = node.id === chosen || node.id === about.center ? 16 : Math.min(15, 10 + node.size / 8);
    const size = pixels / scale;
    context.font = size + 'px ' + face;
    const { x, y } = network.getPosition(node.id);
    const half = context.measureText(node.caption).width / 2;
    const gap = node.size + 3 / scale;
    const meets = (/** @type {Box} */ box) => (/** @type {Box} */ other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3];
    const places = [[0, gap], [gap + half, -size / 2], [-gap - half, -size / 2], [0, -gap - size * 1.15]]
      .map(([dx, dy]) => /** @type {Box} */ ([x + dx - half, y + dy, x + dx + half, y + dy + size * 1.15]))
      .filter((place) => inside(place) && !taken.some(meets(place)));
    const clear = places.find((place) => !marks.some((mark) => mark.id !== node.id && meets(place)(mark.box)));
    const box = clear || (wanted(node) < 2 && places[0]);
    if (!box) continue;
    taken.push(box);
    context.lineWidth = 3 / scale;
    context.strokeStyle = paper();
    context.strokeText(node.caption, box[0] + half, box[1]);
    context.fillStyle = ink();
    context.fillText(node.caption, box[0] + half, box[1]);
  }
  context.restore();
  captions = taken;
});

// --- choosing a node -----------------------------------------------------------------------------------------
const PALE = '#9aa5b1';
const choose = (/** @type {string | null} */ id, /** @type {boolean} */ fly) => {
  lit = id === null ? null : new Set([id, ...network.getConnectedNodes(id)]);
  chosen = id;
  nodes.update(nodes.get().map((/** @type {Mark} */ node) => ({ id: node.id, opacity: lit === null || lit.has(node.id) ? 1 : 0.15 })));
  edges.update(edges.get().map((/** @type {Line} */ edge) => {
    const own = id !== null && (edge.from === id || edge.to === id);
    return { id: edge.id, color: { color: own ? color(about.details[id].kind) : PALE, opacity: own ? 1 : id === null ? 0.5 : 0.06 } };
  }));
  network.unselectAll();
  if (id !== null) network.selectNodes([id]);
  if (id !== null && fly) {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    network.focus(id, { scale: Math.max(network.getScale(), 1), animation: still ? false : { duration: 350 } });
  }
  show(id);
};
network.on('click', (/** @type {{ nodes: string[] }} */ event) => choose(event.nodes.length ? event.nodes[0] : null, false));
network.on('hoverNode', (/** @type {{ node: string }} */ event) => { hovered = event.node; network.canvas.body.container.style.cursor = 'pointer'; });
network.on('blurNode', () => { hovered = null; network.canvas.body.container.style.cursor = ''; });

// --- the panel -----------------------------------------------------------------------------------------------
const panel = part('panel');
const nodeButton = (/** @type {string} */ id, extra = '') => {
  const detail = about.details[id];
  const button = element('button', undefined, { type: 'button', dir: 'auto' });
  const sign = element('span', kindOf(detail.kind).sign + ' ');
  sign.style.color = color(detail.kind);
  sign.setAttribute('aria-hidden', 'true');
  button.append(sign, element('bdi', detail.label.slice(0, 160)));
  if (extra) button.append(element('span', ' ' + extra, { className: 'count' }));
  return button;
};
/** @param {string | null} id */
function show(id) {
  panel.replaceChildren();
  if (id === null) return;
  const detail = about.details[id];
  const close = element('button', '×', { type: 'button', className: 'close' });
  close.setAttribute('aria-label', say.close);
  close.addEventListener('click', () => choose(null, false));
  const add = (/** @type {string} */ name, /** @type {string} */ text, className = '') => panel.append(element(name, text, { className, dir: 'auto' }));
  panel.append(close);
  add('p', kindName(detail.kind) + (detail.date ? ' · ' + detail.date.slice(0, 10) : ''), 'kind');
  add('h2', detail.label);
  if (detail.names.length) add('p', say.also + ': ' + detail.names.join(' · '), 'names');
  if (detail.summary) add('p', detail.summary);
  if (detail.source && isWeb(detail.source)) {
    const link = element('a', detail.source, { href: detail.source, target: '_blank', rel: 'noopener noreferrer' });
    const line = element('p', say.source + ': ', { className: 'source' });
    line.append(link);
    panel.append(line);
  }
  /** @type {Map<string, string[]>} */
  const groups = new Map();
  for (const edge of edges.get()) {
    if (edge.from !== id && edge.to !== id) continue;
    const title = edge.from === id ? say.named[edge.relation] || edge.relation : say.flipped[edge.relation] || '← ' + edge.relation;
    groups.set(title, [...(groups.get(title) || []), edge.from === id ? edge.to : edge.from]);
  }
  const newest = (/** @type {string} */ one, /** @type {string} */ other) => (about.details[other].date || '').localeCompare(about.details[one].date || '')
    || about.details[one].label.localeCompare(about.details[other].label);
  for (const [title, others] of groups) {
    panel.append(element('h3', title));
    const list = element('ul');
    for (const other of others.sort(newest)) {
      const item = element('li');
      const button = nodeButton(other, (about.details[other].date || '').slice(0, 10));
      button.addEventListener('click', () => choose(other, true));
      item.append(button);
      list.append(item);
    }
    panel.append(list);
  }
  panel.scrollTop = 0;
}

// --- search --------------------------------------------------------------------------------------------------
const query = /** @type {HTMLInputElement} */ (part('query'));
const results = part('results');
const index = Object.entries(about.details).map(([id, detail]) => ({ id, label: detail.label, texts: [detail.label, ...detail.names].map(fold) }));
/** @typedef {typeof index[number]} Entry */
const find = (/** @type {string} */ text) => {
  const key = fold(text).trim();
  if (!key) return [];
  const rank = (/** @type {Entry} */ entry) => Math.min(...entry.texts.map((t) => (t === key ? 0 : t.startsWith(key) ? 1 : t.includes(key) ? 2 : 9)));
  return index.map((entry) => /** @type {[number, Entry]} */ ([rank(entry), entry])).filter(([r]) => r < 9)
    .sort((a, b) => a[0] - b[0] || a[1].label.length - b[1].label.length).slice(0, 12).map(([, entry]) => entry);
};
const take = (/** @type {string} */ id) => { results.hidden = true; query.value = ''; choose(id, true); panel.focus({ preventScroll: true }); };
query.addEventListener('input', () => {
  results.replaceChildren();
  const found = find(query.value);
  found.forEach((entry, position) => {
    const item = element('li');
    const button = nodeButton(entry.id);
    if (position === 0) button.classList.add('first');
    button.addEventListener('click', () => take(entry.id));
    item.append(button);
    results.append(item);
  });
  if (!found.length && query.value.trim()) results.append(element('li', say.nothing, { className: 'count' }));
  results.hidden = !query.value.trim();
});
part('search').addEventListener('submit', (event) => {
  event.preventDefault();
  const [first] = find(query.value);
  if (first) take(first.id);
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') { results.hidden = true; choose(null, false); }
  if (event.key === '/' && document.activeElement !== query) { event.preventDefault(); query.focus(); }
});

// --- legend --------------------------------------------------------------------------------------------------
for (const kind of about.kinds) {
  /** @type {string[]} */
  const members = nodes.get().filter((/** @type {Mark} */ node) => node.kind === kind.name).map((/** @type {Mark} */ node) => node.id);
  if (!members.length) continue;
  const button = element('button', undefined, { type: 'button' });
  const sign = element('span', kind.sign + ' ');
  sign.style.color = color(kind.name);
  sign.setAttribute('aria-hidden', 'true');
  button.append(sign, kindName(kind.name) + ' ', element('span', number(members.length), { className: 'count' }));
  button.setAttribute('aria-pressed', 'true');
  button.addEventListener('click', () => {
    const shown = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(shown));
    nodes.update(members.map((id) => ({ id, hidden: !shown })));
  });
  part('legend').append(button);
}

if (about.center) show(about.center);
// For tests, and for whoever opens the console.
Object.assign(window, { picture: { network, nodes, edges, choose, captions: () => captions } });
