// Reading: everything about the chosen node, most useful first.

const SHOWN_AT_FIRST = 8;
/** Few, so that the posts below can be seen as well. */
const COMPANIONS_AT_FIRST = 5;
const TEXT_LENGTH = 400;

class Panel {
  constructor({ startPath, showSteps }) {
    this.holder = byId('panel');
    this.startPath = startPath;
    this.showSteps = showSteps;
    this.history = [];
    view.on('select', (node) => this.show(node));
    view.on('detail', () => view.selected >= 0 && this.show(view.selected));
  }

  show(node) {
    const { holder } = this;
    if (this.current >= 0 && this.current !== node && node >= 0) this.history.push(this.current);
    if (node < 0) this.history = [];
    this.current = node;
    holder.replaceChildren();
    holder.hidden = node < 0;
    document.body.classList.toggle('reading', node >= 0);
    byId('side').classList.remove('tall');
    view.emit('layout');
    if (node < 0) return;
    holder.scrollTop = 0;
    const { graph } = view;
    holder.append(this.#head(node), this.#actions(node), element('div', { id: 'steps-box' }));
    if (graph.isPost(node)) this.#post(node);
    else this.#thing(node);
    this.#names(node);
    this.#facts(node);
  }

  #head(node) {
    const { graph } = view;
    const label = graph.labels[node];
    const back = this.history.length
      ? button(words.say('back'), () => {
          const previous = this.history.pop();
          this.current = -1;
          view.select(previous);
        }, { symbol: 'back', visible: false, class: 'quiet' })
      : null;
    const date = day(graph.date[node]);
    const title = element('h2', { tabindex: '-1' }, foreign(clip(label, 300)));
    if (label.length > 160) title.classList.add('long');
    const second = graph.nameIn(node, words.language);
    return element(
      'header',
      { class: 'head' },
      button(words.say('taller'), () => {
        const tall = byId('side').classList.toggle('tall');
        byId('taller').setAttribute('aria-expanded', String(tall));
        view.emit('layout');
      }, { visible: false, id: 'taller', 'aria-expanded': 'false' }),
      element(
        'div',
        { class: 'kind' },
        back,
        kindMark(graph.kind[node]),
        element('span', { text: words.kind(graph.kind[node]) }),
        date ? element('time', { datetime: date, text: date }) : null,
        element('span', { class: 'grow' }),
        button(words.say('goThere'), () => view.flyTo([node, ...view.neighbours(node).slice(0, 60)], node), { symbol: 'fit', visible: false, class: 'quiet' }),
        button(words.say('close'), () => view.select(-1), { symbol: 'close', visible: false, class: 'quiet close' }),
      ),
      title,
      second !== label ? element('p', { class: 'second' }, foreign(clip(second, 200))) : null,
    );
  }

  #actions(node) {
    return element(
      'div',
      { class: 'actions' },
      button(words.say('pathFromHere'), () => this.startPath(node), { symbol: 'route', class: 'primary', id: 'path-from-here' }),
      button(words.say('neighbourhood'), () => this.showSteps(node), { symbol: 'near', id: 'near' }),
    );
  }

  #post(node) {
    const { holder } = this;
    const { graph } = view;
    const summary = graph.literal(node, 'schema:abstract') || graph.literal(node, 'schema:description');
    if (summary) holder.append(longText(summary, 'summary'));
    const sources = graph.literals(node).filter((literal) => literal.name === 'schema:isBasedOn' || literal.name === 'schema:url');
    for (const { value } of sources) holder.append(sourceLine(value));
    this.#relations(node, () => true);
    const similar = similarPosts(graph, node);
    if (similar.length) {
      const section = this.#section(words.say('similar'), similar.length, true);
      section.append(list(similar, ([post]) => this.#postRow(post)));
    }
  }

  #thing(node) {
    const { graph } = view;
    const definitions = graph.literals(node).filter((literal) => literal.name === 'skos:definition');
    for (const { value } of definitions.slice(0, 1)) this.holder.append(longText(value, 'summary'));
    const posts = newestFirst(graph, graph.postsAt(node));
    const shared = companions(graph, node);
    if (shared.size) {
      const section = this.#section(words.say('appearsWith'), shared.size, true, 'companions');
      this.#companions(section, node, shared);
    }
    if (posts.length) {
      const section = this.#section(words.say('posts'), posts.length, true, 'posts');
      const spark = timeline(posts);
      if (spark) section.append(spark);
      section.append(list(posts, (post) => this.#postRow(post)));
    }
    this.#relations(node, (other) => !graph.isPost(other));
  }

  /** What appears in the same posts, by type; every row can say in which. */
  #companions(section, node, shared) {
    const { graph } = view;
    const groups = new Map();
    for (const [other, count] of shared) {
      const kind = graph.kind[other];
      if (!groups.has(kind)) groups.set(kind, []);
      groups.get(kind).push([other, count]);
    }
    const order = ['person', 'organization', 'product', 'work', 'concept', 'tag', 'category', 'area', 'project', 'series'];
    const place = (kind) => (order.indexOf(graph.kinds[kind].name) + order.length + 1) % (order.length + 1);
    const kinds = [...groups.keys()].sort((a, b) => place(a) - place(b));
    const body = element('div');
    const chips = element('div', { class: 'chips', role: 'group', 'aria-label': words.say('appearsWith') });
    const choose = (kind) => {
      for (const chip of chips.children) chip.setAttribute('aria-pressed', String(chip.dataset.kind === String(kind)));
      const rows = groups.get(kind).sort((a, b) => b[1] - a[1] || graph.degree[a[0]] - graph.degree[b[0]] || a[0] - b[0]);
      const most = rows[0][1];
      body.replaceChildren(list(rows, ([other, count]) => this.#companionRow(node, other, count, most), COMPANIONS_AT_FIRST));
    };
    for (const kind of kinds) {
      chips.append(
        element('button', { type: 'button', class: 'chip', 'data-kind': kind, 'aria-pressed': 'false', on: { click: () => choose(kind) } },
          kindMark(kind), words.kinds(kind), element('span', { class: 'count', text: words.number(groups.get(kind).length) })),
      );
    }
    section.append(chips, body);
    choose(kinds[0]);
  }

  #companionRow(node, other, count, most) {
    const row = nodeRow(other, null);
    const share = Math.max(0.04, count / most);
    const why = element('button', {
      type: 'button', class: 'why', 'aria-expanded': 'false', title: words.say('whyLinked'),
      text: words.counted('nPosts', count),
    });
    why.style.setProperty('--share', share.toFixed(3));
    why.addEventListener('click', () => {
      const open = row.querySelector('.evidence');
      why.setAttribute('aria-expanded', String(!open));
      if (open) return open.remove();
      row.append(element('div', { class: 'evidence' }, list(commonPosts(view.graph, node, other), (post) => this.#postRow(post), 5)));
    });
    row.append(why);
    return row;
  }

  /** Direct links, by relation, the best-connected first. */
  #relations(node, wanted) {
    const { graph } = view;
    const groups = new Map();
    for (const edge of graph.edgesAt(node)) {
      const other = graph.other(edge, node);
      if (!wanted(other)) continue;
      const forward = graph.source[edge] === node;
      const key = `${forward ? '>' : '<'}${graph.predicate[edge]},${graph.isPost(node) ? graph.kind[other] : ''}`;
      if (!groups.has(key)) groups.set(key, { predicate: graph.predicate[edge], forward, kind: graph.kind[other], rows: [] });
      groups.get(key).rows.push({ other, confidence: graph.confidence[edge] });
    }
    const sorted = [...groups.values()].sort((a, b) => a.predicate - b.predicate || a.kind - b.kind);
    for (const { predicate, forward, kind, rows } of sorted) {
      const relation = words.relation(graph.predicates[predicate].name, forward);
      const title = graph.isPost(node) && !graph.isPost(rows[0].other) ? `${relation} · ${words.kinds(kind)}` : relation;
      const section = this.#section(title, rows.length, rows.length <= 40);
      rows.sort((a, b) => graph.degree[b.other] - graph.degree[a.other] || a.other - b.other);
      const sure = ({ confidence }) => (confidence < 250 ? words.say('inferred', { n: Math.round(confidence / 2.55) }) : null);
      section.append(list(rows, (row) => (graph.isPost(row.other) ? this.#postRow(row.other) : nodeRow(row.other, words.number(graph.degree[row.other]), sure(row)))));
    }
  }

  #names(node) {
    const { graph } = view;
    const seen = new Set();
    const names = graph.names(node).filter(({ text, alias }) => (alias || text !== graph.labels[node]) && !seen.has(text) && seen.add(text));
    if (!names.length) return;
    const section = this.#section(words.say('otherNames'), names.length, names.length <= 12);
    section.append(
      element('ul', { class: 'names' }, names.map(({ text, language }) =>
        element('li', {}, foreign(clip(text, 300)), language ? element('span', { class: 'count', text: language }) : null))),
    );
  }

  #facts(node) {
    const { graph } = view;
    const told = new Set(['schema:abstract', 'schema:isBasedOn', 'schema:url']);
    if (!graph.isPost(node)) told.delete('schema:url');
    let defined = graph.isPost(node);
    const rows = graph.literals(node).filter(({ name }) => {
      if (name !== 'skos:definition' || defined) return !told.has(name);
      defined = true;
      return false;
    });
    const section = this.#section(words.say('details'), null, false);
    const table = element('dl');
    for (const { name, value } of rows) {
      table.append(element('dt', { text: words.relation(name, true) }), element('dd', {}, isWebAddress(value) ? webLink(value) : longText(value)));
    }
    table.append(element('dt', { text: 'IRI' }), element('dd', { class: 'code' }, foreign(graph.iri(node))));
    section.append(
      table,
      element('div', { class: 'actions' },
        button(words.say('copySparql'), () => copy(sparqlOf([node])), { symbol: 'code' }),
        button(words.say('copyIri'), () => copy(graph.iri(node)), { symbol: 'copy' })),
    );
  }

  #section(title, count, open, id = null) {
    const body = element('details', { class: 'section', open, id: id ? `section-${id}` : null },
      element('summary', {}, icon('down'), element('h3', {}, title, count === null ? null : element('span', { class: 'count', text: words.number(count) }))));
    this.holder.append(body);
    return body;
  }

  #postRow(post) {
    return postRow(post);
  }
}

/** A list that shows its first rows and, on request, more. */
function list(rows, make, first = SHOWN_AT_FIRST) {
  const holder = element('ul', { class: 'rows' });
  let shown = 0;
  const grow = (count) => {
    more?.remove();
    holder.append(...rows.slice(shown, shown + count).map((row) => element('li', {}, make(row))));
    shown = Math.min(rows.length, shown + count);
    if (shown < rows.length) holder.append(more);
  };
  const more = element('li', {}, button(words.say('more', { n: words.number(Math.max(rows.length - first, 0)) }), () => {
    const at = shown;
    grow(40);
    more.firstChild.firstChild.textContent = words.say('more', { n: words.number(rows.length - shown) });
    holder.children[at]?.querySelector('button, a')?.focus();
  }, { class: 'more' }));
  grow(first);
  return holder;
}

/** A node in a list: choose it by a click, see it on the map by pointing. */
function nodeRow(node, count, note = null) {
  const { graph } = view;
  const name = element(
    'button',
    { type: 'button', class: 'node', 'data-node': node, on: { click: () => view.select(node), pointerenter: () => view.hover(node), pointerleave: () => view.hover(-1) } },
    kindMark(graph.kind[node]),
    element('span', { class: 'name' }, foreign(clip(graph.nameIn(node, words.language), 120)), note ? element('span', { class: 'also', text: note }) : null),
    count ? element('span', { class: 'count', text: count }) : null,
  );
  return element('div', { class: 'row' }, name);
}

function postRow(post) {
  const { graph } = view;
  const row = nodeRow(post, null);
  const date = day(graph.date[post]);
  const source = graph.literal(post, 'schema:isBasedOn');
  const summary = graph.literal(post, 'schema:abstract');
  row.classList.add('post');
  row.append(
    element('div', { class: 'under' }, date ? element('time', { datetime: date, text: date }) : null, isWebAddress(source) ? webLink(source, new URL(source).hostname) : null),
    summary ? element('p', { class: 'brief' }, foreign(clip(summary, 140))) : '',
  );
  return row;
}

function webLink(address, text = address) {
  return element('a', { href: address, target: '_blank', rel: 'noopener noreferrer nofollow', class: 'web' }, foreign(clip(text, 100)), icon('link'));
}

/** Where a post comes from; what is not a web address is shown and cannot be followed. */
function sourceLine(value) {
  return element('p', { class: 'source' }, element('span', { class: 'also', text: words.say('source') + ' ' }), isWebAddress(value) ? webLink(value) : foreign(clip(value, 300)));
}

/** A text of any length, cut where it gets long, with a button for the rest. */
function longText(value, name = '') {
  if (value.length <= TEXT_LENGTH) return element('p', { class: `text ${name}` }, foreign(value));
  const text = foreign(clip(value, TEXT_LENGTH));
  const more = button(words.say('wholeText'), () => {
    text.textContent = plain(value);
    more.remove();
  }, { class: 'more' });
  return element('div', { class: `text ${name}` }, text, more);
}

/** Posts per year or month as bars; a button each, which narrows the dates. */
function timeline(posts) {
  const { graph, filters } = view;
  const dated = posts.filter((post) => graph.date[post] !== NO_DATE);
  if (dated.length < 3 || filters.months.length < 2) return null;
  const first = graph.date[dated.at(-1)];
  const last = graph.date[dated[0]];
  const years = (last - first) / 365 > 4;
  const key = (days) => day(days).slice(0, years ? 4 : 7);
  const counts = new Map();
  for (const post of dated) counts.set(key(graph.date[post]), (counts.get(key(graph.date[post])) ?? 0) + 1);
  const bins = [];
  const cursor = new Date(`${key(first)}${years ? '-01' : ''}-01T00:00:00Z`);
  while (key(Math.floor(cursor / DAY)) <= key(last) && bins.length < 400) {
    bins.push(key(Math.floor(cursor / DAY)));
    if (years) cursor.setUTCFullYear(cursor.getUTCFullYear() + 1);
    else cursor.setUTCMonth(cursor.getUTCMonth() + 1);
  }
  const most = Math.max(...counts.values());
  const bars = bins.map((bin) => {
    const bar = element('span', { class: 'bar', title: `${bin}: ${counts.get(bin) ?? 0}` });
    bar.style.setProperty('--height', ((counts.get(bin) ?? 0) / most).toFixed(3));
    return bar;
  });
  return element(
    'figure',
    { class: 'timeline', role: 'img', 'aria-label': words.counted('timeline', dated.length, { from: bins[0], to: bins.at(-1) }) },
    element('div', { class: 'bars' }, bars),
    element('figcaption', {}, element('span', { text: bins[0] }), element('span', { text: bins.at(-1) })),
  );
}
