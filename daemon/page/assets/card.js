'use strict';
// One pair on the sheet: picture, state, prompt and name. And the one video that plays in place.

{
  const {make, words} = reeld;

  /** A state as a mark and a word: never by colour alone. */
  reeld.stateOf = (item) => {
    const isMoving = item.progress !== null && ['running', 'downloading'].includes(item.state);
    const text = reeld.wordOf('states', item.state) + (isMoving ? ` ${Math.round(item.progress)}%` : '');
    return make('span', `state ${reeld.stateKind(item.state)}`, reeld.icon('mark'), text);
  };

  /** The state's class; a state that this page does not know is shown in grey. */
  reeld.stateKind = (state) => (Object.hasOwn(words.states, state) ? `is-${state}` : 'is-waiting');

  const parts = new WeakMap();

  reeld.makeCard = () => {
    const picture = make('img');
    picture.alt = '';
    picture.decoding = 'async';
    picture.draggable = false;
    picture.addEventListener('error', () => picture.parentNode.classList.add('is-bare'));
    picture.addEventListener('load', () => picture.parentNode.classList.add('is-drawn'));
    const frame = make('span', 'frame', picture);
    const line = make('span', 'line');
    const prompt = make('span', 'prompt');
    prompt.dir = 'auto';
    const name = make('span', 'name');
    const link = make('a', 'card', frame, line, prompt, name);
    link.draggable = false;
    const cell = make('div', 'cell', link);
    cell.setAttribute('role', 'gridcell');
    parts.set(cell, {picture, frame, line, prompt, name, link, item: null});
    return cell;
  };

  reeld.fillCard = (cell, item, address) => {
    const part = parts.get(cell);
    if (part.link.href !== address) part.link.href = address;
    if (part.item === item) return;
    part.item = item;
    part.line.replaceChildren(reeld.stateOf(item), reeld.timeOf(item.at, 'age'));
    part.prompt.textContent = item.prompt || words.noPrompt;
    part.prompt.classList.toggle('is-missing', !item.prompt);
    part.name.replaceChildren(reeld.name(item.job));
    part.name.title = reeld.visible(item.job);
    part.link.title = reeld.reasonOf(item);
    fillFrame(part, item);
  };

  /** The pair that a cell shows; null of a blank one, and of none. */
  reeld.itemOf = (cell) => parts.get(cell)?.item ?? null;
  reeld.linkOf = (cell) => parts.get(cell).link;
  reeld.freshenAge = (cell) => {
    const {line, item} = parts.get(cell);
    line.lastChild.textContent = reeld.age(item.at);
  };

  function fillFrame({frame, picture}, item) {
    frame.querySelector('.play')?.remove();
    frame.querySelector('.progress')?.remove();
    frame.classList.toggle('is-bare', !pictureOf(item));
    frame.dataset.word = words.noImage;
    if (picture.getAttribute('src') !== (pictureOf(item)?.url ?? null)) {
      picture.removeAttribute('src');
      frame.classList.remove('is-drawn');
    }
    if (item.video) frame.append(make('span', 'play', make('span', 'unseen', `, ${words.hasVideo}`)));
    if (item.progress !== null && ['running', 'downloading'].includes(item.state)) {
      const bar = make('span', 'progress');
      bar.style.setProperty('--part', item.progress / 100);
      frame.append(bar);
    }
  }

  const pictureOf = (item) => item.thumbnail ?? item.image ?? null;

  /** Pictures are fetched only where the sheet has come to rest: a fling over thousands fetches none of them. */
  reeld.drawPicture = (cell) => {
    const {picture, item} = parts.get(cell);
    const wanted = pictureOf(item);
    if (wanted && !picture.hasAttribute('src')) picture.src = wanted.url;
  };

  // --- the video in place: at most one, and only while it is looked at

  let playing = null;  // {cell, video}

  reeld.play = (cell) => {
    const {frame, item} = parts.get(cell);
    if (!item.video || playing?.cell === cell) return;
    reeld.stop();
    const video = make('video', 'clip');
    Object.assign(video, {muted: true, loop: true, playsInline: true, preload: 'auto', src: item.video.url});
    video.setAttribute('aria-hidden', 'true');
    video.tabIndex = -1;
    video.addEventListener('playing', () => frame.classList.add('is-playing'));
    frame.append(video);
    playing = {cell, video};
    video.play().catch(() => {});  // it was stopped, or cannot be played: the picture stays
  };

  reeld.stop = (cell = playing?.cell) => {
    if (!playing || playing.cell !== cell) return;
    const {video} = playing;
    playing = null;
    video.parentNode.classList.remove('is-playing');
    video.removeAttribute('src');
    video.load();
    video.remove();
  };

  reeld.isPlaying = (cell) => playing?.cell === cell;
}
