// Asking how things are connected: neighbourhoods, and the way from one thing to another.

class Paths {
  constructor() {
    this.box = byId('path');
    this.from = -1;
    this.to = -1;
    this.avoidHubs = true;
    /** The ways that were found so far, and which of them is shown. */
    this.ways = [];
    this.shown = 0;
    const fields = {};
    for (const end of ['from', 'to']) {
      const input = byId(`path-${end}`);
      fields[end] = new SearchBox(input, byId(`path-${end}-results`), {
        choose: (node) => this.set(end, node),
        keeps: true,
        suggestions: () => (end === 'to' && this.from >= 0 ? strangers(this.from) : []),
      });
    }
    this.fields = fields;
    byId('path-close').addEventListener('click', () => this.close());
    byId('path-swap').addEventListener('click', () => {
      [this.from, this.to] = [this.to, this.from];
      this.#write();
      this.find();
    });
    byId('path-hubs').addEventListener('change', (event) => {
      this.avoidHubs = event.target.checked;
      this.find();
    });
    view.on('select', () => this.box.hidden || this.close(false));
  }

  /** Ask for the other end. */
  open(from = -1) {
    view.select(-1);
    this.from = from;
    this.to = -1;
    this.#write();
    this.box.hidden = false;
    document.body.classList.add('reading');
    byId('path-result').replaceChildren(element('p', { class: 'hint', text: words.say('pathHint') }));
    view.emit('layout');
    (from >= 0 ? byId('path-to') : byId('path-from')).focus();
  }

  show(from, to) {
    if (this.box.hidden) this.open(from);
    this.from = from;
    this.to = to;
    this.#write();
    this.find();
  }

  set(end, node) {
    this[end] = node;
    this.#write();
    if (this.from >= 0 && this.to >= 0) this.find();
    else byId(end === 'from' ? 'path-to' : 'path-from').focus();
  }

  #write() {
    for (const end of ['from', 'to']) byId(`path-${end}`).value = this[end] >= 0 ? plain(clip(view.graph.nameIn(this[end], words.language), 80)) : '';
  }

  find() {
    if (this.from < 0 || this.to < 0) return;
    const result = byId('path-result');
    const path = this.from === this.to ? null : shortestPath(view.graph, this.from, this.to, this.#options());
    this.ways = path ? [path] : [];
    this.complete = false;
    if (!path) {
      const text = words.say(this.from === this.to ? 'pathSame' : view.filters.active ? 'pathNoneFiltered' : 'pathNone');
      result.replaceChildren(element('p', { class: 'hint', text }));
      announce(text);
      view.mark(null);
      return;
    }
    this.#show(0);
  }

  #options() {
    return { avoidHubs: this.avoidHubs, visible: view.filters.active ? view.visible.nodes : null };
  }

  /** One more way, through other things and other posts; when there is none, those that were found come round again. */
  another() {
    if (this.shown === this.ways.length - 1 && !this.complete) {
      const path = anotherPath(view.graph, this.from, this.to, this.ways, this.#options());
      if (path) this.ways.push(path);
      else {
        this.complete = true;
        toast(words.say('noOtherWay'));
      }
    }
    this.#show((this.shown + 1) % this.ways.length);
    byId('another-way')?.focus();
  }

  #show(number) {
    const result = byId('path-result');
    const path = this.ways[number];
    this.shown = number;
    view.mark({ nodes: new Set(path), path });
    result.replaceChildren(this.#choice(), this.#steps(path));
    if (this.box.contains(document.activeElement) && document.activeElement.type === 'text') result.focus({ preventScroll: true });
    announce(words.counted('pathFound', path.length - 1, { way: path.map((node) => view.graph.labels[node]).join(' → ') }));
  }

  #choice() {
    const { ways, shown, complete } = this;
    const only = complete && ways.length === 1;
    return element('div', { class: 'actions' },
      button(words.say(only ? 'onlyWay' : 'anotherWay'), () => this.another(), { symbol: 'route', id: 'another-way', disabled: only }),
      ways.length > 1 ? element('span', { class: 'also', text: words.say('wayOf', { n: words.number(shown + 1), all: words.number(ways.length) }) }) : null);
  }

  /** The way as a list: things, and between them the posts that name both. */
  #steps(path) {
    const { graph } = view;
    const steps = element('ol', { class: 'steps' });
    for (let i = 0; i < path.length; i++) {
      const node = path[i];
      const before = path[i - 1];
      const after = path[i + 1];
      const between = isProof(graph, path, i);
      if (i && !between && !isProof(graph, path, i - 1)) {
        const edge = edgeBetween(graph, before, node);
        const relation = words.relation(graph.predicates[graph.predicate[edge]].name, graph.source[edge] === before);
        steps.append(element('li', { class: 'relation', text: relation }));
      }
      if (!between) {
        steps.append(element('li', { class: 'stop' }, graph.isPost(node) ? postRow(node) : nodeRow(node, null)));
        continue;
      }
      const item = element('li', { class: 'proof' }, element('span', { class: 'also', text: words.say('bothIn') }), postRow(node));
      const others = commonPosts(graph, before, after).filter((post) => post !== node);
      if (others.length) {
        item.append(element('details', {}, element('summary', { text: words.counted('morePosts', others.length) }), list(others, postRow, 5)));
      }
      steps.append(item);
    }
    return steps;
  }

  close(clear = true) {
    if (this.box.hidden) return;
    this.box.hidden = true;
    if (view.selected < 0) document.body.classList.remove('reading');
    if (clear && view.marked?.path) view.mark(null);
    view.emit('layout');
    view.focusMap();
  }
}

/** Well-known things that are not next to a node, as suggestions for the other end of a path. */
function strangers(node) {
  const { graph } = view;
  const near = companions(graph, node);
  const found = [];
  const wanted = ['person', 'organization', 'product'].map((name) => graph.kindNumber.get(name));
  for (let i = 0; i < graph.n && found.length < 6; i++) if (i !== node && wanted.includes(graph.kind[i]) && !near.has(i)) found.push(i);
  return found;
}

/** How many nodes can be taken in at a glance. */
const AT_A_GLANCE = 120;

/** The box that chooses how many steps around the chosen node are highlighted: at first two, unless that is too many. */
class Neighbourhood {
  show(node, steps = 0, most = 300) {
    const { graph } = view;
    const within = (count) => neighbourhood(graph, node, count, most, view.filters.active ? view.visible.nodes : null);
    if (!steps) steps = within(2).size <= AT_A_GLANCE ? 2 : 1;
    const limits = [50, 100, 300, 1000, Infinity];
    const box = byId('steps-box');
    if (!box) return;
    const group = element('div', { class: 'segments', role: 'group', 'aria-label': words.say('steps') });
    const summary = element('p', { class: 'hint', 'aria-live': 'polite' });
    const limit = element('select', { id: 'hub-limit' }, limits.map((value) =>
      element('option', { value: String(value), selected: value === most, text: value === Infinity ? words.say('anyHub') : words.counted('overLinks', value) })));
    const apply = () => {
      for (const segment of group.children) segment.setAttribute('aria-pressed', String(Number(segment.dataset.steps) === steps));
      const distance = within(steps);
      view.mark({ nodes: new Set(distance.keys()), steps, most });
      const kinds = new Map();
      for (const other of distance.keys()) if (other !== node) kinds.set(graph.kind[other], (kinds.get(graph.kind[other]) ?? 0) + 1);
      summary.textContent = [...kinds].sort((a, b) => b[1] - a[1]).map(([kind, count]) => `${words.kinds(kind)} ${words.number(count)}`).join(' · ');
    };
    for (const count of [1, 2, 3]) {
      group.append(element('button', { type: 'button', 'data-steps': count, text: words.counted('nSteps', count), on: { click: () => { steps = count; apply(); } } }));
    }
    limit.addEventListener('change', () => { most = Number(limit.value); apply(); });
    box.replaceChildren(
      element('div', { class: 'steps-box' },
        group,
        element('label', {}, element('span', { text: words.say('skipHubs') + ' ' }), limit),
        summary,
        button(words.say('done'), () => { box.replaceChildren(); view.mark(null, { fly: false }); }, { class: 'quiet' })),
    );
    apply();
  }
}
