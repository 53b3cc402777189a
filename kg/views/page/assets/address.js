// The address of the page keeps where we are: whoever opens it sees the same.

class Address {
  constructor(onrestore) {
    this.onrestore = onrestore;
    /** Whether what is on the screen has yet to be written down. */
    this.pending = false;
    const write = debounced(() => this.#write(), 250);
    for (const type of ['address', 'rest']) {
      view.on(type, () => {
        this.pending = true;
        write();
      });
    }
    addEventListener('hashchange', () => {
      if (location.hash.slice(1) !== this.written) this.restore();
    });
  }

  #short(node) {
    const iri = view.graph.iri(node);
    return iri.startsWith(view.graph.base) ? iri.slice(view.graph.base.length) : iri;
  }

  #node(text) {
    const found = view.graph.find(view.graph.base + text);
    return found >= 0 ? found : view.graph.find(text);
  }

  #write() {
    this.pending = false;
    const { camera, filters, graph, marked } = view;
    const parts = new URLSearchParams();
    if (view.selected >= 0) parts.set('at', this.#short(view.selected));
    parts.set('view', [camera.x.toFixed(4), camera.y.toFixed(4), camera.zoom.toFixed(3)].join(','));
    if (marked?.path) parts.set('path', [marked.path[0], marked.path.at(-1)].map((node) => this.#short(node)).join('|'));
    else if (marked?.steps) parts.set('steps', `${marked.steps},${marked.most}`);
    if (filters.kindsOff.size) parts.set('without', [...filters.kindsOff].map((kind) => graph.kinds[kind].name).join('|'));
    if (filters.relationsOff.size) parts.set('unlinked', [...filters.relationsOff].map((p) => graph.predicates[p].name).join('|'));
    for (const name of POST_FACETS) if (filters.chosen[name].size) parts.set(name, [...filters.chosen[name]].map((node) => this.#short(node)).join('|'));
    if (filters.from !== null || filters.to !== null) parts.set('dates', `${day(filters.from ?? NO_DATE)}..${day(filters.to ?? NO_DATE)}`);
    if (filters.least > 0 || filters.most < Infinity) parts.set('links', `${filters.least}..${filters.most < Infinity ? filters.most : ''}`);
    if (filters.communities.size) parts.set('regions', [...filters.communities].join('|'));
    if (!filters.hide) parts.set('rest', 'dim');
    const theme = document.documentElement.dataset.theme;
    if (theme) parts.set('theme', theme);
    if (words.chosen) parts.set('lang', words.chosen);
    this.written = parts.toString();
    // Back leads to what was looked at before; a camera that merely moved is no step of its own.
    const place = `${parts.get('at')} ${parts.get('path')}`;
    const step = this.place !== undefined && this.place !== place;
    this.place = place;
    history[step ? 'pushState' : 'replaceState'](null, '', '#' + this.written);
  }

  /** Settings that need no graph and must come before the first picture. */
  static early() {
    const parts = new URLSearchParams(location.hash.slice(1));
    const theme = parts.get('theme');
    if (['light', 'dark', 'contrast'].includes(theme)) document.documentElement.dataset.theme = theme;
    return parts;
  }

  restore() {
    this.written = location.hash.slice(1);
    const parts = new URLSearchParams(this.written);
    this.place = `${parts.get('at')} ${parts.get('path')}`;
    const { camera, filters, graph } = view;
    const list = (name) => (parts.get(name) ?? '').split('|').filter(Boolean);
    filters.clear();
    filters.kindsOff = new Set(list('without').map((name) => graph.kindNumber.get(name)).filter((kind) => kind !== undefined));
    filters.relationsOff = new Set(list('unlinked').map((name) => graph.predicates.findIndex((p) => p.name === name)).filter((p) => p >= 0));
    for (const name of POST_FACETS) filters.chosen[name] = new Set(list(name).map((text) => this.#node(text)).filter((node) => node >= 0));
    const [from = '', to = ''] = (parts.get('dates') ?? '').split('..');
    filters.from = Number.isNaN(daysOf(from)) ? null : daysOf(from);
    filters.to = Number.isNaN(daysOf(to)) ? null : daysOf(to);
    const [least = '', most = ''] = (parts.get('links') ?? '').split('..');
    filters.least = Number.parseInt(least, 10) || 0;
    filters.most = Number.parseInt(most, 10) || Infinity;
    filters.communities = new Set(list('regions').map(Number).filter((c) => Number.isInteger(c) && c >= 0 && c < graph.regions.length));
    filters.hide = parts.get('rest') !== 'dim';
    view.applyFilters();
    const at = parts.has('at') ? this.#node(parts.get('at')) : -1;
    view.select(at, { fly: !parts.has('view') });
    const ends = list('path').map((text) => this.#node(text));
    if (ends.length === 2 && ends.every((node) => node >= 0)) this.onrestore.path(...ends);
    const [steps, most2] = (parts.get('steps') ?? '').split(',').map(Number);
    if (at >= 0 && steps >= 1 && steps <= 3) this.onrestore.steps(at, steps, most2 || Infinity);
    const [x, y, zoom] = (parts.get('view') ?? '').split(',').map(Number);
    if ([x, y, zoom].every(Number.isFinite) && zoom > 0) {
      camera.jump({ x, y, zoom });
      view.moved();
    }
  }
}
