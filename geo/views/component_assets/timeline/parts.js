// The elements of the chart and its controls, and what each of them does.

const SVG = 'http://www.w3.org/2000/svg';

function parts(state) {
  const title = element('div', 'title');
  state.readout = element('span', 'readout');
  state.title = element('h2');
  title.append(state.title, state.readout);
  state.chart = element('div', 'chart');
  state.svg = document.createElementNS(SVG, 'svg');
  state.svg.setAttribute('aria-hidden', 'true');
  state.handles = [0, 1].map((end) => handle(state, end));
  state.chart.append(state.svg, ...state.handles);
  listen(state);
  state.notes = element('div', 'notes');
  state.table = table(state);
  return [title, state.chart, controls(state), state.notes, state.table];
}

function controls(state) {
  const row = element('div', 'controls');
  state.buttons = {
    back: button('M6 5h2v14H6zM20 5v14L9 12z', () => byHand(state, () => step(state, -1))),
    play: button('', () => (state.isPlaying ? pause(state) : play(state))),
    forward: button('M16 5h2v14h-2zM4 5v14l11-7z', () => byHand(state, () => step(state, 1))),
    stop: button('M6 6h12v12H6z', () => stop(state)),
  };
  state.shown = element('output', 'shown');
  state.units = choice(Object.keys(MONTHS_OF_FRAME), (unit) => {
    state.unit = unit;
    drawControls(state);
  });
  state.steps = choice(['year', 'month'], (name) => state.send('step', name));
  const buttons = element('div', 'buttons');
  buttons.append(...Object.values(state.buttons));
  row.append(buttons, state.shown, state.units.label, state.steps.label);
  return row;
}

/** A step by hand ends the playing. */
function byHand(state, action) {
  pause(state);
  action();
}

function button(path, action) {
  const node = element('button');
  node.type = 'button';
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(shape('path', { d: path }));
  node.append(svg);
  node.addEventListener('click', () => node.getAttribute('aria-disabled') === 'true' || action());
  return node;
}

function choice(codes, action) {
  const label = element('label');
  const select = element('select');
  const name = element('span');
  for (const code of codes) {
    const option = element('option');
    option.value = code;
    select.append(option);
  }
  select.addEventListener('change', () => action(select.value));
  label.append(name, select);
  return { label, name, select };
}

function table(state) {
  const details = element('details');
  state.summary = element('summary');
  details.append(state.summary);
  details.addEventListener('toggle', () => fillTable(state));
  return details;
}

function fillTable(state) {
  const { table: details, data } = state;
  details.querySelector('.rows')?.remove();
  if (!details.open) return;
  const box = element('div', 'rows');
  box.tabIndex = 0;
  box.setAttribute('role', 'region');
  box.setAttribute('aria-label', data.words.table);
  const rows = element('table');
  rows.append(line('th', [data.words[data.step], data.label]));
  data.values.forEach((_, i) => rows.append(line('td', [nameOf(state, i), figureOf(data, i)])));
  box.append(rows);
  details.append(box);
}

function line(tag, texts) {
  const row = element('tr');
  row.append(...texts.map((text) => element(tag, '', text)));
  return row;
}

function element(tag, name = '', text = null) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== null) node.textContent = text;
  return node;
}

function shape(tag, attributes, text = null) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== null) node.textContent = text;
  return node;
}
