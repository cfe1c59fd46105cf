'use strict';
// The sheet on the screen: only the rows that are seen, and a few around them, are in the document.

{
  const {make} = reeld;
  const overscan = 2;      // rows beyond each edge
  const rest = 90;         // milliseconds without scrolling after which pictures are fetched
  const hoverDelay = 140;  // before a video plays: the pointer may only be passing

  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  const mayPlay = () => !calm.matches && !navigator.connection?.saveData;

  reeld.Grid = class {
    #box;
    #sheet;
    #addressOf;
    #rows = new Map();   // number: element
    #cells = new Map();  // path: element
    #columns = 1;
    #rowHeight = 0;
    #isDrawing = false;
    #settle = 0;
    #hover = 0;
    #active = null;      // the path of the pair that Tab comes to
    #isFocusWanted = false;

    constructor(box, addressOf) {
      this.#box = box;
      this.#addressOf = addressOf;
      new ResizeObserver(() => this.#measure()).observe(box);
      addEventListener('scroll', () => this.draw(), {passive: true});
      addEventListener('resize', () => this.draw());
      setInterval(() => this.#freshenAges(), 20000);
      this.#listen();
    }

    show(sheet) {
      this.#sheet = sheet;
      this.#measure();
    }

    isAtTop = () => scrollY < 40;

    /** Draws once, at the next frame, however often it is asked for. */
    draw() {
      if (this.#isDrawing) return;
      this.#isDrawing = true;
      requestAnimationFrame(() => {
        this.#isDrawing = false;
        this.#drawNow();
      });
    }

    #measure() {
      if (!this.#sheet) return;
      const style = getComputedStyle(this.#box);
      const columns = style.gridTemplateColumns.split(' ').length;
      const model = this.#makeRow(-1);
      model.classList.add('is-model');
      model.append(this.#makeBlank());
      this.#box.append(model);
      this.#rowHeight = model.getBoundingClientRect().height;
      model.remove();
      if (columns !== this.#columns) {
        this.#columns = columns;
        this.#box.setAttribute('aria-colcount', columns);
        this.#clear();
      }
      this.draw();
    }

    #clear() {
      for (const row of this.#rows.values()) row.remove();
      this.#rows.clear();
    }

    #drawNow() {
      const {size, hasMore} = this.#sheet;
      const columns = this.#columns;
      // While there is more, there is always a screen of blank cells to scroll into.
      const blanks = hasMore ? columns * Math.ceil(innerHeight / this.#rowHeight) : 0;
      const total = Math.ceil((size + blanks) / columns);
      this.#box.style.height = `${total * this.#rowHeight}px`;
      this.#box.setAttribute('aria-rowcount', hasMore ? -1 : total);
      const top = this.#box.getBoundingClientRect().top;
      const first = Math.max(0, Math.floor(-top / this.#rowHeight) - overscan);
      // Also where the strip fills the screen there is a row for the keyboard and for who has the page read out.
      const last = Math.min(total - 1, Math.max(0, Math.floor((innerHeight - top) / this.#rowHeight) + overscan));
      this.#drawRows(first, last, size + blanks);
      this.#sheet.want(first * columns, (last + 1) * columns);
      clearTimeout(this.#settle);
      this.#settle = setTimeout(() => this.#drawPictures(), rest);
    }

    #drawRows(first, last, end) {
      const focused = reeld.itemOf(document.activeElement.closest('.cell'))?.path ?? null;
      const kept = this.#rowOf(focused);
      for (const [number, row] of this.#rows) {
        if ((number < first || number > last) && number !== kept) this.#removeRow(number, row);
      }
      const used = new Set();
      const numbers = [];
      for (let number = first; number <= last; number += 1) numbers.push(number);
      // The row with the focus stays in the document, wherever it is scrolled to.
      if (kept >= 0 && (kept < first || kept > last)) numbers.push(kept);
      for (const number of numbers.sort((one, other) => one - other)) this.#drawRow(number, end, used);
      for (const [path, cell] of this.#cells) if (!used.has(path)) this.#forget(path, cell);
      this.#setTabStop(focused);
    }

    #rowOf(path) {
      const index = path === null ? -1 : this.#sheet.indexOf(path);
      return index < 0 ? -1 : Math.floor(index / this.#columns);
    }

    #drawRow(number, end, used) {
      const cells = [];
      for (let index = number * this.#columns; index < Math.min(end, (number + 1) * this.#columns); index += 1) {
        const item = this.#sheet.at(index);
        const cell = item ? this.#cellOf(item) : this.#blankAt(number, cells.length);
        if (item) used.add(item.path);
        cell.setAttribute('aria-colindex', cells.length + 1);
        cells.push(cell);
      }
      let row = this.#rows.get(number);
      if (!row) row = this.#insertRow(number);
      const isInPlace = (cell, place) => row.children[place] === cell;
      const isSame = row.childElementCount === cells.length && cells.every(isInPlace);
      if (!isSame) row.replaceChildren(...cells);
    }

    #insertRow(number) {
      const row = this.#makeRow(number);
      row.style.transform = `translateY(${number * this.#rowHeight}px)`;
      // In the document's order, for whoever reads by it.
      const after = [...this.#rows.keys()].filter((other) => other > number).sort((one, other) => one - other)[0];
      this.#box.insertBefore(row, this.#rows.get(after) ?? null);
      this.#rows.set(number, row);
      return row;
    }

    #makeRow(number) {
      const row = make('div', 'row');
      row.setAttribute('role', 'row');
      row.setAttribute('aria-rowindex', number + 1);
      return row;
    }

    #removeRow(number, row) {
      row.remove();
      this.#rows.delete(number);
    }

    #cellOf(item) {
      let cell = this.#cells.get(item.path);
      if (!cell) {
        cell = reeld.makeCard();
        this.#cells.set(item.path, cell);
      }
      reeld.fillCard(cell, item, this.#addressOf(item.path));
      return cell;
    }

    #blankAt(number, place) {
      const before = this.#rows.get(number)?.children[place];
      return before?.classList.contains('is-blank') ? before : this.#makeBlank();
    }

    #makeBlank() {
      const card = make('span', 'card', make('span', 'frame'), make('span', 'line'), make('span', 'prompt'),
        make('span', 'name'));
      const cell = make('div', 'cell is-blank', card);
      cell.setAttribute('role', 'gridcell');
      return cell;
    }

    #forget(path, cell) {
      reeld.stop(cell);
      cell.querySelector('img').removeAttribute('src');  // what is still being fetched is no longer wanted
      this.#cells.delete(path);
    }

    #drawPictures() {
      for (const cell of this.#cells.values()) reeld.drawPicture(cell);
    }

    #freshenAges() {
      for (const cell of this.#cells.values()) reeld.freshenAge(cell);
    }

    // --- the keyboard: one cell can be reached by Tab, the arrows move on from it

    #setTabStop(focused) {
      const first = this.#box.querySelector('.cell:not(.is-blank)');
      if (!this.#cells.has(this.#active)) this.#active = reeld.itemOf(first)?.path ?? null;
      for (const [path, cell] of this.#cells) reeld.linkOf(cell).tabIndex = path === this.#active ? 0 : -1;
      const wanted = this.#isFocusWanted ? this.#active : focused;
      const cell = this.#cells.get(wanted);
      if (!cell) return;
      // Cells that have moved to another row have lost the focus on the way.
      if (document.activeElement !== reeld.linkOf(cell)) reeld.linkOf(cell).focus({preventScroll: true});
      this.#isFocusWanted = false;
    }

    /** Brings a pair into view and gives it the focus. */
    focus(path) {
      const index = this.#sheet.indexOf(path);
      if (index < 0) return;
      this.#active = path;
      this.#isFocusWanted = true;
      this.#scrollTo(Math.floor(index / this.#columns));
      // At once where it is in the document: the next key may come before the next frame.
      if (this.#cells.has(path)) this.#setTabStop(null);
      this.draw();
    }

    #scrollTo(row) {
      const box = this.#box.getBoundingClientRect().top;
      const head = document.getElementById('filters').getBoundingClientRect().height + 8;
      const top = box + row * this.#rowHeight;
      const below = top + this.#rowHeight - innerHeight;
      if (top < head) scrollBy({top: top - head});
      else if (below > 0) scrollBy({top: Math.min(top - head, below)});
    }

    #move(event) {
      const index = this.#sheet.indexOf(this.#active);
      if (index < 0 || event.altKey || event.shiftKey) return;
      const target = this.#targetOf(event, index);
      if (target === null) return;
      event.preventDefault();
      const item = this.#sheet.at(Math.max(0, Math.min(this.#sheet.size - 1, target)));
      if (item) this.focus(item.path);
    }

    #targetOf({key, ctrlKey, metaKey}, index) {
      const columns = this.#columns;
      const screen = columns * Math.max(1, Math.floor(innerHeight / this.#rowHeight) - 1);
      const isFar = ctrlKey || metaKey;
      const last = this.#sheet.size - 1;
      const row = index - (index % columns);
      const below = Math.max(index, Math.min(last, index + columns));
      const targets = {
        ArrowRight: index + 1, ArrowLeft: index - 1, ArrowDown: below,
        ArrowUp: index < columns ? index : index - columns, PageDown: index + screen, PageUp: index - screen,
        Home: isFar ? 0 : row, End: isFar ? last : row + columns - 1,
      };
      return Object.hasOwn(targets, key) ? targets[key] : null;
    }

    #listen() {
      const cellOf = (event) => event.target.closest('.cell:not(.is-blank)');
      this.#box.addEventListener('keydown', (event) => this.#move(event));
      this.#box.addEventListener('focusin', (event) => {
        const cell = cellOf(event);
        if (!cell) return;
        this.#active = reeld.itemOf(cell).path;
        if (mayPlay() && event.target.matches(':focus-visible')) this.#playSoon(cell);
        this.draw();
      });
      this.#box.addEventListener('focusout', (event) => this.#stop(cellOf(event)));
      this.#box.addEventListener('pointerover', (event) => {
        if (event.pointerType === 'mouse' && mayPlay() && cellOf(event)) this.#playSoon(cellOf(event));
      });
      this.#box.addEventListener('pointerout', (event) => {
        const cell = cellOf(event);
        if (event.pointerType === 'mouse' && cell && !cell.contains(event.relatedTarget)) this.#stop(cell);
      });
      this.#box.addEventListener('click', (event) => this.#tap(event, cellOf(event)));
    }

    #playSoon(cell) {
      clearTimeout(this.#hover);
      this.#hover = setTimeout(() => reeld.play(cell), hoverDelay);
    }

    #stop(cell) {
      clearTimeout(this.#hover);
      if (cell) reeld.stop(cell);
    }

    // A finger cannot hover: the first tap on a picture plays its video, the second opens the pair.
    #tap(event, cell) {
      const isTap = event.pointerType === 'touch' && cell && event.target.closest('.frame');
      if (!isTap || !reeld.itemOf(cell).video || reeld.isPlaying(cell)) return;
      event.preventDefault();
      reeld.play(cell);
    }
  };
}
