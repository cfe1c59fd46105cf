'use strict';
// Where a page that is served by the daemon has its data from: the API and the stream of events.

{
  /** What went wrong with a request; `status` is HTTP's, 0 where there was no answer. */
  class RequestFailed extends Error {
    constructor(status, message) {
      super(message);
      this.status = status;
    }
  }

  async function request(path, signal) {
    let answer;
    try {
      answer = await fetch(path, {signal, cache: 'no-store', headers: {Accept: 'application/json'}});
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      throw new RequestFailed(0, error.message);
    }
    if (!answer.ok) throw new RequestFailed(answer.status, `${answer.status} ${answer.statusText}`);
    return answer.json();
  }

  function askFor(query) {
    const out = new URLSearchParams();
    for (const state of query.states) out.append('state', state);
    // A folder's path is percent-encoded already, for it may be no UTF-8; "" is the spool's own.
    if (query.q) out.set('q', query.q);
    const folder = query.folder === null ? '' : `&folder=${query.folder}`;
    return `${out}${folder}`;
  }

  // Where a policy of trusted types is enforced, a worker's address has to come through this, and only this one can.
  const policy = globalThis.trustedTypes?.createPolicy('reeld', {createScriptURL: () => 'stream.js'});

  function openShared(tell) {
    const worker = new SharedWorker(policy ? policy.createScriptURL('') : 'stream.js', {name: 'reeld'});
    worker.port.onmessage = ({data}) => tell(data);
    return {
      again: () => worker.port.postMessage('again'),
      end: () => worker.port.postMessage('bye'),
    };
  }

  // What the page had asked for before the stream began may be older than the first event: it is asked for again.
  function missNothing(tell) {
    let isFirst = true;
    return (message) => {
      tell(message);
      if (isFirst && message.event === 'overview') {
        isFirst = false;
        tell({event: 'resync'});
      }
    };
  }

  /** One stream a browser; see stream.js. A page that the browser keeps for "back" takes part again when shown. */
  function follow(tell) {
    const isShared = typeof SharedWorker === 'function';
    let stream = null;
    const open = () => {
      const tellAll = missNothing(tell);
      return isShared ? openShared(tellAll) : reeld.openStream(tellAll);
    };
    const attend = () => {
      const isWanted = isShared || document.visibilityState === 'visible';
      if (isWanted && stream) stream.again();
      else if (isWanted) stream = open();
      else leave();
    };
    const leave = () => {
      stream?.end();
      stream = null;
    };
    document.addEventListener('visibilitychange', attend);
    addEventListener('online', attend);
    addEventListener('pageshow', attend);
    addEventListener('pagehide', leave);
    attend();
  }

  reeld.openLive = () => ({
    isLive: true,
    overview: () => request('api/overview'),
    folders: () => request('api/folders'),
    pair: (path, signal) => request(`api/pairs/${path}`, signal),
    /** {items, next}: what comes after the cursor, or from the top where it is null. */
    pairs: (query, cursor, limit, signal) => {
      const place = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      return request(`api/pairs?${askFor(query)}&limit=${limit}${place}`, signal);
    },
    follow,
  });
}
