'use strict';
// The parts of the panel that tell everything about one pair.

{
  const {make, words} = reeld;

  function section(title, ...children) {
    return make('section', '', make('h3', '', title), ...children);
  }

  function facts(pairs) {
    const out = make('dl', 'facts');
    for (const [name, value] of pairs) out.append(make('dt', '', name), make('dd', '', value));
    return out;
  }

  /** A long text that is read as it is, and scrolled. */
  function readout(text, label, isCut) {
    const out = make('pre', 'readout', text);
    out.tabIndex = 0;
    out.dir = 'auto';
    out.setAttribute('role', 'region');
    out.setAttribute('aria-label', label);
    return isCut ? make('div', '', out, make('p', 'hint', words.cut)) : out;
  }

  const copyable = (text) => make('span', 'id', reeld.visible(text));

  reeld.factsOf = (pair) => [
    whatNow(pair), prompt(pair), times(pair), fields(pair), attempts(pair), ...texts(pair), files(pair),
  ].filter((part) => part !== null);

  function whatNow({item, commands}) {
    const reason = reeld.reasonOf(item);
    if (!reason && commands.length === 0) return null;
    const box = make('section', `now ${reeld.stateKind(item.state)}`);
    if (reason) box.append(make('p', 'reason', make('bdi', '', reeld.visible(reason))));
    if (commands.length > 0) box.append(make('h3', 'unseen', words.whatNow), ...commands.map(reeld.makeCommand));
    return box;
  }

  function prompt({prompt: text}) {
    if (text === null) return null;
    const body = make('p', 'whole-prompt', text);
    body.dir = 'auto';
    return section(words.prompt, body);
  }

  function times({times: list}) {
    if (list.length === 0) return null;
    return section(words.times, facts(list.map(({stage, at}) => {
      const value = make('span', '', reeld.moment(at), ' ', make('span', 'age', reeld.age(at)));
      return [reeld.wordOf('stages', stage), value];
    })));
  }

  function fields({fields: list}) {
    if (list.length === 0) return null;
    return section(words.fields, facts(list.map(({name, value}) => [reeld.name(name), reeld.name(value)])));
  }

  function attempts({attempts: list}) {
    if (list.length === 0) return null;
    return section(words.attempts, make('ol', 'attempts', ...[...list].reverse().map(attempt)));
  }

  function attempt(one) {
    const head = make('p', 'attempt-head', make('strong', '', words.attempt(reeld.number(one.number))), ' ',
      one.verdict === null ? '' : reeld.wordOf('verdicts', one.verdict),
      one.http_status ? ` · HTTP ${one.http_status}` : '', ' · ', reeld.timeOf(one.started));
    const out = make('li', '', head);
    const reason = reeld.sentence(one);
    if (reason) out.append(make('p', 'hint', make('bdi', '', reeld.visible(reason))));
    if (one.request_id) out.append(make('p', 'hint', `${words.requestId} `, copyable(one.request_id)));
    const spans = Object.entries(one.ms ?? {}).filter(([, length]) => length > 0);
    if (spans.length > 0) out.append(spanBar(spans), spanList(spans));
    return out;
  }

  // Where the time of an attempt went, at a glance; the list below it says the same in words.
  function spanBar(spans) {
    const bar = make('span', 'spans');
    bar.setAttribute('aria-hidden', 'true');
    for (const [name, length] of spans) {
      const part = make('span', `span-${name}`);
      part.style.flexGrow = length;
      bar.append(part);
    }
    return bar;
  }

  function spanList(spans) {
    return make('ul', 'span-list', ...spans.map(([name, length]) =>
      make('li', `span-${name}`, `${reeld.wordOf('spans', name)} ${reeld.milliseconds(length)}`)));
  }

  function texts({answer, error, doubt}) {
    const made = [[words.answer, answer], [words.error, error], [words.doubt, doubt]];
    return made.filter(([, text]) => text).map(([title, {text, cut}]) =>
      section(title, readout(reeld.indentJson(text), title, cut)));
  }

  function files({files: list, takes}) {
    const rows = list.map(file);
    for (const take of takes) {
      rows.push(make('li', 'take', make('h4', '', words.take(reeld.number(take.number)), take.id ? ' ' : null,
        take.id ? copyable(take.id) : null), make('ul', 'files', ...take.files.map(file))));
    }
    return rows.length === 0 ? null : section(words.files, make('ul', 'files', ...rows));
  }

  function file({url, name, kind, bytes}) {
    const link = make('a', '', reeld.name(name));
    link.href = url;
    link.target = '_blank';
    link.rel = 'noopener';
    return make('li', '', link, ' ', make('span', 'hint', `${reeld.wordOf('kinds', kind)} · ${reeld.bytes(bytes)}`));
  }
}
