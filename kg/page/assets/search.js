// Finding names: all labels and other spellings as one long string, searched for the words as typed and, where that
// finds little, with up to two typing errors.

const LINE = 10;
const MOST_WEIGHED = 250;
/** So long a word may hold two errors. */
const TWO_ERRORS = 6;
const BREAK = /[\s\-_.,:;!?'"“”‘’()[\]{}《》「」【】（）：，。、·|/]+/;

/** What two spellings have in common: no case, no accents, no width. */
function folded(text) {
  return text.normalize('NFKD').replace(/\p{M}+/gu, '').toLowerCase();
}

class NameIndex {
  constructor(graph) {
    const parts = [];
    const nodes = [];
    for (let node = 0; node < graph.n; node++) {
      parts.push(graph.labels[node]);
      nodes.push(node);
      const line = graph.otherNames[node];
      if (line.length < 4) continue;
      for (const name of graph.names(node)) {
        if (name.text === graph.labels[node]) continue;
        parts.push(name.text);
        nodes.push(node);
      }
    }
    this.graph = graph;
    this.node = Uint32Array.from(nodes);
    this.text = folded(parts.join('\n'));
    this.start = new Uint32Array(parts.length + 1);
    let at = 0;
    for (let entry = 0; entry < parts.length; entry++) {
      this.start[entry] = at;
      at = this.text.indexOf('\n', at) + 1 || this.text.length + 1;
    }
    this.start[parts.length] = this.text.length + 1;
    this.codes = new Uint16Array(this.text.length);
    for (let i = 0; i < this.text.length; i++) this.codes[i] = this.text.charCodeAt(i);
    this.masks = new Uint32Array(65536);
  }

  /** Best first: [{node, entry, rank}], one per node. Rank 0 is the very name; 4 and more hold typing errors. */
  find(query) {
    const wanted = folded(query).trim().replace(/\s+/g, ' ');
    if (!wanted) return [];
    const best = new Map();
    const keep = (entry, rank) => {
      const node = this.node[entry];
      const held = best.get(node);
      if (!held || rank < held.rank) best.set(node, { node, entry, rank });
    };
    this.#scan(wanted, keep);
    const tokens = wanted.split(' ');
    if (tokens.length > 1) this.#scanAll(tokens, keep);
    if (best.size < 6 && wanted.length >= 3) {
      const joinedWords = wanted.replaceAll(' ', '');
      let weighed = 0;
      const keepLike = (entry, errors) => {
        // The best-connected come first; of very many, the rest need not be told apart.
        keep(entry, 4 + (++weighed > MOST_WEIGHED ? errors + 1 : this.#likeness(entry, wanted, errors)));
      };
      this.#scanLike(wanted, keepLike);
      if (wanted.length < TWO_ERRORS) for (const swapped of swaps(wanted)) this.#scan(swapped, (entry) => keepLike(entry, 1));
      if (joinedWords !== wanted) this.#scan(joinedWords, (entry, rank) => keep(entry, rank + 4));
    }
    return [...best.values()].sort((a, b) => a.rank - b.rank || a.node - b.node);
  }

  #entryAt(position) {
    let low = 0;
    let high = this.node.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.start[middle] <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #scan(wanted, keep) {
    const { text, start } = this;
    for (let at = text.indexOf(wanted); at !== -1; ) {
      const entry = this.#entryAt(at);
      const end = start[entry + 1] - 1;
      const whole = at === start[entry] && at + wanted.length === end;
      const before = text[at - 1];
      keep(entry, whole ? 0 : at === start[entry] ? 1 : /[\s\p{P}]/u.test(before) ? 2 : 3);
      at = text.indexOf(wanted, end);
    }
  }

  /** Names that hold all the words, in any order. */
  #scanAll(tokens, keep) {
    const longest = tokens.reduce((a, b) => (b.length > a.length ? b : a));
    const { text, start } = this;
    for (let at = text.indexOf(longest); at !== -1; ) {
      const entry = this.#entryAt(at);
      const name = text.slice(start[entry], start[entry + 1] - 1);
      if (tokens.every((token) => name.includes(token))) keep(entry, 3);
      at = text.indexOf(longest, start[entry + 1] - 1);
    }
  }

  /**
   * Approximate search by the bit-parallel method of Myers (1999, https://doi.org/10.1145/316542.316550): one pass over
   * all names, with a column of the edit-distance table held in two words.
   */
  #scanLike(wanted, keep) {
    const pattern = wanted.slice(0, 31);
    const length = pattern.length;
    const allowed = length < TWO_ERRORS ? 1 : 2;
    const { codes, masks } = this;
    for (let i = 0; i < length; i++) masks[pattern.charCodeAt(i)] |= 1 << i;
    const last = 1 << (length - 1);
    let up = -1;
    let down = 0;
    let score = length;
    let least = length;
    let entry = 0;
    for (let i = 0; i <= codes.length; i++) {
      const code = i < codes.length ? codes[i] : LINE;
      if (code === LINE) {
        if (least <= allowed && (least < 2 || this.#begins(entry, pattern[0]))) {
          keep(entry, least);
        }
        entry++;
        up = -1;
        down = 0;
        score = least = length;
        continue;
      }
      const equal = masks[code];
      const x = equal | down;
      const h = (((equal & up) + up) ^ up) | equal;
      let rise = down | ~(h | up);
      let fall = up & h;
      if (rise & last) score++;
      else if (fall & last) score--;
      rise <<= 1;
      fall <<= 1;
      up = fall | ~(x | rise);
      down = rise & x;
      if (score < least) least = score;
    }
    for (let i = 0; i < length; i++) masks[pattern.charCodeAt(i)] = 0;
  }

  /**
   * How far a name is from what was typed: as a whole, or, a little farther, one of its words. People err within a word
   * rather than at its beginning, and mean what many things link to.
   */
  #likeness(entry, wanted, errors) {
    const name = this.text.slice(this.start[entry], Math.min(this.start[entry + 1] - 1, this.start[entry] + 120));
    let best = errors + 1;
    for (const [part, extra] of [[name, 0], ...name.split(BREAK).map((word) => [word, 0.3])]) {
      if (Math.abs(part.length - wanted.length) > 2) continue;
      const begins = part[0] === wanted[0] ? 0 : 0.6;
      best = Math.min(best, typingErrors(part, wanted) + extra + begins);
    }
    return best - Math.min(0.25, Math.log10(1 + this.graph.degree[this.node[entry]]) / 12);
  }

  /** Whether a word of a name begins with a letter: two errors and another beginning are too far off. */
  #begins(entry, letter) {
    const name = this.text.slice(this.start[entry], this.start[entry + 1] - 1);
    return name.split(BREAK).some((word) => word[0] === letter);
  }

  /** The spelling that was found, as it is written. */
  spelling({ node, entry }) {
    const first = this.#entryOf(node);
    if (entry === first) return this.graph.labels[node];
    const others = this.graph.names(node).filter((name) => name.text !== this.graph.labels[node]);
    return others[entry - first - 1]?.text ?? this.graph.labels[node];
  }

  #entryOf(node) {
    let low = 0;
    let high = this.node.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.node[middle] < node) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** A text with each two neighbours swapped. */
function swaps(text) {
  return Array.from({ length: text.length - 1 }, (_, i) => text.slice(0, i) + text[i + 1] + text[i] + text.slice(i + 2)).filter((other) => other !== text);
}

/** Letters to put in, leave out or change, or neighbours to swap, that make one text of another (Damerau 1964, https://doi.org/10.1145/363958.363994). */
function typingErrors(a, b) {
  let before = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    [before, above] = [above, row];
  }
  return above[b.length];
}

/** The box at the top left: what is typed lights up on the map and is listed by type. */
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
      const groups = new Map();
      for (const hit of found) {
        const kind = graph.kind[hit.node];
        if (!groups.has(kind)) groups.set(kind, []);
        groups.get(kind).push(hit);
      }
      for (const [kind, hits] of groups) {
        const room = this.expanded === kind ? 60 : groups.size > 3 ? 3 : 6;
        this.list.append(
          element('div', { class: 'group', role: 'presentation' }, words.kinds(kind), element('span', { class: 'count', text: words.number(hits.length) })),
        );
        for (const hit of hits.slice(0, room)) this.#option(hit, view.index.spelling(hit));
        if (hits.length > room && this.expanded !== kind) {
          const more = button(words.say('more', { n: words.number(hits.length - room) }), () => {
            this.expanded = kind;
            this.#fill(query, found);
            this.input.focus();
          }, { class: 'more', tabindex: '-1' });
          more.addEventListener('pointerdown', (event) => event.preventDefault());
          this.list.append(more);
        }
      }
      announce(words.say('found', { n: words.number(found.length) }));
    }
    this.list.hidden = !this.list.childElementCount;
    this.input.setAttribute('aria-expanded', String(!this.list.hidden));
    this.input.removeAttribute('aria-activedescendant');
    if (query.trim() && this.options.length) this.#activate(0);
  }

  #option(hit, spelling) {
    const { graph } = view;
    const { node } = hit;
    const id = `${this.list.id}-${this.options.length}`;
    const name = graph.nameIn(node, words.language);
    const option = element(
      'div',
      { class: 'option', role: 'option', id, 'aria-selected': 'false', on: { pointerdown: (event) => event.preventDefault(), click: () => this.#choose(node) } },
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
    option.scrollIntoView({ block: 'nearest' });
    this.input.setAttribute('aria-activedescendant', option.id);
  }

  #key(event) {
    if (event.isComposing) return;
    const count = this.options.length;
    if (event.key === 'ArrowDown' && count) this.#activate((this.active + 1) % count);
    else if (event.key === 'ArrowUp' && count) this.#activate((this.active + count - 1) % count);
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
