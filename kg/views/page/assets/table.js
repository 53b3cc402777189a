// The map's twin for those who cannot see it, or would rather read: what is shown, as a table.

const PAGE_ROWS = 100;

class TableTwin {
  constructor() {
    this.dialog = byId('table');
    this.page = 0;
    this.order = { key: 'degree', down: true };
    byId('table-scope').addEventListener('change', () => this.#fill(true));
    byId('table-close').addEventListener('click', () => this.dialog.close());
    byId('table-csv').addEventListener('click', () => download('graph.csv', csvOf(this.nodes), 'text/csv;charset=utf-8'));
    byId('table-json').addEventListener('click', () => download('graph.json', jsonOf(this.nodes), 'application/json'));
    byId('table-previous').addEventListener('click', () => this.#turn(-1));
    byId('table-next').addEventListener('click', () => this.#turn(1));
  }

  open() {
    const scope = byId('table-scope');
    scope.querySelector('[value=highlighted]').disabled = !view.highlighted();
    scope.value = view.highlighted() ? 'highlighted' : view.camera.zoom > 1.5 ? 'sight' : 'all';
    this.dialog.showModal();
    this.#fill(true);
  }

  #turn(by) {
    this.page += by;
    this.#fill(false);
  }

  #collect() {
    const { graph, states } = view;
    const scope = byId('table-scope').value;
    if (scope === 'highlighted' && view.highlighted()) return chosenNodes();
    if (scope === 'sight') return view.inSight();
    const all = [];
    for (let i = 0; i < graph.n; i++) if (states[i] !== STATE.hidden && states[i] !== STATE.faded) all.push(i);
    return all;
  }

  #fill(anew) {
    const { graph } = view;
    if (anew) {
      this.nodes = this.#collect();
      this.page = 0;
      const { key, down } = this.order;
      const collator = new Intl.Collator(words.language);
      const by = {
        name: (a, b) => collator.compare(graph.labels[a], graph.labels[b]),
        kind: (a, b) => graph.kind[a] - graph.kind[b] || a - b,
        degree: (a, b) => graph.degree[a] - graph.degree[b] || b - a,
        date: (a, b) => graph.date[a] - graph.date[b],
      }[key];
      this.nodes.sort((a, b) => (down ? by(b, a) : by(a, b)));
    }
    const pages = Math.max(1, Math.ceil(this.nodes.length / PAGE_ROWS));
    this.page = Math.min(Math.max(this.page, 0), pages - 1);
    const heads = ['name', 'kind', 'degree', 'date'].map((key) => {
      const sorted = this.order.key === key;
      return element('th', { scope: 'col', 'aria-sort': sorted ? (this.order.down ? 'descending' : 'ascending') : 'none' },
        button(words.say(`column_${key}`) + (sorted ? (this.order.down ? ' ↓' : ' ↑') : ''), () => {
          this.order = { key, down: sorted ? !this.order.down : key === 'degree' || key === 'date' };
          this.#fill(true);
          byId('table-body').querySelector(`th:nth-child(${['name', 'kind', 'degree', 'date'].indexOf(key) + 1}) button`).focus();
        }));
    });
    const rows = this.nodes.slice(this.page * PAGE_ROWS, (this.page + 1) * PAGE_ROWS).map((node) => {
      const name = element('button', { type: 'button', class: 'node', on: { click: () => { this.dialog.close(); view.select(node); } } }, foreign(clip(graph.nameIn(node, words.language), 120)));
      return element('tr', {},
        element('th', { scope: 'row' }, name),
        element('td', {}, kindMark(graph.kind[node]), ' ', words.kind(graph.kind[node])),
        element('td', { class: 'number', text: words.number(graph.degree[node]) }),
        element('td', { text: day(graph.date[node]) }));
    });
    byId('table-body').replaceChildren(
      element('table', {}, element('caption', { text: words.counted('tableCaption', this.nodes.length) }),
        element('thead', {}, element('tr', {}, heads)), element('tbody', {}, rows)),
    );
    byId('table-page').textContent = words.say('page', { n: this.page + 1, all: pages });
    byId('table-previous').disabled = this.page === 0;
    byId('table-next').disabled = this.page === pages - 1;
  }
}
