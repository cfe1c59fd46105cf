'use strict';
// Texts and elements. Whatever comes from outside becomes text here, never markup.

{
  const {words, locale} = reeld;

  // What can hide, reorder or break a line of text: controls, format characters (zero-width and bidirectional ones),
  // line and paragraph separators, private characters, lone surrogates.
  const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu;

  /** A name or a command as it may be shown: what cannot be seen is shown by its number. */
  reeld.visible = (text) =>
    String(text).replace(unseen, (mark) => `⟨U+${mark.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
  reeld.isVisible = (text) => reeld.visible(text) === String(text);

  /** make('p', 'class', 'text', child...): strings become text nodes; null and undefined are left out. */
  reeld.make = (tag, kind, ...children) => {
    const out = document.createElement(tag);
    if (kind) out.className = kind;
    out.append(...children.filter((child) => child !== null && child !== undefined));
    return out;
  };

  /** A name: it keeps its own direction, and cannot reorder what stands beside it. */
  reeld.name = (text, kind) => reeld.make('bdi', kind, reeld.visible(text));

  reeld.icon = (kind) => {
    const out = reeld.make('span', `icon ${kind}`);
    out.setAttribute('aria-hidden', 'true');
    return out;
  };

  const numbers = new Intl.NumberFormat(locale);
  reeld.number = (value) => numbers.format(value);
  reeld.roughly = (value, isRough) => (isRough ? words.about(reeld.number(value)) : reeld.number(value));

  const steps = [['year', 31557600], ['month', 2629800], ['day', 86400], ['hour', 3600], ['minute', 60]];
  const ages = new Intl.RelativeTimeFormat(locale, {numeric: 'auto', style: 'short'});
  /** "5 min. ago", "in 2 hr.", "now", by the daemon's clock and not by the browser's, which may be wrong. */
  reeld.age = (time) => {
    const seconds = (Date.parse(time) - reeld.now()) / 1000;
    const [unit, length] = steps.find((step) => Math.abs(seconds) >= step[1]) || ['second', 1];
    const isNow = unit === 'second' && seconds <= 0;
    return ages.format(isNow ? 0 : Math.trunc(seconds / length), unit);
  };

  let clockAhead = 0;
  reeld.now = () => Date.now() + clockAhead;
  reeld.setClock = (time) => {
    clockAhead = Date.parse(time) - Date.now() || 0;
  };

  const moments = new Intl.DateTimeFormat(locale, {dateStyle: 'medium', timeStyle: 'medium'});
  reeld.moment = (time) => (Number.isNaN(Date.parse(time)) ? '' : moments.format(new Date(time)));

  /** <time>: an age, with the moment itself on hover. */
  reeld.timeOf = (time, kind) => {
    const out = reeld.make('time', kind, reeld.age(time));
    out.dateTime = time;
    out.title = reeld.moment(time);
    return out;
  };

  const sizes = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  reeld.bytes = (count) => {
    const step = Math.min(sizes.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3));
    const value = count / 1000 ** step;
    return new Intl.NumberFormat(locale, {
      style: 'unit', unit: sizes[step], maximumFractionDigits: value < 10 && step > 0 ? 1 : 0,
    }).format(value);
  };

  reeld.milliseconds = (count) => new Intl.NumberFormat(locale, {
    style: 'unit', unit: count < 1000 ? 'millisecond' : 'second', maximumFractionDigits: count < 1000 ? 0 : 1,
  }).format(count < 1000 ? count : count / 1000);

  /** The daemon's sentence in the page's language, where it has one. */
  reeld.sentence = (thing) => (reeld.language === 'zh-Hans' && thing.reason_zh) || thing.reason || '';

  /** Why a pair is in its state, in a few words. */
  reeld.reasonOf = (item) => reeld.sentence(item) || (item.wait ? reeld.wordOf('waits', item.wait) : '');

  /** JSON set out over lines. Only white space is changed: numbers and doubled keys stay as they were sent. */
  reeld.indentJson = (text) => {
    if (!/^\s*[[{]/.test(text)) return text;
    let out = '';
    let depth = 0;
    const line = () => `\n${'  '.repeat(Math.min(depth, 40))}`;
    for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[[{]\s*[\]}]|[[\]{},:]|[^\s"[\]{},:]+/gsu)) {
      if (token === '{' || token === '[') {
        depth += 1;
        out += token + line();
      } else if (token === '}' || token === ']') {
        depth = Math.max(0, depth - 1);
        out += line() + token;
      } else if (token === ',') {
        out += token + line();
      } else {
        out += token === ':' ? ': ' : token;
      }
    }
    return out;
  };

  /** Copies, also where there is no clipboard API (http to another machine). Whether it worked. */
  reeld.copy = async (text, shown) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyBySelection(text, shown);
    }
  };

  function copyBySelection(text, shown) {
    getSelection().selectAllChildren(shown);
    const put = (event) => {
      event.clipboardData.setData('text/plain', text);
      event.preventDefault();
    };
    document.addEventListener('copy', put);
    const isCopied = document.execCommand('copy');
    document.removeEventListener('copy', put);
    if (isCopied) getSelection().removeAllRanges();
    return isCopied;
  }
}
