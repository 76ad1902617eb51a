// Drawing the bars, the seam between two sources, the period and the state of the controls.

const SIZE = { left: 34, right: 10, top: 16, plot: 70, axis: 18 };
const LETTER_PX = 7;

function draw(state) {
  const { data, root } = state;
  root.lang = data.language;
  state.title.textContent = data.title;
  state.plotPx = Math.max(state.chart.clientWidth - SIZE.left - SIZE.right, 40);
  drawBars(state);
  drawPeriod(state);
  drawControls(state);
  state.notes.replaceChildren(...data.notes.map((note) => element('p', '', note)));
  state.summary.textContent = data.words.table;
  fillTable(state);
  say(state, null);
}

function drawBars(state) {
  const { data, svg, plotPx } = state;
  const most = Math.max(...data.values, 1);
  const bottom = SIZE.top + SIZE.plot;
  const width = plotPx / data.values.length;
  const gap = width > 4 ? 1 : 0;
  svg.setAttribute('width', plotPx + SIZE.left + SIZE.right);
  svg.setAttribute('height', bottom + SIZE.axis);
  state.band = shape('rect', { class: 'band', y: SIZE.top - 4, height: SIZE.plot + 4 });
  state.bars = data.values.map((value, i) => {
    const height = value ? Math.max((value / most) * SIZE.plot, 1) : 0;
    const box = { x: SIZE.left + i * width, y: bottom - height, width: Math.max(width - gap, 0.5), height };
    const isBefore = data.seam && state.edges[i] < dayOf(data.seam);
    return shape('rect', { ...box, fill: isBefore ? data.colours[0] : data.colours[1] });
  });
  const hatched = data.partial.map((i) => {
    const bar = state.bars[i];
    const box = Object.fromEntries(['x', 'y', 'width', 'height'].map((name) => [name, bar.getAttribute(name)]));
    return shape('rect', { ...box, fill: 'url(#partial)' });
  });
  const unknown = runsOfUnknown(data.values).flatMap(([from, to]) => {
    const box = { x: SIZE.left + from * width, y: SIZE.top, width: (to - from) * width, height: SIZE.plot };
    const middle = { x: box.x + box.width / 2, y: bottom - 4, 'text-anchor': 'middle' };
    return [shape('rect', { ...box, class: 'unknown' }), shape('text', middle, '?')];
  });
  svg.replaceChildren(hatching(), state.band, ...axes(state, most, bottom), ...unknown, ...state.bars, ...hatched, ...seam(state));
}

/** Bars without a figure side by side, as [first, one after the last]: no bar of height 0 says that it is unknown. */
function runsOfUnknown(values) {
  const starts = [...values.keys()].filter((i) => values[i] === null && (i === 0 || values[i - 1] !== null));
  return starts.map((from) => {
    const length = values.slice(from).findIndex((value) => value !== null);
    return [from, length < 0 ? values.length : from + length];
  });
}

function hatching() {
  const definitions = shape('defs', {});
  const box = { id: 'partial', width: 5, height: 5, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' };
  const pattern = shape('pattern', box);
  pattern.append(shape('rect', { class: 'hatch', width: 2.5, height: 5 }));
  definitions.append(pattern);
  return definitions;
}

/** The base line, the highest value, and as many years as there is room for. */
function axes(state, most, bottom) {
  const { data, plotPx, edges } = state;
  const right = SIZE.left + plotPx;
  const found = [
    shape('line', { class: 'axis', x1: SIZE.left, x2: right, y1: bottom, y2: bottom }),
    shape('line', { class: 'axis', x1: SIZE.left, x2: right, y1: SIZE.top, y2: SIZE.top }),
    shape('text', { x: SIZE.left - 4, y: SIZE.top + 4, 'text-anchor': 'end' }, number(data, most)),
    shape('text', { x: SIZE.left - 4, y: bottom + 4, 'text-anchor': 'end' }, number(data, 0)),
  ];
  const a = data.step === 'year' ? 1 : 12;
  const fitting = Math.max(Math.floor(plotPx / (6 * LETTER_PX)), 1);
  const every = [1, 2, 5, 10, 20].find((n) => data.values.length / a / n <= fitting) ?? 50;
  data.values.forEach((_, i) => {
    const date = new Date(edges[i] * DAY_MS);
    const year = date.getUTCFullYear();
    if (date.getUTCMonth() !== 0 || year % every !== 0) return;
    const x = SIZE.left + ((i + (a === 1 ? 0.5 : 0)) * plotPx) / data.values.length;
    found.push(shape('text', { x, y: bottom + 14, 'text-anchor': a === 1 ? 'middle' : 'start' }, yearOf(data, date)));
  });
  return found;
}

/** The line between two sources, with the name of each on its side. */
function seam(state) {
  const { data } = state;
  if (!data.seam) return [];
  const x = xOf(state, dayOf(data.seam));
  const y = SIZE.top - 5;
  return [
    shape('line', { class: 'seam', x1: x, x2: x, y1: 2, y2: SIZE.top + SIZE.plot }),
    shape('text', { class: 'side', x: x - 5, y, 'text-anchor': 'end' }, data.words.before),
    // Where the seam is near the right edge a long word has no room; the note below names both sources.
    ...(x + data.words.after.length * LETTER_PX < SIZE.left + state.plotPx + 2 * SIZE.right
      ? [shape('text', { class: 'side', x: x + 5, y }, data.words.after)]
      : []),
  ];
}

/** Where a day lies, px from the left of the chart. */
function xOf(state, day) {
  const { edges, plotPx, data } = state;
  if (day >= edges.at(-1)) return SIZE.left + plotPx;
  const i = barAtDay(state, day);
  const part = (day - edges[i]) / (edges[i + 1] - edges[i]);
  return SIZE.left + ((i + Math.max(part, 0)) * plotPx) / data.values.length;
}

/** The period that is shown, or the one that is being chosen. */
function drawPeriod(state) {
  const { data, edges } = state;
  const open = state.drag ? [state.drag.fixed, state.drag.at].sort((one, other) => one - other) : state.typed;
  const [first, last] = open ? [edges[open[0]], edges[open[1] + 1] - 1] : drawnPeriod(state);
  const [left, right] = [xOf(state, first), xOf(state, last + 1)];
  state.band.setAttribute('x', left);
  state.band.setAttribute('width', Math.max(right - left, 1));
  state.bars.forEach((bar, i) => bar.classList.toggle('outside', edges[i + 1] <= first || edges[i] > last));
  const bars = barsOf(state, [first, last]);
  state.handles.forEach((node, end) => {
    node.style.left = `${end ? right : left}px`;
    node.setAttribute('aria-label', end ? data.words.last : data.words.first);
    node.setAttribute('aria-valuemin', 0);
    node.setAttribute('aria-valuemax', data.values.length - 1);
    node.setAttribute('aria-valuenow', bars[end]);
    node.setAttribute('aria-valuetext', nameOf(state, bars[end]));
  });
  if (open) state.readout.textContent = `${nameOf(state, bars[0])} – ${nameOf(state, bars[1])}`;
}

/** A bar that records fill in part is chosen whole. */
function drawnPeriod({ period, covered, edges }) {
  return [period[0] === covered[0] ? edges[0] : period[0], period[1] === covered[1] ? edges.at(-1) - 1 : period[1]];
}

const PLAY = 'M7 5v14l12-7z';
const PAUSE = 'M6 5h4v14H6zM14 5h4v14h-4z';

function drawControls(state) {
  const { data, buttons } = state;
  const { words } = data;
  buttons.play.querySelector('path').setAttribute('d', state.isPlaying ? PAUSE : PLAY);
  name(buttons.play, state.isPlaying ? words.pause : words.play);
  name(buttons.back, words.back);
  name(buttons.forward, words.forward);
  name(buttons.stop, words.stop);
  allow(buttons.play, state.home || nextFrame(state, 1));
  allow(buttons.back, nextFrame(state, -1));
  allow(buttons.forward, nextFrame(state, 1));
  allow(buttons.stop, state.home);
  if (state.shown.textContent !== data.shown) state.shown.textContent = data.shown;
  drawChoice(state.units, words.frames, words, state.unit);
  drawChoice(state.steps, words.bars, words, data.step);
}

function drawChoice({ name: label, select }, text, words, chosen) {
  label.textContent = text;
  for (const option of select.options) option.textContent = words[option.value];
  select.value = chosen;
}

function name(node, text) {
  node.title = text;
  node.setAttribute('aria-label', text);
}

/** A button that cannot act now keeps the focus of a reader without a mouse. */
function allow(node, isAllowed) {
  node.setAttribute('aria-disabled', String(!isAllowed));
}

/** Say what the bar under the pointer counts. */
function say(state, bar) {
  if (state.drag || state.typed) return;
  const { data } = state;
  state.readout.textContent = bar === null ? data.words.hint : `${nameOf(state, bar)}: ${figureOf(data, bar)}`;
}

function nameOf({ data, edges }, bar) {
  const date = new Date(edges[bar] * DAY_MS);
  const year = yearOf(data, date);
  return data.step === 'year' ? year : data.months[date.getUTCMonth()].replace('1000', year);
}

function yearOf(data, date) {
  return date.getUTCFullYear().toLocaleString(data.numbers, { useGrouping: false });
}

/** The figure of a bar in words; it may be missing, which is not zero. */
function figureOf(data, bar) {
  return data.values[bar] === null ? data.missing[bar] : number(data, data.values[bar]);
}

function number(data, value) {
  return value.toLocaleString(data.numbers);
}
