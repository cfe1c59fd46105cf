'use strict';
// Where a page that was written by `reeld page --export` has its data from: scripts in data/ that each hand over one
// object. Scripts and not JSON, because a page that is opened from a folder (file:) may load nothing else.

{
  const waiting = new Map();
  const kept = new Map();
  const mostKept = 8;

  /** Called by each file in data/, with its own name. */
  reeld.exported = (name, data) => waiting.get(name)?.(data);

  function load(name) {
    if (!kept.has(name)) {
      const loaded = new Promise((resolve, reject) => {
        const script = document.createElement('script');
        waiting.set(name, resolve);
        script.src = `data/${name}.js`;
        const fail = (why) => {
          waiting.delete(name);
          script.remove();
          reject(new Error(`data/${name}.js ${why}`));  // without effect where it has handed over its object
        };
        script.onload = () => fail('holds nothing');
        script.onerror = () => fail('is missing');
        document.head.append(script);
      });
      loaded.catch(() => kept.delete(name));
      kept.set(name, loaded);
      if (kept.size > mostKept) kept.delete(kept.keys().next().value);
    }
    return kept.get(name);
  }

  /** The next matches after the cursor ("page:place"), from as many files as it takes. */
  async function readPairs(query, cursor, limit, signal) {
    const {pages} = await load('overview');
    let [page, place] = (cursor || '0:0').split(':').map(Number);
    const items = [];
    for (; page < pages; page += 1, place = 0) {
      const all = (await load(`pairs-${page}`)).items;
      signal?.throwIfAborted();
      for (; place < all.length; place += 1) {
        if (items.length === limit) return {items, next: `${page}:${place}`};
        if (reeld.isWanted(all[place], query)) items.push(all[place]);
      }
    }
    return {items, next: null};
  }

  async function readPair(path) {
    const {pairs} = await load(`details-${await findDetails(path)}`);
    const found = pairs.find((pair) => pair.item.path === path);
    if (!found) throw new Error(path);
    return found;
  }

  // Items name the file that tells more of them; a pair that was asked for by its address alone is looked for.
  async function findDetails(path) {
    const {pages} = await load('overview');
    for (let page = 0; page < pages; page += 1) {
      const item = (await load(`pairs-${page}`)).items.find((one) => one.path === path);
      if (item) return item.details;
    }
    throw new Error(path);
  }

  reeld.openExported = () => ({
    isLive: false,
    overview: () => load('overview').then(({overview}) => overview),
    folders: () => load('folders'),
    pair: readPair,
    pairs: readPairs,
    follow: () => {},
  });
}
