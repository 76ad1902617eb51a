// The one-file atlas: counts the incidents of the page again for a choice of years, group and district.
// Text of data enters the page through textContent or setAttribute only, as everywhere in this folder.

(function () {
  'use strict';

  const ROWS_AT_ONCE = 50;
  const NOT_LOCATED = -1;
  const data = JSON.parse(document.getElementById('data').textContent);
  const { incidents, words } = data;
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const at = (id) => document.getElementById(id);
  const choice = { from: data.years[0], to: data.years[data.years.length - 1], group: '', place: null };
  let shown = [];
  let nListed = ROWS_AT_ONCE;

  const fill = (template, values) => template.replace(/\{(\w+)\}/g, (whole, name) => values[name]);
  const figure = (value, decimals = 0) =>
    value.toLocaleString(data.language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  const yearText = (year) => year.toLocaleString(data.language, { useGrouping: false });
  const isRate = data.per !== 'count';

  function node(tag, text, attributes = {}) {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  }

  /** Positions of the incidents of the chosen years and group. */
  function chosen() {
    const found = [];
    for (let i = 0; i < incidents.year.length; i += 1) {
      const year = incidents.year[i];
      if (year < choice.from || year > choice.to) continue;
      if (choice.group !== '' && incidents.group[i] !== choice.group) continue;
      found.push(i);
    }
    return found;
  }

  /** What each district counts, and what has no district. */
  function tally(positions) {
    const empty = () => ({ value: 0, events: 0, unknown: 0, n: 0, told: 0 });
    const found = { districts: data.districts.map(empty), notLocated: empty() };
    for (const i of positions) {
      const place = incidents.district[i];
      const part = place >= 0 ? found.districts[place] : place === NOT_LOCATED ? found.notLocated : empty();
      part.value += incidents.value[i];
      part.events += incidents.events[i];
      part.unknown += incidents.unknown[i];
      part.n += 1;
      part.told += incidents.told[i];
    }
    return found;
  }

  /** Whether the incidents of a district can tell the measure; in none where none can. What they cannot is not zero. */
  function isTold(part) {
    return part.told > 0 || (part.n === 0 && (!shown.length || shown.some((i) => incidents.told[i])));
  }

  /** Position of a district's legend entry: 0 no figure, 1 none recorded, then the classes; the words of its value. */
  function classed(part, place) {
    if (!isCovered()) return [0, words.no_figure];
    if (!isTold(part)) return [0, data.map.missing];
    if (part.value <= 0) return [1, figure(0, isRate ? 2 : 0)];
    const base = isRate ? data.rates[`${choice.from}-${choice.to}`]?.[place] : 1;
    if (!(base > 0)) return [0, words.no_figure];
    const value = part.value / base;
    if (isRate && part.events < data.fewest) return [data.edges.length + 2, fill(words.few, { n: figure(part.events) })];
    const bin = Math.max(data.edges.filter((edge) => value >= edge).length, 1);
    return [bin + 1, figure(value, isRate ? 2 : 0)];
  }

  function lines(part, place, said) {
    const found = [[data.map.label, said]];
    if (isRate && isTold(part)) found.push([data.map.measure, figure(part.value)]);
    if (data.measure === 'killed') found.push([data.map.badge, figure(part.events)]);
    if (part.unknown) found.push([words.no_toll, figure(part.unknown)]);
    found.push([words.division, data.districts[place].division]);
    return found;
  }

  /** Time without any record is no data, not quiet time. */
  function isCovered() {
    return shown.length > 0 || data.recorded_years.some((year) => year >= choice.from && year <= choice.to);
  }

  function drawMap(counted) {
    const districts = {};
    const badges = [];
    counted.districts.forEach((part, place) => {
      const { pcode } = data.districts[place];
      const [entry, said] = classed(part, place);
      districts[pcode] = [entry, lines(part, place, said)];
      if (entry === data.edges.length + 2) badges.push([pcode, part.events, data.map.badge]);
    });
    const theme = dark.matches ? 'dark' : 'light';
    const period = fill(words.period, { first: yearText(choice.from), last: yearText(choice.to) });
    const unplaced = fill(words.not_located, { n: figure(counted.notLocated.value) });
    const legend = { ...data.map.legends[theme], notes: [period, unplaced, words.fixed] };
    if (data.measure === 'police_attacks' && !counted.districts.every(isTold)) {
      const [first, ...rest] = legend.entries;
      legend.entries = [{ ...first, label: data.map.missing }, ...rest];
    }
    const selected = choice.place === null ? [] : [data.districts[choice.place].pcode];
    const payload = { theme, selected, marked: [], points: null, tiles: null, go_to: null };
    payload.choropleth = { legend, districts, badges };
    const bytes = new TextEncoder().encode(JSON.stringify(payload));
    let binary = '';
    for (const byte of bytes) binary += String.fromCharCode(byte);
    window.atlas.update(window.map, btoa(binary), '');
  }

  function drawSheet(counted) {
    const sheet = at('sheet');
    sheet.hidden = choice.place === null;
    if (sheet.hidden) return;
    const { name, urdu } = data.districts[choice.place];
    const part = counted.districts[choice.place];
    const close = node('button', words.close, { type: 'button', class: 'close' });
    close.addEventListener('click', () => choose(null));
    const facts = node('dl');
    for (const [label, value] of lines(part, choice.place, classed(part, choice.place)[1])) {
      facts.append(node('dt', label), node('dd', value));
    }
    const heading = node('h2', `${name} `, { tabindex: '-1' });
    if (urdu !== name) heading.append(node('span', urdu, { lang: 'ur', dir: 'rtl' }));
    sheet.replaceChildren(close, heading, facts, node('h2', words.by_year), ...years());
  }

  /** A bar a year of the chosen district: number of incidents, whatever the measure. */
  function years() {
    const byYear = new Map();
    for (let year = choice.from; year <= choice.to; year += 1) byYear.set(year, 0);
    for (const i of shown) {
      if (incidents.district[i] !== choice.place) continue;
      byYear.set(incidents.year[i], byYear.get(incidents.year[i]) + 1);
    }
    const most = Math.max(...byYear.values(), 1);
    return [...byYear].map(([year, n]) => {
      const row = node('div', undefined, { class: 'year' });
      const bar = node('i');
      bar.style.width = `${(100 * n) / most}%`;
      bar.style.setProperty('--bar', data.map.bar[dark.matches ? 'dark' : 'light']);
      row.append(node('span', yearText(year)), bar, node('span', figure(n)));
      return row;
    });
  }

  const textOf = (place) => (place < 0 ? '' : incidents.texts[place]);

  /** Parts in a row, each with the order of its own words: a Latin name does not turn the figures beside it. */
  function joined(tag, parts, between) {
    const made = node(tag);
    for (const part of parts.filter(Boolean)) {
      if (made.childNodes.length) made.append(between);
      made.append(node('bdi', part));
    }
    return made;
  }

  function incident(i) {
    const [date, place, precision, attack, target, group, killed, injured, reported, summary] =
      incidents.rows[i].map(textOf);
    const district = incidents.district[i] >= 0 ? data.districts[incidents.district[i]].name : words.not_in_district;
    const item = node('li', undefined, { class: 'incident' });
    item.append(joined('b', [date, place, district], words.comma));
    const named = Object.entries({ group, killed, injured }).map(([key, value]) => fill(words.fact, { label: words[key], value }));
    item.append(joined('span', [attack, target, ...named, precision, reported], words.stop));
    // Words of a source run in their own direction, whatever the page's.
    if (summary) item.append(node('p', summary, { dir: 'auto' }));
    const address = textOf(incidents.links[i]);
    if (address) {
      const host = new URL(address).hostname;
      const link = node('a', fill(words.fact, { label: words.open, value: host }), { href: address, rel: 'noreferrer', target: '_blank' });
      item.append(node('br'), link);
    }
    return item;
  }

  function drawList() {
    const here = choice.place === null ? shown : shown.filter((i) => incidents.district[i] === choice.place);
    at('rows').replaceChildren(...here.slice(0, nListed).map(incident));
    if (!here.length) at('rows').append(node('li', words.none));
    at('more').hidden = here.length <= nListed;
    const where = choice.place === null ? words.everywhere : fill(words.only_here, { district: data.districts[choice.place].name });
    at('list-choice').textContent = `${where}: ${figure(here.length)}`;
  }

  function draw() {
    shown = chosen();
    const counted = tally(shown);
    drawMap(counted);
    drawSheet(counted);
    drawList();
    at('count').textContent = fill(words.counted, { n: figure(shown.length), total: figure(incidents.year.length) });
  }

  function choose(place) {
    choice.place = place;
    nListed = ROWS_AT_ONCE;
    draw();
  }

  function addChoices() {
    for (const year of data.years) {
      at('from').append(node('option', yearText(year), { value: year }));
      at('to').append(node('option', yearText(year), { value: year }));
    }
    at('group').append(node('option', words.all_groups, { value: '' }));
    for (const [code, name] of incidents.groups) at('group').append(node('option', name, { value: code }));
    at('from').value = choice.from;
    at('to').value = choice.to;
    at('choice').addEventListener('change', (event) => {
      choice.from = Number(at('from').value);
      choice.to = Number(at('to').value);
      if (choice.from > choice.to) {
        // The other end follows the one that the reader has just set.
        if (event.target.id === 'from') choice.to = choice.from;
        else choice.from = choice.to;
        at('from').value = choice.from;
        at('to').value = choice.to;
      }
      choice.group = at('group').value === '' ? '' : Number(at('group').value);
      nListed = ROWS_AT_ONCE;
      draw();
    });
    at('choice').addEventListener('submit', (event) => event.preventDefault());
    at('more').textContent = words.more;
    at('more').addEventListener('click', () => {
      nListed += ROWS_AT_ONCE;
      drawList();
    });
  }

  addChoices();
  window.map = L.map('map', { minZoom: 5, maxZoom: 13, zoomSnap: 0.25, zoomDelta: 0.75 });
  window.atlas.onReport = (properties) => {
    const place = data.districts.findIndex((district) => district.pcode === properties.pcode);
    if (place >= 0) choose(place === choice.place ? null : place);
  };
  window.atlas.attach(window.map);
  dark.addEventListener('change', draw);
  draw();
})();
