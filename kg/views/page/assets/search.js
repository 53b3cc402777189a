// The box at the top left: what is typed lights up on the map and is listed by type.

/** Of one type, once a reader has asked for more. */
const MOST_LISTED = 60;

class SearchBox {
  /** `keeps`: what is in the box stays there once chosen. */
  constructor(input, list, { choose, preview = () => {}, suggestions = () => [], keeps = false }) {
    Object.assign(this, { input, list, choose, preview, suggestions, keeps });
    this.options = [];
    this.active = -1;
    input.setAttribute('role', 'combobox');
    input.setAttribute('aria-autocomplete', 'list');
    input.setAttribute('aria-controls', list.id);
    input.setAttribute('aria-expanded', 'false');
    input.addEventListener('input', () => this.refresh());
    input.addEventListener('focus', () => this.refresh());
    input.addEventListener('keydown', (event) => this.#key(event));
    input.addEventListener('blur', () => setTimeout(() => this.#leave(), 150));
    list.setAttribute('role', 'listbox');
    // The box stays in use while something in the list is pressed.
    list.addEventListener('pointerdown', (event) => event.target.closest('.option, .more') && event.preventDefault());
    list.addEventListener('click', (event) => {
      const pressed = this.options.find(({ option }) => option.contains(event.target));
      if (pressed) this.#choose(pressed.node);
    });
    list.addEventListener('scroll', () => (this.scrolled = list.scrollTop > 0), { passive: true });
  }

  #leave() {
    if (!this.list.contains(document.activeElement) && document.activeElement !== this.input) this.close();
  }

  refresh() {
    const query = this.input.value;
    const found = query.trim() ? view.index.find(query) : [];
    this.expanded = this.lastQuery === query ? this.expanded : null;
    this.lastQuery = query;
    this.preview(query.trim() ? found : null);
    this.#fill(query, found);
  }

  #fill(query, found) {
    const { graph } = view;
    this.list.replaceChildren();
    this.options = [];
    this.active = -1;
    if (!query.trim()) {
      const suggestions = this.suggestions();
      if (suggestions.length) this.list.append(element('div', { class: 'group', role: 'presentation', text: words.say('try') }));
      for (const node of suggestions) this.#option({ node }, '');
    } else if (!found.length) {
      this.list.append(element('div', { class: 'empty', role: 'presentation', text: words.say('nothing', { query: clip(query, 40) }) }));
    } else {
      const groups = this.#byKind(found);
      for (const [kind, { count, first }] of groups) {
        const hits = first.slice(0, this.expanded === kind ? MOST_LISTED : groups.size > 3 ? 3 : 6);
        this.list.append(
          element('div', { class: 'group', role: 'presentation' }, words.kinds(kind), element('span', { class: 'count', text: words.number(count) })),
        );
        for (const hit of hits) this.#option(hit, view.index.spelling(hit));
        if (count > hits.length && this.expanded !== kind) {
          this.list.append(button(words.say('more', { n: words.number(count - hits.length) }), () => {
            this.expanded = kind;
            this.#fill(query, found);
            this.input.focus();
          }, { class: 'more', tabindex: '-1' }));
        }
      }
      announce(words.say('found', { n: words.number(found.length) }));
    }
    this.list.hidden = !this.list.childElementCount;
    this.input.setAttribute('aria-expanded', String(!this.list.hidden));
    this.input.removeAttribute('aria-activedescendant');
    if (query.trim() && this.options.length) this.#activate(0);
    // Asking where things are would have the page laid out at once, and again for the frame.
    if (this.scrolled) this.list.scrollTop = 0;
  }

  /** Kinds of what was found, in the order of their best: how many there are, and the first. */
  #byKind(found) {
    const { kind } = view.graph;
    const groups = new Map();
    for (const hit of found) {
      let group = groups.get(kind[hit.node]);
      if (!group) groups.set(kind[hit.node], (group = { count: 0, first: [] }));
      if (++group.count <= MOST_LISTED) group.first.push(hit);
    }
    return groups;
  }

  #option(hit, spelling) {
    const { graph } = view;
    const { node } = hit;
    const id = `${this.list.id}-${this.options.length}`;
    const name = graph.nameIn(node, words.language);
    const option = element(
      'div',
      { class: 'option', role: 'option', id, 'aria-selected': 'false' },
      kindMark(graph.kind[node]),
      element('span', { class: 'name' }, foreign(clip(name, 80)), spelling && spelling !== name ? foreign(clip(spelling, 60), { class: 'also' }) : null),
      element('span', { class: 'count', text: graph.isPost(node) ? day(graph.date[node]) : words.number(graph.degree[node]) }),
    );
    this.options.push({ node, option });
    this.list.append(option);
  }

  #activate(position) {
    this.options[this.active]?.option.setAttribute('aria-selected', 'false');
    this.active = position;
    const { option } = this.options[position];
    option.setAttribute('aria-selected', 'true');
    this.input.setAttribute('aria-activedescendant', option.id);
  }

  #walk(position) {
    this.#activate(position);
    this.options[position].option.scrollIntoView({ block: 'nearest' });
  }

  #key(event) {
    if (event.isComposing) return;
    const count = this.options.length;
    if (event.key === 'ArrowDown' && count) this.#walk((this.active + 1) % count);
    else if (event.key === 'ArrowUp' && count) this.#walk((this.active + count - 1) % count);
    else if (event.key === 'Enter' && count) this.#choose(this.options[Math.max(this.active, 0)].node);
    else if (event.key === 'Escape') {
      // Once for what was typed, once to leave the box.
      if (this.list.hidden) {
        this.input.blur();
        view.focusMap();
        if (this.keeps) return;
      } else if (this.input.value && !this.keeps) {
        this.input.value = '';
        this.refresh();
      } else this.close();
      event.stopPropagation();
    } else return;
    event.preventDefault();
  }

  #choose(node) {
    this.close();
    this.choose(node);
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute('aria-expanded', 'false');
    this.preview(null);
  }
}
