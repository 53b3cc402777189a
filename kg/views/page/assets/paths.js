// The box that shows how two things are connected.

import { button, byId, element } from './dom.js';
import { companions, edgeBetween } from './links.js';
import { announce, toast } from './messages.js';
import { placeOf, proofRow, proofs } from './proof.js';
import { list, nodeRow, postRow } from './rows.js';
import { SearchBox } from './search.js';
import { clip, plain } from './text.js';
import { anotherPath, isProof, shortestPath } from './ways.js';
import { words } from './words.js';

/**
 * @import { Graph } from './graph.js'
 * @import { View } from './view.js'
 */

/** @typedef {'from' | 'to'} End */

/** @type {End[]} */
const ENDS = ['from', 'to'];

export class Paths {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.box = byId('path');
    this.from = -1;
    this.to = -1;
    this.avoidHubs = true;
    /** @type {number[][]} the ways that were found so far */
    this.ways = [];
    /** Which of them is shown. */
    this.shown = 0;
    /** Whether there are no more. */
    this.complete = false;
    for (const end of ENDS) {
      new SearchBox(view, byId(`path-${end}`, HTMLInputElement), byId(`path-${end}-results`), {
        choose: (node) => this.set(end, node),
        keeps: true,
        suggestions: () => (end === 'to' && this.from >= 0 ? strangers(view.graph, this.from) : []),
      });
    }
    byId('path-close').addEventListener('click', () => this.close());
    byId('path-swap').addEventListener('click', () => {
      [this.from, this.to] = [this.to, this.from];
      this.#write();
      this.find();
    });
    const hubs = byId('path-hubs', HTMLInputElement);
    hubs.addEventListener('change', () => {
      this.avoidHubs = hubs.checked;
      this.find();
    });
    this.view.on('select', () => this.close(false));
  }

  /**
   * Ask for the other end.
   * @param {number} from
   */
  open(from = -1) {
    this.view.select(-1);
    this.from = from;
    this.to = -1;
    this.#write();
    this.box.hidden = false;
    document.body.classList.add('reading');
    byId('path-result').replaceChildren(element('p', { class: 'hint', text: words.say('pathHint') }));
    this.view.emit('layout');
    (from >= 0 ? byId('path-to') : byId('path-from')).focus();
  }

  /**
   * Show the way between two nodes.
   * @param {number} from
   * @param {number} to
   */
  show(from, to) {
    if (this.box.hidden) this.open(from);
    this.from = from;
    this.to = to;
    this.#write();
    this.find();
  }

  /**
   * Choose one end.
   * @param {End} end
   * @param {number} node
   */
  set(end, node) {
    this[end] = node;
    this.#write();
    if (this.from >= 0 && this.to >= 0) this.find();
    else byId(end === 'from' ? 'path-to' : 'path-from').focus();
  }

  /** Write the names of both ends. */
  #write() {
    for (const end of ENDS) {
      const name = this[end] >= 0 ? plain(clip(this.view.graph.nameIn(this[end], words.language), 80)) : '';
      byId(`path-${end}`, HTMLInputElement).value = name;
    }
  }

  /** Look for the way between the two ends. */
  find() {
    if (this.from < 0 || this.to < 0) return;
    const result = byId('path-result');
    const path = this.from === this.to ? null : shortestPath(this.view.graph, this.from, this.to, this.#options());
    this.ways = path ? [path] : [];
    this.complete = false;
    if (!path) {
      const text = words.say(this.from === this.to ? 'pathSame' : this.view.filters.active ? 'pathNoneFiltered' : 'pathNone');
      result.replaceChildren(element('p', { class: 'hint', text }));
      announce(text);
      this.view.mark(null);
      return;
    }
    this.#show(0);
  }

  /** Which ways are wanted. */
  #options() {
    return { avoidHubs: this.avoidHubs, visible: this.view.filters.active ? this.view.visible.nodes : null };
  }

  /** One more way, through other things and other posts; when there is none, those that were found come round again. */
  another() {
    if (this.shown === this.ways.length - 1 && !this.complete) {
      const path = anotherPath(this.view.graph, this.from, this.to, this.ways, this.#options());
      if (path) this.ways.push(path);
      else {
        this.complete = true;
        toast(words.say('noOtherWay'));
      }
    }
    this.#show((this.shown + 1) % this.ways.length);
    byId('another-way').focus();
  }

  /**
   * Show one of the ways.
   * @param {number} number
   */
  #show(number) {
    const result = byId('path-result');
    const path = this.ways[number];
    this.shown = number;
    this.view.mark({ nodes: new Set(path), path });
    result.replaceChildren(this.#choice(), this.#steps(path));
    if (this.box.contains(document.activeElement) && document.activeElement?.matches('[type=text]')) result.focus({ preventScroll: true });
    announce(words.counted('pathFound', path.length - 1, { way: path.map((node) => this.view.graph.labels[node]).join(' → ') }));
  }

  /** The button that asks for another way. */
  #choice() {
    const { ways, shown, complete } = this;
    const only = complete && ways.length === 1;
    return element('div', { class: 'actions' },
      button(words.say(only ? 'onlyWay' : 'anotherWay'), () => this.another(), { symbol: 'route', id: 'another-way', disabled: only }),
      ways.length > 1 ? element('span', { class: 'also', text: words.say('wayOf', { n: words.number(shown + 1), all: words.number(ways.length) }) }) : null);
  }

  /**
   * The way as a list: things, and between them the posts that name both.
   * @param {number[]} path
   */
  #steps(path) {
    const { graph } = this.view;
    const steps = element('ol', { class: 'steps' });
    for (let i = 0; i < path.length; i++) {
      const node = path[i];
      const before = path[i - 1];
      const after = path[i + 1];
      const between = isProof(graph, path, i);
      if (i && !between && !isProof(graph, path, i - 1)) {
        const edge = edgeBetween(graph, before, node);
        const relation = words.relation(graph.predicates[graph.predicate[edge]].name, graph.source[edge] === before);
        steps.append(element('li', { class: 'relation' }, relation, ' ', element('span', { class: 'code', text: placeOf(graph, before, node) })));
      }
      if (!between) {
        steps.append(element('li', { class: 'stop' }, graph.isPost(node) ? postRow(this.view, node) : nodeRow(this.view, node, null)));
        continue;
      }
      const item = element('li', { class: 'proof' }, element('span', { class: 'also', text: words.say('bothIn') }), proofRow(this.view, node, [before, after]));
      const others = proofs(graph, before, after).filter((post) => post !== node && this.view.admits(post));
      if (others.length) {
        item.append(element('details', {}, element('summary', { text: words.counted('morePosts', others.length) }), list(others, (post) => proofRow(this.view, post, [before, after]), 5)));
      }
      steps.append(item);
    }
    return steps;
  }

  /**
   * Close the box, and, if told to, take the path off the map.
   * @param {boolean} clear
   */
  close(clear = true) {
    if (this.box.hidden) return;
    this.box.hidden = true;
    if (this.view.selected < 0) document.body.classList.remove('reading');
    if (clear && this.view.marked?.path) this.view.mark(null);
    this.view.emit('layout');
    this.view.focusMap();
  }
}

/**
 * Well-known things that are not next to a node, as suggestions for the other end of a path.
 * @param {Graph} graph
 * @param {number} node
 */
function strangers(graph, node) {
  const near = companions(graph, node);
  const found = [];
  const wanted = ['person', 'organization', 'product'].map((name) => graph.kindNumber.get(name));
  for (let i = 0; i < graph.n && found.length < 6; i++) if (i !== node && wanted.includes(graph.kind[i]) && !near.has(i)) found.push(i);
  return found;
}
