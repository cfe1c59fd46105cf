'use strict';
// The list of pairs as far as it is known: pages of it, newest first, each fetched when it comes near what is seen,
// and forgotten when it is far from it. So memory is bounded, however long the list.

{
  const pageLength = 100;
  const mostPages = 24;       // that are held with their items
  const mostArrivals = 500;   // that wait to be shown; with more the list is loaded anew
  const margin = 60;          // pairs before and behind what is seen
  const mostBatches = 5;      // that one page is mended with

  const fold = (text) => text.toLocaleLowerCase();

  /** Whether a pair belongs to what is asked for. The daemon's own rule; see docs/next/page-api.yaml. */
  reeld.isWanted = (item, {states, folder, q}) => {
    if (states.length > 0 && !states.includes(item.state)) return false;
    const place = item.path.slice(0, Math.max(0, item.path.lastIndexOf('/')));
    if (folder !== null && folder !== '' && place !== folder && !place.startsWith(`${folder}/`)) return false;
    if (folder === '' && place !== '') return false;
    const text = fold(`${item.job}\n${item.prompt}`);
    return fold(q).split(/\s+/).every((word) => text.includes(word));
  };

  const isNewer = (one, other) => one.order > other.order;

  reeld.Sheet = class {
    #source;
    #changed;
    #isAtTop;
    #pages = [];          // {cursor, top, items or null, count, isStale}; `top` is the order of its first item
    #starts = [0];        // the number of pairs before each page, and of all
    #homes = new Map();   // path: its page
    #arrivals = new Map();
    #next = null;
    #wanted = [0, 0];
    #load = null;         // the one under way: its AbortController
    #missed = [];         // what came while it was
    #isBehind = false;
    #delay = 0;
    #retry = 0;

    query = {states: [], folder: null, q: ''};
    hasMore = true;
    trouble = null;

    /** `changed` is called after every change; `isAtTop` tells whether new pairs may show at once. */
    constructor(source, changed, isAtTop) {
      this.#source = source;
      this.#changed = changed;
      this.#isAtTop = isAtTop;
    }

    get size() { return this.#starts.at(-1); }
    get isLoaded() { return this.#pages.length > 0; }
    get arrivals() { return this.#arrivals.size; }

    reset(query = this.query) {
      this.#load?.abort();
      clearTimeout(this.#retry);
      Object.assign(this, {query, hasMore: true, trouble: null});
      this.#load = null;
      this.#pages = [];
      this.#homes.clear();
      this.#arrivals.clear();
      this.#missed = [];
      this.#isBehind = false;
      this.#next = null;
      this.#delay = 0;
      this.#wanted = [0, 0];
      this.#tell();
      this.#pump();
    }

    /** What is shown may be out of date: what is seen is fetched again and shown as it was until then. */
    refresh() {
      this.#isBehind = this.#load !== null;  // what is on its way may be older than this
      if (!this.isLoaded) return;
      for (const page of this.#pages) page.isStale = page.items !== null;
      this.#arrivals.clear();
      this.#evict(true);
      this.retry();
    }

    retry() {
      clearTimeout(this.#retry);
      this.#retry = 0;
      this.#pump();
    }

    /** The pair at a place; null while it is not known. */
    at(index) {
      const place = this.#pageAt(index);
      return this.#pages[place]?.items?.[index - this.#starts[place]] ?? null;
    }

    /** Where a pair stands; -1 where that is not known. */
    indexOf(path) {
      const page = this.#homes.get(path);
      if (!page) return -1;
      return this.#starts[this.#pages.indexOf(page)] + page.items.findIndex((item) => item.path === path);
    }

    find(path) {
      return this.#homes.get(path)?.items.find((item) => item.path === path) ?? null;
    }

    /** Pairs from `first` to `last` are about to be seen. */
    want(first, last) {
      this.#wanted = [first, last];
      this.#pump();
    }

    /** A pair is new, or has changed. */
    put(item) {
      if (this.#load) this.#missed.push(() => this.#place(item));
      this.#place(item);
      this.#tell();
    }

    drop(path) {
      if (this.#load) this.#missed.push(() => this.#remove(path));
      this.#remove(path);
      this.#tell();
    }

    /** Pairs that came while somebody looked further down are shown. */
    admit() {
      const items = [...this.#arrivals.values()];
      const isSimple = items.length < mostArrivals && this.#pages[0]?.items && !this.#pages[0].isStale;
      if (!isSimple) return this.reset();
      this.#arrivals.clear();
      for (const item of items) this.#insert(this.#pages[0], item);
      this.#tell();
    }

    #place(item) {
      const page = this.#homes.get(item.path);
      const isWanted = reeld.isWanted(item, this.query);
      if (!isWanted) this.#remove(item.path);
      else if (page) page.items[page.items.findIndex((one) => one.path === item.path)] = item;
      else if (this.isLoaded) this.#add(item);
    }

    #add(item) {
      const [first] = this.#pages;
      if (first.top === null || item.order > first.top) {
        if (first.items && this.#isAtTop()) this.#insert(first, item);
        else if (this.#arrivals.size < mostArrivals) this.#arrivals.set(item.path, item);
        return;
      }
      const page = this.#pages.findLast((one) => one.top !== null && one.top >= item.order);
      const isBelow = page === this.#pages.at(-1) && this.hasMore && !isNewer(item, page.items?.at(-1) ?? item);
      if (page.items && !isBelow) this.#insert(page, item);
    }

    #insert(page, item) {
      const place = page.items.findIndex((one) => isNewer(item, one));
      page.items.splice(place === -1 ? page.items.length : place, 0, item);
      page.top = page.items[0].order;
      this.#homes.set(item.path, page);
      if (page.items.length > 2 * pageLength) this.#split(page);
    }

    #split(page) {
      const items = page.items.splice(pageLength);
      const rest = {cursor: page.items.at(-1).order, top: items[0].order, items, isStale: page.isStale};
      this.#pages.splice(this.#pages.indexOf(page) + 1, 0, rest);
      for (const item of items) this.#homes.set(item.path, rest);
      this.#evict(false);
    }

    #remove(path) {
      this.#arrivals.delete(path);
      const page = this.#homes.get(path);
      if (!page) return;
      page.items.splice(page.items.findIndex((item) => item.path === path), 1);
      this.#homes.delete(path);
    }

    #tell() {
      this.#count();
      this.#changed();
    }

    #count() {
      this.#starts = [0];
      for (const page of this.#pages) {
        if (page.items) page.count = page.items.length;
        this.#starts.push(this.#starts.at(-1) + page.count);
      }
    }

    #pageAt(index) {
      let low = 0;
      let high = this.#pages.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this.#starts[middle + 1] <= index) low = middle + 1;
        else high = middle;
      }
      return low;
    }

    #isNear(page) {
      const place = this.#pages.indexOf(page);
      const [first, last] = this.#wanted;
      return this.#starts[place] <= last + margin && this.#starts[place + 1] >= first - margin;
    }

    // One request at a time, and always the one that is needed most now.
    #pump() {
      if (this.#load || this.#retry) return;
      const gap = this.#pages.find((page) => (page.isStale || !page.items) && this.#isNear(page));
      const isShort = this.hasMore && this.#wanted[1] + margin >= this.size;
      if (gap) this.#run((signal) => this.#mend(gap, signal));
      else if (isShort) this.#run((signal) => this.#extend(signal));
    }

    async #run(work) {
      const load = new AbortController();
      this.#load = load;
      this.#missed = [];
      try {
        await work(load.signal);
        this.#delay = 0;
        this.trouble = null;
      } catch (error) {
        if (load.signal.aborted) return;
        this.trouble = error;
        this.#delay = Math.min(15000, Math.max(500, this.#delay * 2));
        this.#retry = setTimeout(() => this.retry(), this.#delay);
      }
      if (this.#load !== load) return;
      this.#load = null;
      for (const change of this.#missed) change();
      this.#evict(false);
      this.#tell();
      if (this.#isBehind) this.refresh();
      else this.#pump();
    }

    async #ask(cursor, signal) {
      const answer = await this.#source.pairs(this.query, cursor, pageLength, signal);
      signal.throwIfAborted();
      return answer;
    }

    async #extend(signal) {
      const {items, next} = await this.#ask(this.#next, signal);
      this.#pages.push({cursor: this.#next, top: null, items: [], count: 0, isStale: false});
      this.#fill(this.#pages.at(-1), items);
      this.#setEnd(next);
    }

    // Fetches a page again. Pairs have come and gone meanwhile, so it ends where the next page begins.
    async #mend(page, signal) {
      const below = this.#pages.slice(this.#pages.indexOf(page) + 1).find((one) => one.top !== null);
      const found = [];
      let cursor = page.cursor;
      for (let batch = 0; batch < mostBatches; batch += 1) {
        const {items, next} = await this.#ask(cursor, signal);
        if (!below) {
          this.#setEnd(next);
          return this.#fill(page, items);
        }
        const mine = items.filter((item) => isNewer(item, {order: below.top}));
        found.push(...mine);
        if (mine.length < items.length || next === null) return this.#fill(page, found);
        cursor = next;
      }
      this.reset();
    }

    #fill(page, items) {
      for (const item of page.items ?? []) if (this.#homes.get(item.path) === page) this.#homes.delete(item.path);
      page.items = items.filter((item) => !this.#homes.has(item.path));
      page.top = page.items[0]?.order ?? page.top;
      page.isStale = false;
      for (const item of page.items) {
        this.#homes.set(item.path, page);
        this.#arrivals.delete(item.path);
      }
    }

    #setEnd(next) {
      this.#next = next;
      this.hasMore = next !== null;
    }

    // Of pages that are far from what is seen only their length is kept.
    #evict(isAll) {
      this.#count();
      const held = this.#pages.filter((page) => page.items && !this.#isNear(page));
      const middle = (this.#wanted[0] + this.#wanted[1]) / 2;
      const distance = (page) => Math.abs(this.#starts[this.#pages.indexOf(page)] - middle);
      held.sort((one, other) => distance(other) - distance(one));
      const most = isAll ? 0 : mostPages;
      for (const page of held.slice(0, Math.max(0, held.length - most))) {
        for (const item of page.items) this.#homes.delete(item.path);
        Object.assign(page, {count: page.items.length, items: null, isStale: false});
      }
    }
  };
}
