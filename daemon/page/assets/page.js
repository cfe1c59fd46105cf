'use strict';
// The page itself: puts its parts together, and keeps them true to the daemon and to the address.

{
  const {make, words} = reeld;
  const byId = (id) => document.getElementById(id);
  const isExport = document.querySelector('meta[name="reeld-mode"]').content === 'export';
  const source = isExport ? reeld.openExported() : reeld.openLive();

  document.documentElement.lang = reeld.language;
  for (const part of document.querySelectorAll('[data-word]')) part.textContent = words[part.dataset.word];
  for (const part of document.querySelectorAll('[data-label]')) part.ariaLabel = words[part.dataset.label];

  // --- the address: #state=doubt&folder=film&q=cat&pair=film/scene1

  function readAddress() {
    const parameters = new URLSearchParams(location.hash.slice(1));
    return {
      query: {
        states: parameters.getAll('state').filter((state) => Object.hasOwn(words.states, state)),
        folder: parameters.get('folder'),
        q: parameters.get('q') ?? '',
      },
      pair: parameters.get('pair'),
    };
  }

  function writeAddress({states, folder, q}, pair) {
    const parameters = new URLSearchParams();
    for (const state of states) parameters.append('state', state);
    if (folder !== null) parameters.set('folder', folder);
    if (q) parameters.set('q', q);
    if (pair !== null) parameters.set('pair', pair);
    return `#${parameters}`;
  }

  const addressOf = (path) => writeAddress(sheet.query, path);

  function setQuery(query) {
    history.replaceState(null, '', writeAddress(query, null));
    followAddress();
  }

  // --- the parts

  const grid = new reeld.Grid(byId('sheet'), addressOf);
  const sheet = new reeld.Sheet(source, sheetChanged, grid.isAtTop);
  const filters = new reeld.Filters(setQuery);
  const strip = new reeld.Strip(byId('strip'), {
    addressOf,
    showState: (state) => setQuery({...sheet.query, states: [state]}),
  });
  const panel = new reeld.Panel(byId('panel'), source, {close: closePanel, step: stepPanel});
  grid.show(sheet);

  let isPanelOurs = false;  // it was opened from the sheet, so "back" leads there
  let overview = null;
  let isFoundSaid = true;

  function followAddress() {
    const {query, pair} = readAddress();
    if (!sheet.isLoaded || JSON.stringify(query) !== JSON.stringify(sheet.query)) {
      if (sheet.isLoaded) scrollToSheet();
      isFoundSaid = !sheet.isLoaded;
      sheet.reset(query);
    }
    filters.show(query);
    if (pair !== null) {
      reeld.stop();
      panel.open(pair, sheet.find(pair));
    } else if (panel.path !== null) {
      const left = panel.path;
      panel.close();
      grid.focus(left);
    }
  }

  // A new list begins at its top, with the strip left behind where it was scrolled away already.
  function scrollToSheet() {
    const top = byId('filters').offsetTop;
    if (scrollY > top) scrollTo({top});
  }

  addEventListener('hashchange', (event) => {
    isPanelOurs = !new URL(event.oldURL).hash.includes('pair=');
    followAddress();
  });

  function closePanel() {
    if (isPanelOurs) history.back();
    else setQuery(sheet.query);
  }

  function stepPanel(by) {
    const index = sheet.indexOf(panel.path) + by;
    const item = index >= 0 ? sheet.at(index) : null;
    if (!item) return;
    sheet.want(index, index);
    history.replaceState(null, '', addressOf(item.path));
    panel.open(item.path, item);
  }

  addEventListener('keydown', (event) => {
    const isTyping = event.target.closest('input, select, textarea, dialog');
    if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    filters.focusSearch();
  });

  // --- what is shown when there is nothing to show, and what came while one looked further down

  // Once a frame at most, however many events have come.
  let isToBeShown = false;
  function sheetChanged() {
    grid.draw();
    if (isToBeShown) return;
    isToBeShown = true;
    requestAnimationFrame(() => {
      isToBeShown = false;
      showAround();
    });
  }

  function showAround() {
    const fresh = byId('fresh');
    fresh.hidden = sheet.arrivals === 0;
    if (sheet.arrivals > 0) fresh.textContent = words.fresh(reeld.number(sheet.arrivals));
    showNote();
    if (sheet.isLoaded && !isFoundSaid) {
      isFoundSaid = true;
      say(words.found(reeld.number(sheet.size), sheet.hasMore));
    }
  }

  byId('fresh').addEventListener('click', () => {
    sheet.admit();
    scrollTo({top: 0});
    grid.draw();
  });

  function showNote() {
    const note = byId('note');
    if (sheet.trouble?.status === 401) signOut();
    const isEmpty = sheet.isLoaded && sheet.size === 0 && !sheet.hasMore;
    const made = sheet.trouble ? makeTrouble() : isEmpty ? makeEmpty() : null;
    note.hidden = made === null;
    note.replaceChildren(...(made ?? []));
  }

  function makeTrouble() {
    return [make('h3', '', words.troubleTitle), makeButton(words.troubleAgain, () => sheet.retry())];
  }

  function makeEmpty() {
    const {states, folder, q} = sheet.query;
    if (states.length > 0 || folder !== null || q) {
      const clear = () => setQuery({states: [], folder: null, q: ''});
      return [make('h3', '', words.noneTitle), makeButton(words.noneClear, clear)];
    }
    const example = make('p', 'example', make('code', '', 'scene1.txt'), ' + ', make('code', '', 'scene1.png'));
    const place = overview ? make('p', 'place', reeld.name(overview.spool.path)) : null;
    return [make('h3', '', words.emptyTitle), make('p', '', words.emptyHow), ...(place ? [place] : []), example];
  }

  function makeButton(text, act) {
    const out = make('button', 'plain', text);
    out.type = 'button';
    out.addEventListener('click', act);
    return out;
  }

  // --- what the daemon says of itself

  function showOverview(next) {
    const isOther = overview !== null && overview.instance !== next.instance;
    // Another version may have another page: this one is loaded anew, once nobody is in the middle of something.
    if (isOther && overview.version !== next.version && panel.path === null) location.reload();
    overview = next;
    reeld.setClock(next.now);
    byId('spool').replaceChildren(reeld.name(next.spool.name || next.spool.path));
    byId('spool').title = reeld.visible(next.spool.path);
    showLane(next);
    filters.showCounts(next.counts);
    strip.show(next.attention);
    showTitle(next);
    showNote();
    if (isOther) {
      sheet.refresh();
      panel.changed();
      readFolders();
    }
  }

  function showTitle({attention, spool}) {
    const number = attention.total > 0 ? words.attentionTitle(reeld.number(attention.total)) : '';
    document.title = `${number}reeld${spool.name ? ` · ${reeld.visible(spool.name)}` : ''}`;
  }

  function showLane({lane, limits}) {
    const texts = {paused: words.lanePaused, held: words.laneHeld, stopping: words.laneStopping};
    const isBusy = lane.in_flight > 0;
    const busy = isBusy ? words.laneOpen(reeld.number(lane.in_flight), reeld.number(lane.limit)) : words.laneIdle;
    const parts = [Object.hasOwn(texts, lane.state) ? texts[lane.state] : busy];
    if (lane.state === 'paused' && lane.probe_at) parts.push(words.laneProbe(reeld.age(lane.probe_at)));
    if (limits.per_day > 0) parts.push(words.laneDay(reeld.number(limits.per_day_used), reeld.number(limits.per_day)));
    const kinds = {paused: 'is-refused', held: 'is-held', stopping: 'is-waiting'};
    const kind = kinds[lane.state] ?? (isBusy ? 'is-sending' : 'is-done');
    byId('lane').className = `lane ${kind}`;
    byId('lane').replaceChildren(reeld.icon('mark'), parts.join(' · '));
    if (isExport) showLink('export', words.exportedAt(reeld.moment(overview.now)));
  }

  function showLink(kind, text) {
    const link = byId('link');
    if (link.dataset.kind === kind) return;
    link.dataset.kind = kind;
    link.textContent = text;
  }

  function signOut() {
    byId('away').hidden = false;
    byId('pairs').hidden = true;
    document.body.classList.add('is-away');
  }

  function signIn() {
    if (byId('away').hidden) return;
    byId('away').hidden = true;
    byId('pairs').hidden = false;
    document.body.classList.remove('is-away');
    start();
  }

  // --- what is said aloud: the ends of jobs, a few times a minute at most

  const announce = {done: 0, doubt: 0, refused: 0, failed: 0, expired: 0};
  let sayLater = 0;

  function say(text) {
    byId('said').textContent = text;
  }
  reeld.say = say;

  function noteEnd(before, item) {
    if (!before || before.state === item.state || !Object.hasOwn(announce, item.state)) return;
    announce[item.state] += 1;
    sayLater ||= setTimeout(sayEnds, 8000);
  }

  function sayEnds() {
    sayLater = 0;
    const parts = Object.entries(announce).filter(([, number]) => number > 0);
    for (const state of Object.keys(announce)) announce[state] = 0;
    say(parts.map(([state, number]) => words.becomes(reeld.number(number), words.states[state])).join(', '));
  }

  // --- live

  const handlers = {
    online: () => {
      signIn();
      if (byId('link').dataset.kind === 'offline') say(words.live);
      showLink('online', words.live);
    },
    offline: () => {
      if (byId('link').dataset.kind === 'online') say(words.offline);
      showLink('offline', words.offline);
    },
    'signed-out': signOut,
    overview: showOverview,
    pair: (item) => {
      noteEnd(sheet.find(item.path), item);
      sheet.put(item);
      if (item.path === panel.path) panel.changed();
      if (!knownFolders.has(folderOf(item.path))) readFolders();
      knownFolders.add(folderOf(item.path));
    },
    gone: ({path}) => {
      sheet.drop(path);
      if (path === panel.path) panel.gone();
    },
    resync: () => {
      sheet.refresh();
      panel.changed();
      readFolders();
    },
  };

  const knownFolders = new Set();
  const folderOf = (path) => path.slice(0, Math.max(0, path.lastIndexOf('/')));
  let folderTimer = 0;

  // A folder that is new may come with a thousand pairs: the list is asked for once.
  function readFolders() {
    if (folderTimer) return;
    folderTimer = setTimeout(async () => {
      folderTimer = 0;
      try {
        const answer = await source.folders();
        for (const {path} of answer.folders) knownFolders.add(path);
        filters.showFolders(answer);
      } catch {
        // The list of pairs says what is wrong, and this is asked for again with the next change.
      }
    }, knownFolders.size === 0 ? 0 : 1000);
  }

  async function start() {
    followAddress();
    readFolders();
    try {
      showOverview(await source.overview());
    } catch (error) {
      if (error.status === 401) signOut();
    }
  }

  if (!isExport) showLink('connecting', words.connecting);
  source.follow(({event, data}) => handlers[event]?.(data));
  start();
}
