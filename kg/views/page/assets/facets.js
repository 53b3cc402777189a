// The panel of filters: every choice with the number of what it would show, and a histogram of dates to brush over.

const VALUES_SHOWN = 8;

class Facets {
  constructor() {
    this.box = byId('filters');
    this.body = byId('filter-body');
    /** Built when first opened: the boxes to check, the fields to fill in, and what fills the lists of values. */
    this.rows = null;
    this.fields = [];
    this.lists = [];
    this.queries = {};
    this.playing = 0;
    byId('filter-clear').addEventListener('click', () => {
      this.stop();
      view.filters.clear();
      view.applyFilters();
      this.#fillLists();
    });
    byId('filter-close').addEventListener('click', () => this.toggle(false));
    view.on('filters', () => this.refresh());
    this.badge = byId('filter-badge');
  }

  toggle(open = this.box.hidden) {
    this.box.hidden = !open;
    byId('open-filters').setAttribute('aria-expanded', String(open));
    document.body.classList.toggle('filtering', open);
    if (open) {
      if (!this.rows) this.#build();
      this.#fillLists();
      byId('filter-close').focus();
    } else {
      this.stop();
      byId('open-filters').focus();
    }
  }

  #build() {
    const { graph, filters } = view;
    this.rows = [];
    if (filters.span) this.#dates();
    this.#group('kinds', words.say('types'), graph.kinds.map((_, kind) => kind).filter((kind) => view.whole.counts.byKind[kind]), {
      name: (kind) => words.kinds(kind),
      mark: (kind) => kindMark(kind),
      on: (kind) => !filters.kindsOff.has(kind),
      set: (kind, on) => (on ? filters.kindsOff.delete(kind) : filters.kindsOff.add(kind)),
      count: (counts, kind) => counts.byKind[kind],
    });
    for (const name of filters.facets) this.#values(name);
    // Of a literal, such as a summary, there are no edges.
    this.#group('relations', words.say('relations'), graph.predicates.map((_, p) => p).filter((p) => view.whole.counts.byRelation[p]), {
      name: (p) => words.relation(graph.predicates[p].name, true),
      on: (p) => !filters.relationsOff.has(p),
      set: (p, on) => (on ? filters.relationsOff.delete(p) : filters.relationsOff.add(p)),
      count: (counts, p) => counts.byRelation[p],
    });
    this.#degrees();
    const regions = graph.regions.map((_, c) => c).filter((c) => graph.regions[c].size > 1).slice(0, 40);
    if (regions.length > 1) {
      this.#group('regions', words.say('regions'), regions, {
        name: (c) => graph.regions[c].names[words.language] ?? graph.regions[c].name,
        on: (c) => filters.communities.has(c),
        set: (c, on) => (on ? filters.communities.add(c) : filters.communities.delete(c)),
        count: (counts, c) => counts.byCommunity[c],
      }, false);
    }
    this.#rest();
  }

  /** What was chosen may have changed while the lists of values were not looked at. */
  #fillLists() {
    for (const fill of this.lists) fill();
    this.refresh();
  }

  #section(id, title, open = true) {
    const details = element('details', { class: 'section', open, id: `facet-${id}` }, element('summary', {}, icon('down'), element('h3', { text: title })));
    this.body.append(details);
    return details;
  }

  #check(key, value, { name, mark, on, set, count }) {
    const box = element('input', { type: 'checkbox' });
    box.checked = on(value);
    const number = element('span', { class: 'count' });
    box.addEventListener('change', () => {
      set(value, box.checked);
      view.applyFilters();
    });
    const label = element('label', { class: 'check' }, box, mark ? mark(value) : null, foreign(clip(name(value), 60), { class: 'name' }), number);
    this.rows.push({ box, number, label, shown: -1, count: (counts) => count(counts, value), on: () => on(value) });
    return label;
  }

  #group(id, title, values, describe, open = true) {
    const section = this.#section(id, title, open);
    const rows = values.map((value) => this.#check(id, value, describe));
    section.append(element('div', { class: 'checks', role: 'group', 'aria-label': title }, rows));
  }

  /** Tags, categories and areas: the most frequent, those chosen, and those that match what is typed. */
  #values(name) {
    const { graph, filters } = view;
    const kind = graph.kindNumber.get(name);
    const all = [];
    for (let i = 0; i < graph.n; i++) if (graph.kind[i] === kind) all.push(i);
    if (!all.length) return;
    let spellings = null;
    const matches = (query) => {
      spellings ??= all.map((node) => folded(graph.nameIn(node, words.language) + '\n' + graph.labels[node]));
      return all.filter((_, place) => spellings[place].includes(query));
    };
    const section = this.#section(name, words.kinds(kind), name !== 'tag' || filters.chosen[name].size > 0 || all.length < 30);
    const holder = element('div', { class: 'checks', role: 'group', 'aria-label': words.kind(kind) });
    const describe = {
      name: (node) => graph.nameIn(node, words.language),
      on: (node) => filters.chosen[name].has(node),
      set: (node, on) => (on ? filters.chosen[name].add(node) : filters.chosen[name].delete(node)),
      count: (counts, node) => counts.byValue[node],
    };
    const fill = () => {
      const query = folded(this.queries[name] ?? '').trim();
      this.rows = this.rows.filter((row) => !holder.contains(row.box));
      const matching = query ? matches(query) : all;
      const chosen = [...filters.chosen[name]].sort((a, b) => a - b);
      const shown = [...new Set([...chosen, ...matching.slice(0, VALUES_SHOWN)])];
      holder.replaceChildren(...shown.map((node) => this.#check(name, node, describe)));
    };
    this.lists.push(fill);
    if (all.length > VALUES_SHOWN) {
      const input = element('input', { type: 'search', class: 'small', placeholder: words.say('findIn', { n: words.number(all.length) }), 'aria-label': `${words.say('find')}: ${words.kind(kind)}` });
      input.addEventListener('input', () => {
        this.queries[name] = input.value;
        fill();
        this.refresh();
      });
      section.append(input);
    }
    section.append(holder);
  }

  #degrees() {
    const { graph, filters } = view;
    const section = this.#section('degree', words.say('links'), false);
    const highest = graph.degree[0] ?? 0;
    const field = (label, value, set) => {
      const input = element('input', { type: 'number', min: 0, max: highest, class: 'small' });
      this.fields.push({ input, value });
      input.addEventListener('change', () => {
        set(input.value === '' ? null : Math.max(0, Number(input.value) || 0));
        view.applyFilters();
      });
      return element('label', { class: 'field' }, element('span', { text: label }), input);
    };
    section.append(
      element('div', { class: 'fields' },
        field(words.say('atLeast'), () => filters.least || '', (value) => (filters.least = value ?? 0)),
        field(words.say('atMost'), () => (filters.most < Infinity ? filters.most : ''), (value) => (filters.most = value ?? Infinity))),
    );
  }

  #rest() {
    const { filters } = view;
    const choice = element('select', { id: 'rest' },
      element('option', { value: 'hide', text: words.say('hidden') }),
      element('option', { value: 'dim', text: words.say('dimmed') }));
    this.fields.push({ input: choice, value: () => (filters.hide ? 'hide' : 'dim') });
    choice.addEventListener('change', () => {
      filters.hide = choice.value === 'hide';
      view.applyFilters();
    });
    this.body.append(element('label', { class: 'field rest' }, element('span', { text: words.say('filteredOut') }), choice));
  }

  /** Numbers, checks, fields and bars after a change. What stays the same is left alone: every write costs layout. */
  refresh() {
    const { counts, shown } = view.visible;
    const active = view.filters.active;
    this.badge.textContent = active ? words.number(active) : '';
    this.badge.hidden = !active;
    byId('filter-clear').disabled = !active;
    if (this.box.hidden) return;
    const summary = words.say('showing', { n: words.number(shown), all: words.number(view.graph.n) });
    byId('filter-summary').textContent = summary;
    for (const row of this.rows) {
      const count = row.count(counts);
      row.box.checked = row.on();
      if (count === row.shown) continue;
      row.shown = count;
      row.number.textContent = words.number(count);
      row.label.classList.toggle('none', count === 0);
    }
    for (const { input, value } of this.fields) {
      // What is being typed is not chosen yet.
      if (input !== document.activeElement && input.value !== String(value())) input.value = value();
    }
    if (this.barsSize) this.#drawBars();
    if (active) announce(summary);
  }

  // Dates.

  #dates() {
    const { filters } = view;
    const section = this.#section('dates', words.say('dates'));
    this.bars = element('canvas', { class: 'histogram', role: 'img', 'aria-label': words.say('histogram') });
    this.window = element('div', { class: 'brush' });
    const holder = element('div', { class: 'histogram-box' }, this.bars, this.window);
    new ResizeObserver(([{ contentRect }]) => this.#sizeBars(contentRect)).observe(this.bars);
    this.ends = ['from', 'to'].map((end) => {
      const input = element('input', {
        type: 'date', min: day(filters.span.first), max: day(filters.span.last), 'aria-label': words.say(end), id: `date-${end}`,
      });
      input.addEventListener('change', () => {
        const value = daysOf(input.value);
        filters[end] = Number.isNaN(value) ? null : value;
        view.applyFilters();
      });
      this.fields.push({ input, value: () => day(filters[end] ?? filters.span[end === 'from' ? 'first' : 'last']) });
      return input;
    });
    this.playButton = button(words.say('play'), () => (this.playing ? this.stop() : this.play()), { symbol: 'play', visible: false, class: 'quiet', id: 'play' });
    const reset = button(words.say('allDates'), () => {
      this.stop();
      filters.from = filters.to = null;
      view.applyFilters();
    }, { class: 'quiet' });
    section.append(holder, element('div', { class: 'dates' }, this.playButton, this.ends[0], '–', this.ends[1], reset));
    this.#brush(holder);
  }

  #binDays(bin) {
    const { months, span } = view.filters;
    if (bin === 0) return span.first;
    return bin < months.length ? months[bin] : span.last + 1;
  }

  #brush(holder) {
    const { filters } = view;
    const binAt = (event) => {
      const box = holder.getBoundingClientRect();
      return Math.min(filters.months.length - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * filters.months.length)));
    };
    let start = -1;
    let moved = null;
    const apply = (a, b) => {
      filters.from = this.#binDays(Math.max(0, Math.min(a, b)));
      filters.to = this.#binDays(Math.min(filters.months.length, Math.max(a, b) + 1)) - 1;
      view.applyFilters();
    };
    holder.addEventListener('pointerdown', (event) => {
      holder.setPointerCapture(event.pointerId);
      this.stop();
      start = binAt(event);
      const [from, to] = this.#chosenBins();
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
      const bin = binAt(event);
      if (moved) {
        const shift = Math.max(-moved.from, Math.min(filters.months.length - 1 - moved.to, bin - moved.at));
        apply(moved.from + shift, moved.to + shift);
      } else apply(start, bin);
    });
    const end = (event) => {
      if (start >= 0 && !moved) apply(start, binAt(event));
      start = -1;
      moved = null;
    };
    holder.addEventListener('pointerup', end);
    holder.addEventListener('pointercancel', () => ((start = -1), (moved = null)));
    for (const [index, end2] of ['from', 'to'].entries()) {
      const handle = element('div', { class: `handle ${end2}`, role: 'slider', tabindex: '0', 'aria-label': words.say(end2), 'aria-valuemin': 0, 'aria-valuemax': filters.months.length - 1 });
      handle.addEventListener('keydown', (event) => {
        const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -12, PageUp: 12, Home: -1e6, End: 1e6 }[event.key];
        if (!step) return;
        event.preventDefault();
        const bins = this.#chosenBins();
        bins[index] = Math.min(filters.months.length - 1, Math.max(0, bins[index] + step));
        if (bins[0] > bins[1]) bins[1 - index] = bins[index];
        apply(...bins);
      });
      this.window.append(handle);
    }
  }

  #chosenBins() {
    const { filters } = view;
    const binOf = (days) => {
      let bin = 0;
      while (bin + 1 < filters.months.length && filters.months[bin + 1] <= days) bin++;
      return bin;
    };
    return [filters.from === null ? 0 : binOf(filters.from), filters.to === null ? filters.months.length - 1 : binOf(filters.to)];
  }

  #sizeBars({ width, height }) {
    const ratio = Math.min(devicePixelRatio || 1, 2);
    this.bars.width = width * ratio;
    this.bars.height = height * ratio;
    this.bars.getContext('2d').scale(ratio, ratio);
    this.barsSize = [width, height];
    this.#drawBars();
  }

  #drawBars() {
    const { filters, theme, visible } = view;
    const { byMonth } = visible.counts;
    const [width, height] = this.barsSize;
    const context = this.bars.getContext('2d');
    const most = byMonth.reduce((a, b) => Math.max(a, b), 1);
    const [from, to] = this.#chosenBins();
    const step = width / byMonth.length;
    const gap = step > 3 ? 1 : 0;
    const draw = (first, last, colour) => {
      context.fillStyle = colour;
      for (let bin = first; bin < last; bin++) {
        const tall = byMonth[bin] ? Math.max(1.5, (byMonth[bin] / most) * (height - 2)) : 0;
        context.fillRect(bin * step, height - tall, Math.max(step - gap, 0.7), tall);
      }
    };
    context.clearRect(0, 0, width, height);
    draw(0, from, css(theme.edge, 0.45));
    draw(from, to + 1, css(theme.accent));
    draw(to + 1, byMonth.length, css(theme.edge, 0.45));
    this.window.style.left = `${(from / byMonth.length) * 100}%`;
    this.window.style.width = `${((to + 1 - from) / byMonth.length) * 100}%`;
    const texts = [day(filters.from ?? filters.span.first), day(filters.to ?? filters.span.last)];
    [...this.window.children].forEach((handle, i) => {
      handle.setAttribute('aria-valuenow', String([from, to][i]));
      handle.setAttribute('aria-valuetext', texts[i]);
    });
  }

  /** Let the chosen span (a year, unless one is chosen) move through time. */
  play() {
    const { filters } = view;
    let [from, to] = this.#chosenBins();
    if (to - from >= filters.months.length - 1) [from, to] = [0, Math.max(0, Math.min(11, Math.ceil(filters.months.length / 6) - 1))];
    const pause = matchMedia('(prefers-reduced-motion: reduce)').matches ? 1500 : 450;
    const step = () => {
      filters.from = this.#binDays(from);
      filters.to = this.#binDays(to + 1) - 1;
      view.applyFilters();
      if (to >= filters.months.length - 1) return this.stop();
      from++;
      to++;
      this.playing = setTimeout(step, pause);
    };
    this.playing = 1;
    this.#showPlaying(true);
    step();
  }

  stop() {
    if (!this.playing) return;
    clearTimeout(this.playing);
    this.playing = 0;
    this.#showPlaying(false);
  }

  #showPlaying(on) {
    const label = words.say(on ? 'pause' : 'play');
    this.playButton.replaceChildren(icon(on ? 'pause' : 'play'));
    this.playButton.setAttribute('aria-label', label);
    this.playButton.title = label;
  }
}
