'use strict';
// What is asked for: states, folder, words. It lives in the address, so it can be kept and sent on.

{
  const {make, words} = reeld;
  const searchDelay = 180;

  reeld.Filters = class {
    #chips = document.getElementById('chips');
    #folder = document.getElementById('folder');
    #search = document.getElementById('search');
    #buttons = new Map();
    #changed;
    #typing = 0;
    #query = {states: [], folder: null, q: ''};
    #foldersShown = '';

    constructor(changed) {
      this.#changed = changed;
      this.#search.placeholder = words.searchShort;
      this.#search.addEventListener('input', () => {
        clearTimeout(this.#typing);
        this.#typing = setTimeout(() => this.#set({q: this.#search.value.trim()}), searchDelay);
      });
      this.#folder.addEventListener('change', () => this.#set({folder: this.#chosenFolder()}));
      this.#search.addEventListener('keydown', (event) => {
        if (event.key === 'Escape' && this.#search.value === '') this.#search.blur();
      });
      for (const state of ['', ...Object.keys(words.states)]) this.#addChip(state);
    }

    focusSearch() {
      this.#search.focus();
      this.#search.select();
    }

    /** Shows what the address says. */
    show(query) {
      this.#query = query;
      if (document.activeElement !== this.#search || query.q === '') this.#search.value = query.q;
      for (const [state, {button}] of this.#buttons) {
        button.setAttribute('aria-pressed', state === '' ? query.states.length === 0 : query.states.includes(state));
      }
      this.#selectFolder();
      this.#hideEmpty();
    }

    showCounts(counts) {
      const isAny = this.#query.states.length > 0 || this.#query.folder !== null || this.#query.q !== '';
      document.getElementById('filters').hidden = counts.total === 0 && !isAny;  // nothing to choose from
      for (const [state, part] of this.#buttons) {
        part.number = state === '' ? counts.total : counts.states[state] ?? 0;
        part.count.textContent = reeld.roughly(part.number, counts.approximate);
      }
      this.#hideEmpty();
    }

    // Values begin with "=" so that the spool's own folder, whose path is empty, differs from "all".
    showFolders({folders}) {
      const text = JSON.stringify(folders);
      if (text === this.#foldersShown) return;
      this.#foldersShown = text;
      const nameOf = ({path, name}) => (path === '' ? words.wholeSpool : reeld.visible(name));
      const options = folders.map((folder) => this.#makeOption(`=${folder.path}`, nameOf(folder)));
      this.#folder.replaceChildren(this.#makeOption('', words.allFolders), ...options);
      this.#folder.parentNode.hidden = folders.length < 2;
      this.#selectFolder();
    }

    #chosenFolder() {
      return this.#folder.value === '' ? null : this.#folder.value.slice(1);
    }

    #makeOption(value, text) {
      const out = make('option', '', text);
      out.value = value;
      return out;
    }

    #selectFolder() {
      const {folder} = this.#query;
      const value = folder === null ? '' : `=${folder}`;
      const isKnown = folder === null || [...this.#folder.options].some((option) => option.value === value);
      if (!isKnown) this.#folder.append(this.#makeOption(value, reeld.visible(reeld.decode(folder ?? ''))));
      this.#folder.value = value;
    }

    #addChip(state) {
      const count = make('span', 'count', '');
      const button = make('button', `chip ${state === '' ? '' : reeld.stateKind(state)}`,
        state === '' ? null : reeld.icon('mark'), state === '' ? words.all : words.states[state], count);
      button.type = 'button';
      button.addEventListener('click', () => this.#toggle(state));
      this.#chips.append(button);
      this.#buttons.set(state, {button, count, number: 0});
    }

    // States that no pair is in are left out, so that what is there can be seen at a glance.
    #hideEmpty() {
      for (const [state, {button, number}] of this.#buttons) {
        button.hidden = state !== '' && number === 0 && !this.#query.states.includes(state);
      }
    }

    #toggle(state) {
      const {states} = this.#query;
      if (state === '') this.#set({states: []});
      else if (states.includes(state)) this.#set({states: states.filter((one) => one !== state)});
      else this.#set({states: [...states, state]});
    }

    #set(change) {
      this.#changed({...this.#query, ...change});
    }
  };

  /** A percent-encoded path as text, where it is UTF-8. */
  reeld.decode = (path) => {
    try {
      return decodeURIComponent(path);
    } catch {
      return path;
    }
  };
}
