'use strict';
// The panel: one pair, large, with everything that is known about it.

{
  const {make, words} = reeld;
  const refreshEvery = 1000;

  reeld.Panel = class {
    #box;
    #source;
    #actions;
    #path = null;
    #load = null;
    #refresh = 0;
    #media = make('div', 'media');
    #head = make('header', 'panel-head');
    #body = make('div', 'panel-body');
    #pictureOf = '';

    /** actions: {close(), step(by)}: -1 is the newer pair, 1 the older one. */
    constructor(box, source, actions) {
      this.#box = box;
      this.#source = source;
      this.#actions = actions;
      box.append(this.#media, make('div', 'panel-side', this.#head, this.#body));
      box.addEventListener('cancel', (event) => {
        event.preventDefault();
        actions.close();
      });
      box.addEventListener('click', (event) => {
        if (event.target === box) actions.close();  // the backdrop
      });
      box.addEventListener('keydown', (event) => this.#key(event));
    }

    get path() { return this.#path; }

    /** Opens the pair; `item` is what the sheet knows of it already, or null. */
    open(path, item) {
      if (path === this.#path) return;
      this.#path = path;
      this.#pictureOf = '';
      this.#media.replaceChildren();
      this.#body.replaceChildren(make('p', 'hint', words.loading));
      this.#showHead(item ?? {job: reeld.decode(path), state: null});
      if (item) this.#showMedia(item);
      if (!this.#box.open) this.#box.showModal();
      this.#box.querySelector('.close').focus();
      this.#fetch();
    }

    close() {
      if (this.#path === null) return;
      this.#path = null;
      this.#load?.abort();
      clearTimeout(this.#refresh);
      this.#refresh = 0;
      this.#media.replaceChildren();  // ends a video that plays
      this.#box.close();
    }

    /** Something about this pair has changed: it is asked for again, at most once a second. */
    changed() {
      if (this.#path === null || this.#refresh) return;
      this.#refresh = setTimeout(() => {
        this.#refresh = 0;
        this.#fetch();
      }, this.#load ? refreshEvery : 0);
    }

    gone() {
      this.#body.prepend(make('p', 'hint', words.gone));
    }

    async #fetch() {
      this.#load?.abort();
      const load = new AbortController();
      this.#load = load;
      try {
        const pair = await this.#source.pair(this.#path, load.signal);
        if (!load.signal.aborted) this.#show(pair);
      } catch (error) {
        if (load.signal.aborted) return;
        this.#body.replaceChildren(make('p', 'hint', error.status === 404 ? words.gone : words.panelTrouble));
      }
    }

    #show(pair) {
      this.#showHead(pair.item);
      this.#showMedia(pair.item);
      const place = this.#body.scrollTop;
      this.#body.replaceChildren(...reeld.factsOf(pair));
      this.#body.scrollTop = place;
    }

    #showHead(item) {
      const title = make('h2', '', reeld.name(item.job));
      title.id = 'panel-title';
      const about = make('p', 'panel-state');
      if (item.state !== null) about.append(reeld.stateOf(item), reeld.timeOf(item.at, 'age'));
      if (item.id) about.append(make('span', 'id', reeld.visible(item.id)));
      const focused = [...this.#head.querySelectorAll('button')].indexOf(document.activeElement);
      this.#head.replaceChildren(this.#makeButtons(), title, about);
      if (focused >= 0) this.#head.querySelectorAll('button')[focused].focus();
    }

    #makeButtons() {
      const buttons = [
        ['newer', words.newer, () => this.#actions.step(-1)],
        ['older', words.older, () => this.#actions.step(1)],
        ['close', words.close, () => this.#actions.close()],
      ];
      return make('div', 'panel-buttons', ...buttons.map(([kind, label, act]) => {
        const button = make('button', `round ${kind}`, reeld.icon(kind));
        button.type = 'button';
        button.title = label;
        button.setAttribute('aria-label', label);
        button.addEventListener('click', act);
        return button;
      }));
    }

    // A video that plays goes on playing while the rest of the panel is brought up to date.
    #showMedia(item) {
      const url = item.video?.url ?? item.image?.url ?? '';
      if (url === this.#pictureOf && this.#media.hasChildNodes()) return;
      this.#pictureOf = url;
      this.#media.replaceChildren(item.video ? this.#makeVideo(item) : this.#makePicture(item));
    }

    #makeVideo({video, image, job}) {
      const out = make('video');
      Object.assign(out, {controls: true, loop: true, playsInline: true, preload: 'metadata', src: video.url});
      out.setAttribute('aria-label', reeld.visible(job));
      if (image) out.poster = image.url;
      return out;
    }

    #makePicture({image, job}) {
      if (!image) return make('p', 'hint', words.noImage);
      const out = make('img');
      out.src = image.url;
      out.alt = reeld.visible(job);
      return out;
    }

    #key(event) {
      const isFree = !event.altKey && !event.ctrlKey && !event.metaKey && !event.target.closest('video, pre');
      const step = {ArrowLeft: -1, ArrowRight: 1}[event.key];
      if (!isFree || step === undefined) return;
      event.preventDefault();
      this.#actions.step(step);
    }
  };
}
