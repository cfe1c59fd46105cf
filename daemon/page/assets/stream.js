'use strict';
// The one stream of events that a browser holds, however many tabs show the page.
//
// As a shared worker it serves all tabs. Where there are no shared workers (Chrome on Android), each tab runs the
// same code itself, but only while it is the visible one, and that is one at a time.
// Messages to the tabs: {event: 'online' | 'offline' | 'signed-out' | 'overview' | 'pair' | 'gone' | 'resync', data}.

{
  const leastDelay = 500;
  const mostDelay = 15000;
  // The daemon sends an overview at least every 20 s. A stream that is silent for longer is dead without an error,
  // as after a laptop's sleep.
  const mostSilence = 50000;
  const kinds = ['overview', 'pair', 'gone', 'resync'];

  /** Tells `tell` what comes. Returns {again, end}: connect at once; and for good: no more. */
  function openStream(tell) {
    let source = null;
    let lastId = '';
    let delay = leastDelay;
    let nextTry = 0;
    let watch = 0;

    function connect() {
      end();
      source = new EventSource(lastId ? `api/events?last_event_id=${encodeURIComponent(lastId)}` : 'api/events');
      source.onopen = listen;
      source.onerror = fail;
      for (const kind of kinds) source.addEventListener(kind, receive);
      listen();
    }

    function listen() {
      clearTimeout(watch);
      watch = setTimeout(fail, mostSilence);
    }

    function receive(event) {
      listen();
      if (event.lastEventId) lastId = event.lastEventId;
      if (delay !== 0) tell({event: 'online'});
      delay = 0;
      tell({event: event.type, data: JSON.parse(event.data)});
    }

    // The browser's own retries differ, and end at the first answer that is no stream: these do not.
    function fail() {
      end();
      tell({event: 'offline'});
      delay = Math.min(mostDelay, Math.max(leastDelay, delay * 2));
      nextTry = setTimeout(ask, delay * (0.75 + Math.random() / 2));
    }

    // A stream that fails does not say why; a plain request does.
    async function ask() {
      nextTry = 0;
      try {
        const answer = await fetch('api/overview', {cache: 'no-store'});
        if (nextTry !== 0 || source) return;
        if (answer.status === 401) {
          end();
          tell({event: 'signed-out'});
          return;
        }
        if (answer.ok) connect();
        else fail();
      } catch {
        if (nextTry === 0 && !source) fail();
      }
    }

    function end() {
      clearTimeout(nextTry);
      clearTimeout(watch);
      nextTry = 0;
      if (source) source.close();
      source = null;
    }

    function again() {
      if (source) return;
      delay = leastDelay;
      connect();
    }

    connect();
    return {again, end};
  }

  function serveTabs() {
    const tabs = new Set();
    let overview = null;
    let link = null;
    const remember = (message) => {
      if (message.event === 'overview') overview = message;
      else if (['online', 'offline', 'signed-out'].includes(message.event)) link = message;
    };
    const stream = openStream((message) => {
      remember(message);
      for (const tab of tabs) tab.postMessage(message);
    });
    self.onconnect = ({ports: [tab]}) => {
      tabs.add(tab);
      tab.onmessage = ({data}) => {
        if (data === 'bye') tabs.delete(tab);
        else stream.again();
      };
      if (link) tab.postMessage(link);
      if (overview && link && link.event === 'online') tab.postMessage(overview);
    };
  }

  if (typeof SharedWorkerGlobalScope === 'undefined') reeld.openStream = openStream;
  else serveTabs();
}
