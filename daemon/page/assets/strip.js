'use strict';
// What needs a person, on top of the page: what it is, what it is about, and the command that settles it.

{
  const {make, words} = reeld;
  // The order in which they stand: what stops everything first, then what may cost money.
  const kinds = ['paused', 'ledger', 'held', 'doubt', 'mass', 'duplicate', 'unwritable', 'settings', 'ambiguous',
    'conflict', 'unnameable', 'half', 'expired', 'failed', 'refused'];
  const rank = (kind) => (kinds.includes(kind) ? kinds.indexOf(kind) : kinds.length);
  const narrow = matchMedia('(max-width: 700px)');
  const states = ['doubt', 'refused', 'failed', 'expired'];

  /** A command as text, with a button that copies it. The daemon has quoted it for the shell. */
  reeld.makeCommand = ({does, shell}) => {
    const code = make('code', '', ...wordsOf(reeld.visible(shell)));
    const box = make('div', 'command', does ? make('span', 'does', reeld.wordOf('does', does)) : null, code);
    if (!reeld.isVisible(shell)) {
      box.append(make('span', 'unsafe', words.unsafe));
      return box;
    }
    const button = make('button', 'copy', words.copy);
    button.type = 'button';
    button.setAttribute('aria-label', words.copyCommand(shell));
    button.addEventListener('click', () => copy(button, shell, code));
    box.append(button);
    return box;
  };

  // Lines break between its words: never after the hyphens of an option.
  function wordsOf(command) {
    return command.split(/( +)/).map((part) => (part.trim() ? make('span', 'word', part) : part));
  }

  async function copy(button, shell, code) {
    const isCopied = await reeld.copy(shell, code);
    const text = isCopied ? words.copied : words.notCopied;
    button.textContent = text;
    button.classList.toggle('is-copied', isCopied);
    reeld.say(text);
    setTimeout(() => {
      button.textContent = words.copy;
      button.classList.remove('is-copied');
    }, 2500);
  }

  reeld.Strip = class {
    #box;
    #open = new Set();  // kinds whose every item is shown
    #unfolded = new Map();  // kinds that somebody has folded or unfolded
    #shown = '';
    #actions;

    /** actions: {addressOf(path), showState(state)}. */
    constructor(box, actions) {
      this.#box = box;
      this.#actions = actions;
    }

    show(attention) {
      const text = JSON.stringify(attention);
      if (text === this.#shown) return;  // a new overview most often says the same: focus and selection stay
      this.#shown = text;
      this.#draw(attention);
    }

    #draw(attention) {
      const groups = new Map();
      for (const item of [...attention.items].sort((one, other) => rank(one.kind) - rank(other.kind))) {
        groups.set(item.kind, [...(groups.get(item.kind) ?? []), item]);
      }
      const title = this.#box.firstElementChild;
      this.#box.hidden = groups.size === 0;
      const made = [...groups].map(([kind, items], place) => this.#makeGroup(kind, items, attention, place));
      this.#box.replaceChildren(title, ...made);
    }

    // The first are unfolded, as many as leave room for the pictures.
    #makeGroup(kind, items, attention, place) {
      const count = attention.counts?.[kind] ?? items.length;
      const isOpen = this.#open.has(kind);
      const title = make('h3', '', reeld.wordOf('needs', kind in words.needs ? kind : 'other'));
      const head = make('summary', 'need-title', reeld.icon('mark'), title);
      if (count > 1) head.append(make('span', 'count', reeld.number(count)));
      const shown = isOpen ? items : items.slice(0, 1);
      const list = make('ul', 'needs', ...shown.map((item) => this.#makeItem(item)));
      const out = make('details', `need ${this.#classOf(kind)}`, head, list);
      out.dataset.kind = kind;
      out.open = this.#unfolded.get(kind) ?? place < (narrow.matches ? 1 : 2);
      head.addEventListener('click', () => this.#unfolded.set(kind, !out.open));
      if (count > 1) out.append(this.#makeFoot(kind, items, count, isOpen, attention));
      return out;
    }

    #classOf(kind) {
      if (kind === 'paused' || kind === 'ledger') return 'is-refused';
      return kind in words.states ? `is-${kind}` : 'is-blocked';
    }

    #makeItem(item) {
      const about = make('p', 'about');
      if (item.path !== null) {
        const link = make('a', 'about-name', reeld.name(item.job));
        link.href = this.#actions.addressOf(item.path);
        about.append(link, ' ');
      } else if (item.job) {
        about.append(reeld.name(item.job, 'about-name'), ' ');
      }
      about.append(make('bdi', '', reeld.visible(reeld.sentence(item))), ' ', reeld.timeOf(item.since, 'age'));
      return make('li', '', about, make('div', 'commands', ...item.commands.map(reeld.makeCommand)));
    }

    #makeFoot(kind, items, count, isOpen, attention) {
      const foot = make('p', 'more');
      if (items.length > 1) {
        const label = isOpen ? words.showFewer : words.showAll(reeld.number(items.length - 1));
        const button = make('button', 'quiet', label);
        button.type = 'button';
        button.setAttribute('aria-expanded', isOpen);
        button.addEventListener('click', () => this.#toggle(kind, attention));
        foot.append(button);
      }
      if (count > items.length && (isOpen || items.length === 1)) {
        foot.append(make('span', '', words.notListed(reeld.number(count - items.length))));
      }
      if (states.includes(kind)) {
        const button = make('button', 'quiet', words.showInSheet);
        button.type = 'button';
        button.addEventListener('click', () => this.#actions.showState(kind));
        foot.append(button);
      }
      return foot;
    }

    #toggle(kind, attention) {
      if (!this.#open.delete(kind)) this.#open.add(kind);
      this.#draw(attention);
      this.#box.querySelector(`[data-kind="${CSS.escape(kind)}"] .more button`)?.focus();
    }
  };
}
