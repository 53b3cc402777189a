// Reading: everything about the chosen node, most useful first.

import { copy } from './clipboard.js';
import { day } from './dates.js';
import { button, byId, element, foreign } from './dom.js';
import { newestFirst, similarPosts } from './links.js';
import { proofRow, proofs } from './proof.js';
import { regionCard, regionName, swatch } from './region.js';
import { list, longText, nodeRow, postRow, section, sourceLine, webLink } from './rows.js';
import { areaCard, setCard } from './setcard.js';
import { sparqlOf } from './sparql.js';
import { clip, isWebAddress } from './text.js';
import { timeline } from './timeline.js';
import { byFrequency, byTypicality, companionsOf } from './typical.js';
import { words } from './words.js';

/**
 * @import { Companion } from './typical.js'
 * @import { View } from './view.js'
 */

/** Few, so that the posts below can be seen as well. */
const COMPANIONS_AT_FIRST = 5;

/** @typedef {{ other: number, confidence: number }} Row the other end of an edge, and how sure it is: 255 where it was said */
/** @typedef {{ predicate: number, forward: boolean, kind: number, rows: Row[] }} Group edges of one relation, in one direction */

export class Panel {
  /**
   * @param {View} view
   * @param {{ startPath: (node: number) => void, showSteps: (node: number) => void }} actions
   */
  constructor(view, { startPath, showSteps }) {
    this.view = view;
    this.holder = byId('panel');
    this.startPath = startPath;
    this.showSteps = showSteps;
    /** @type {number[]} what was read before */
    this.history = [];
    this.current = -1;
    /** @type {HTMLElement | null} what opens and closes the groups of posts on the map */
    this.groupChips = null;
    /** Whether a set is shown. */
    this.shownSet = false;
    /** Whether what appears with a thing is in the order of how often, not of how typically. */
    this.byFrequency = false;
    view.on('select', (node) => this.show(node));
    view.on('region', (community) => this.#region(community));
    view.on('marked', () => this.#set());
    view.on('filters', () => {
      const { scrollTop } = this.holder;
      const focused = this.holder.contains(document.activeElement);
      if (view.region >= 0) this.#region(view.region);
      else if (view.marked?.area) view.chooseArea(view.marked.area);
      else if (view.marked?.set) this.#set();
      else if (view.selected >= 0 && !view.marked) this.show(view.selected);
      this.holder.scrollTop = scrollTop;
      if (focused) this.holder.querySelector('h2')?.focus({ preventScroll: true });
    });
    view.on('groups', () => {
      for (const [place, { open }] of view.groups.entries()) this.groupChips?.children[place]?.setAttribute('aria-pressed', String(open));
    });
    view.on('detail', () => {
      if (view.selected >= 0) this.show(view.selected);
      else if (view.region >= 0) this.#region(view.region);
    });
  }

  /**
   * Show a node; -1 closes the panel.
   * @param {number} node
   */
  show(node) {
    const { holder } = this;
    if (this.current >= 0 && this.current !== node && node >= 0) this.history.push(this.current);
    if (node < 0) this.history = [];
    this.current = node;
    this.#empty(node >= 0);
    if (node < 0) return;
    const { graph } = this.view;
    holder.append(this.#head(node), this.#actions(node), element('div', { id: 'steps-box' }));
    if (graph.isPost(node)) this.#post(node);
    else this.#thing(node);
    this.#names(node);
    this.#facts(node);
  }

  /**
   * Show a region; -1 closes the panel.
   * @param {number} community
   */
  #region(community) {
    this.history = [];
    this.current = -1;
    this.#empty(community >= 0);
    if (community >= 0) this.holder.append(...regionCard(this.view, community));
  }

  /**
   * Show the set that is marked; where there is none any more, the panel closes.
   */
  #set() {
    const { marked, region, selected } = this.view;
    const was = this.shownSet;
    this.shownSet = Boolean(marked?.set ?? marked?.area);
    if (marked?.set || marked?.area) {
      this.history = [];
      this.current = -1;
      this.#empty(true);
      this.holder.append(...(marked.set ? setCard(this.view, marked.set) : areaCard(this.view, [...marked.nodes])));
    } else if (was && selected < 0 && region < 0) this.#empty(false);
  }

  /**
   * Make room for something else to read, or close the panel.
   * @param {boolean} open
   */
  #empty(open) {
    this.holder.replaceChildren();
    this.groupChips = null;
    this.holder.hidden = !open;
    this.holder.scrollTop = 0;
    document.body.classList.toggle('reading', open);
    byId('side').classList.remove('tall');
    this.view.emit('layout');
  }

  /**
   * Its name, its kind, its date, and the way back.
   * @param {number} node
   */
  #head(node) {
    const { graph } = this.view;
    const label = graph.labels[node];
    const back = this.history.length
      ? button(words.say('back'), () => {
          const previous = this.history.pop() ?? -1;
          this.current = -1;
          this.view.select(previous);
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
        this.view.emit('layout');
      }, { visible: false, id: 'taller', 'aria-expanded': 'false' }),
      element(
        'div',
        { class: 'kind' },
        back,
        this.view.theme.mark(graph.kind[node]),
        element('span', { text: words.kind(graph.kindOf(node)) }),
        date ? element('time', { datetime: date, text: date }) : null,
        element('span', { class: 'grow' }),
        button(words.say('goThere'), () => this.view.flyTo([node, ...this.view.neighbours(node).slice(0, 60)], node), { symbol: 'fit', visible: false, class: 'quiet' }),
        button(words.say('close'), () => this.view.select(-1), { symbol: 'close', visible: false, class: 'quiet close' }),
      ),
      title,
      second !== label ? element('p', { class: 'second' }, foreign(clip(second, 200))) : null,
    );
  }

  /**
   * What can be asked from here.
   * @param {number} node
   */
  #actions(node) {
    return element(
      'div',
      { class: 'actions' },
      button(words.say('pathFromHere'), () => this.startPath(node), { symbol: 'route', class: 'primary', id: 'path-from-here' }),
      button(words.say('neighbourhood'), () => this.showSteps(node), { symbol: 'near', id: 'near' }),
    );
  }

  /**
   * What a post says, where it comes from, what it names, and what is like it.
   * @param {number} node
   */
  #post(node) {
    const { holder } = this;
    const { graph } = this.view;
    const summary = graph.literal(node, 'schema:abstract') || graph.literal(node, 'schema:description');
    if (summary) holder.append(longText(summary, 'summary'));
    const sources = graph.literals(node).filter((literal) => literal.name === 'schema:isBasedOn' || literal.name === 'schema:url');
    for (const { value } of sources) holder.append(sourceLine(value));
    this.#relations(node, () => true);
    const similar = similarPosts(graph, node);
    if (similar.length) {
      const section = this.#section(words.say('similar'), similar.length, true);
      section.append(list(similar, ([post]) => postRow(this.view, post)));
    }
  }

  /**
   * What a thing is, what appears with it, and which posts name it.
   * @param {number} node
   */
  #thing(node) {
    const { graph } = this.view;
    const definitions = graph.literals(node).filter((literal) => literal.name === 'skos:definition');
    for (const { value } of definitions.slice(0, 1)) this.holder.append(longText(value, 'summary'));
    const all = newestFirst(graph, graph.postsAt(node));
    const posts = all.filter((post) => this.view.admits(post));
    const shared = companionsOf(graph, node, this.view.filters.active ? (post) => this.view.admits(post) : null);
    if (shared.length) this.#companions(this.#section(words.say('appearsWith'), shared.length, true, 'companions'), node, shared);
    if (all.length) {
      const section = this.#section(words.say('posts'), posts.length, true, 'posts');
      const spark = timeline(this.view, all, node);
      if (spark) section.append(spark);
      section.append(list(posts, (post) => postRow(this.view, post)));
    }
    this.#groups();
    this.#relations(node, (other) => !graph.isPost(other));
  }

  /** The groups in which posts are drawn on the map, where they are too many: each can be drawn one by one, and as one again. */
  #groups() {
    const { view } = this;
    if (!view.groups.length) return;
    const chips = element('div', { class: 'chips', role: 'group', 'aria-label': words.say('groups') });
    for (const { community, posts } of view.groups) {
      const chip = element('button', { type: 'button', class: 'chip', 'aria-pressed': String(view.opened.has(community)), on: { click: () => view.toggleGroup(community) } },
        swatch(view, community), foreign(clip(regionName(view, community) || words.say('region'), 30)), element('span', { class: 'count', text: words.number(posts.length) }));
      chips.append(chip);
    }
    this.groupChips = chips;
    this.#section(words.say('groups'), view.groups.length, false, 'groups').append(element('p', { class: 'hint', text: words.say('groupsHint') }), chips);
  }

  /**
   * What appears in the same posts, by type: what is typical, or what is most; every row can say in which.
   * @param {HTMLElement} section
   * @param {number} node
   * @param {Companion[]} shared
   */
  #companions(section, node, shared) {
    const { graph } = this.view;
    /** @type {Map<number, Companion[]>} */
    const groups = new Map();
    for (const companion of shared) {
      const kind = graph.kind[companion.node];
      const group = groups.get(kind);
      if (group) group.push(companion);
      else groups.set(kind, [companion]);
    }
    const order = ['person', 'organization', 'product', 'work', 'concept', 'tag', 'category', 'area', 'project', 'series'];
    const place = (/** @type {number} */ kind) => (order.indexOf(graph.kinds[kind].name) + order.length + 1) % (order.length + 1);
    const kinds = [...groups.keys()].sort((a, b) => place(a) - place(b));
    const body = element('div');
    const chips = element('div', { class: 'chips', role: 'group', 'aria-label': words.say('appearsWith') });
    const ways = element('div', { class: 'segments', role: 'group', 'aria-label': words.say('order') });
    let chosen = kinds[0];
    const refresh = () => {
      for (const chip of chips.children) chip.setAttribute('aria-pressed', String(chip.getAttribute('data-kind') === String(chosen)));
      for (const way of ways.children) way.setAttribute('aria-pressed', String(way.id === (this.byFrequency ? 'by-most' : 'by-typical')));
      const rows = (groups.get(chosen) ?? []).filter(({ score }) => this.byFrequency || score > 0).sort(this.byFrequency ? byFrequency : byTypicality);
      const measure = (/** @type {Companion} */ { count, score }) => (this.byFrequency ? count : score);
      body.replaceChildren(list(rows, (row) => this.#companionRow(node, row, measure(row) / measure(rows[0])), COMPANIONS_AT_FIRST));
    };
    const choose = (/** @type {number} */ kind) => {
      chosen = kind;
      refresh();
    };
    for (const [id, word] of /** @type {const} */ ([['by-typical', 'typical'], ['by-most', 'most']])) {
      ways.append(element('button', { type: 'button', id, title: words.say(word === 'most' ? 'mostHint' : 'typicalHint'), text: words.say(word), on: { click: () => { this.byFrequency = id === 'by-most'; refresh(); } } }));
    }
    for (const kind of kinds) {
      chips.append(
        element('button', { type: 'button', class: 'chip', 'data-kind': kind, 'aria-pressed': 'false', on: { click: () => choose(kind) } },
          this.view.theme.mark(kind), words.kinds(graph.kinds[kind]), element('span', { class: 'count', text: words.number(groups.get(kind)?.length ?? 0) })),
      );
    }
    section.append(ways, chips, body);
    refresh();
  }

  /**
   * A companion, with a button that shows the posts in which both appear.
   * @param {number} node
   * @param {Companion} companion
   * @param {number} share how long its bar is, in 0..1
   */
  #companionRow(node, { node: other, count, of }, share) {
    const row = nodeRow(this.view, other, null);
    const why = element('button', {
      type: 'button', class: 'why', 'aria-expanded': 'false', title: words.say('whyLinked'),
      text: this.byFrequency ? words.counted('nPosts', count) : words.counted('ofPosts', of, { count: words.number(count) }),
    });
    why.style.setProperty('--share', Math.max(0.04, share).toFixed(3));
    why.addEventListener('click', () => {
      const open = row.querySelector('.evidence');
      why.setAttribute('aria-expanded', String(!open));
      if (open) return open.remove();
      row.append(element('div', { class: 'evidence' }, list(proofs(this.view.graph, node, other).filter((post) => this.view.admits(post)), (post) => proofRow(this.view, post, [node, other]), 5)));
    });
    row.append(why);
    return row;
  }

  /**
   * Direct links, by relation, the best-connected first.
   * @param {number} node
   * @param {(other: number) => boolean} wanted
   */
  #relations(node, wanted) {
    const { graph } = this.view;
    /** @type {Map<string, Group>} */
    const groups = new Map();
    for (const edge of graph.edgesAt(node)) {
      const other = graph.other(edge, node);
      if (!wanted(other)) continue;
      const forward = graph.source[edge] === node;
      const key = `${forward ? '>' : '<'}${graph.predicate[edge]},${graph.isPost(node) ? graph.kind[other] : ''}`;
      const group = groups.get(key) ?? { predicate: graph.predicate[edge], forward, kind: graph.kind[other], rows: [] };
      groups.set(key, group);
      group.rows.push({ other, confidence: graph.confidence[edge] });
    }
    const sorted = [...groups.values()].sort((a, b) => a.predicate - b.predicate || a.kind - b.kind);
    for (const { predicate, forward, kind, rows } of sorted) {
      const relation = words.relation(graph.predicates[predicate].name, forward);
      const title = graph.isPost(node) && !graph.isPost(rows[0].other) ? `${relation} · ${words.kinds(graph.kinds[kind])}` : relation;
      const section = this.#section(title, rows.length, rows.length <= 40);
      rows.sort((a, b) => graph.degree[b.other] - graph.degree[a.other] || a.other - b.other);
      const sure = (/** @type {Row} */ { confidence }) => (confidence < 250 ? words.say('inferred', { n: Math.round(confidence / 2.55) }) : null);
      section.append(list(rows, (row) => (graph.isPost(row.other) ? postRow(this.view, row.other) : nodeRow(this.view, row.other, words.number(graph.degree[row.other]), sure(row)))));
    }
  }

  /**
   * Other spellings.
   * @param {number} node
   */
  #names(node) {
    const { graph } = this.view;
    const seen = new Set();
    const names = graph.names(node).filter(({ text, alias }) => (alias || text !== graph.labels[node]) && !seen.has(text) && seen.add(text));
    if (!names.length) return;
    const section = this.#section(words.say('otherNames'), names.length, names.length <= 12);
    section.append(
      element('ul', { class: 'names' }, names.map(({ text, language }) =>
        element('li', {}, foreign(clip(text, 300)), language ? element('span', { class: 'count', text: language }) : null))),
    );
  }

  /**
   * All that is stated and has not been told above.
   * @param {number} node
   */
  #facts(node) {
    const { graph } = this.view;
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
        button(words.say('copySparql'), () => copy(sparqlOf(this.view, [node])), { symbol: 'code' }),
        button(words.say('copyIri'), () => copy(graph.iri(node)), { symbol: 'copy' })),
    );
  }

  /**
   * A part of the panel that can be folded.
   * @param {string} title
   * @param {number | null} count
   * @param {boolean} open
   * @param {string | null} id
   */
  #section(title, count, open, id = null) {
    const body = section(title, count, open, id);
    this.holder.append(body);
    return body;
  }
}
