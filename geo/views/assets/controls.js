// What lies over the map: hover card, legend, sources, messages.

function addCard(state) {
  state.card = element('div', 'atlas-card');
  state.card.setAttribute('aria-hidden', 'true'); // the same text is the label of the focused shape
  state.map.getContainer().appendChild(state.card);
}

function fillCard(state, title, lines) {
  state.card.replaceChildren(element('div', 'atlas-card-title', title));
  for (const [label, value] of lines) {
    const row = element('div', 'atlas-card-row');
    row.append(element('span', 'atlas-card-label', label), element('span', 'atlas-card-value', value));
    state.card.appendChild(row);
  }
}

/** Show the card beside a point of the container, inside the frame. */
function placeCard(state, point) {
  const { card } = state;
  card.classList.add('is-shown');
  const size = state.map.getSize();
  const width = card.offsetWidth;
  const height = card.offsetHeight;
  const left = point.x + 16 + width > size.x ? point.x - 16 - width : point.x + 16;
  const top = point.y + 16 + height > size.y ? point.y - 16 - height : point.y + 16;
  card.style.left = `${Math.max(4, Math.min(left, size.x - width - 4))}px`;
  card.style.top = `${Math.max(4, Math.min(top, size.y - height - 4))}px`;
}

function showDistrictCard(state, entry, point) {
  fillCard(state, entry.name, entry.lines);
  placeCard(state, point);
  if (state.hovered === entry.pcode) return;
  state.hovered = entry.pcode;
  if (state.hoverOutline) state.hoverOutline.remove();
  state.hoverOutline = outline(entry.rings, 'atlas-hovered').addTo(state.map);
}

function hideCard(state) {
  state.card.classList.remove('is-shown');
  state.hovered = null;
  if (state.hoverOutline) state.hoverOutline.remove();
  state.hoverOutline = null;
}

const LegendControl = L.Control.extend({
  options: { position: 'bottomright' },
  onAdd() {
    const node = shieldFromMap(element('div', 'atlas-legend'));
    node.setAttribute('role', 'group'); // no landmark: a page may have several maps
    return node;
  },
});

const SourcesControl = L.Control.extend({
  options: { position: 'bottomleft' },
  onAdd() {
    const node = shieldFromMap(element('details', 'atlas-sources'));
    node.append(element('summary', '', say('sources')), element('div', 'atlas-sources-text'));
    return node;
  },
});

const NoticeControl = L.Control.extend({
  options: { position: atTheEnd() },
  onAdd() {
    const node = element('div', 'atlas-notice');
    node.setAttribute('role', 'status');
    return node;
  },
});

/** Leaflet writes "30 km" in every language; the words and digits are those of the page. */
const ScaleControl = L.Control.Scale.extend({
  _updateMetric(widthM) {
    const roundM = this._getRoundNum(widthM);
    this._mScale.style.width = `${Math.round((this.options.maxWidth * roundM) / widthM)}px`;
    this._mScale.textContent = say('km', { n: number(roundM / 1000) });
  },
});

/** Show a message over the map; an empty text removes it. */
function setNotice(state, text) {
  state.notice.getContainer().textContent = text;
}

function addControls(state) {
  state.notice = new NoticeControl().addTo(state.map);
  state.map.zoomControl.remove();
  addFrames(state);
  state.map.zoomControl.setPosition(atTheStart()).addTo(state.map);
  new ScaleControl({ imperial: false, position: 'bottomleft' }).addTo(state.map);
  state.sources = new SourcesControl().addTo(state.map);
  state.legend = new LegendControl().addTo(state.map);
  state.map.attributionControl.remove();
}

function swatch(entry) {
  const node = element('span', `atlas-swatch atlas-swatch-${entry.shape}`);
  node.setAttribute('aria-hidden', 'true');
  if (entry.is_hatched) node.classList.add('is-hatched');
  if (entry.colour) node.style.setProperty('--swatch', entry.colour);
  if (entry.is_hatched && entry.colour) node.style.setProperty('--swatch-line', hatchLine(entry.colour));
  if (entry.shape === 'badge' || entry.shape === 'cluster') node.textContent = '12';
  return node;
}

function legendPart(legend) {
  const part = element('div', 'atlas-legend-part');
  if (legend.title) part.appendChild(element('h2', '', legend.title));
  const list = element('ul');
  for (const entry of legend.entries) {
    const item = element('li');
    item.append(swatch(entry), element('span', '', entry.label));
    list.appendChild(item);
  }
  part.appendChild(list);
  for (const note of legend.notes) part.appendChild(element('p', 'atlas-legend-note', note));
  return part;
}

/** The colours in a row, beside the name of a folded legend. */
function swatchStrip(legends) {
  const strip = element('span', 'atlas-strip');
  strip.setAttribute('aria-hidden', 'true');
  for (const entry of legends.flatMap((legend) => (legend ? legend.entries : []))) {
    if (!entry.colour || entry.is_hatched || !['area', 'pin'].includes(entry.shape)) continue;
    strip.appendChild(element('span')).style.background = entry.colour;
  }
  return strip;
}

/** Whatever has to be scrolled is reached by keyboard, too. */
function reachIfScrolled(node) {
  new ResizeObserver(() => {
    if (node.scrollHeight > node.clientHeight) node.tabIndex = 0;
    else node.removeAttribute('tabindex');
  }).observe(node);
}

/** The legend can be folded away; on a narrow map it starts folded. What the reader chose stays. */
function updateLegend(state, payload) {
  const node = state.legend.getContainer();
  const legends = [payload.choropleth && payload.choropleth.legend, payload.points && payload.points.legend];
  const fold = element('details');
  fold.open = state.isLegendOpen === undefined ? !isNarrow(state.map) : state.isLegendOpen;
  const summary = element('summary', '', say('legend'));
  summary.appendChild(swatchStrip(legends));
  fold.addEventListener('toggle', () => placeNumbers(state));
  summary.addEventListener('click', () => {
    state.isLegendOpen = !fold.open;
  });
  const body = element('div', 'atlas-legend-body');
  body.append(...legends.filter((legend) => legend && legend.entries.length).map(legendPart));
  body.appendChild(legendPart({ entries: [{ label: say('south_entry'), shape: 'line' }], notes: [] }));
  reachIfScrolled(body);
  fold.append(summary, body);
  node.replaceChildren(fold);
  node.classList.toggle('is-keyed', Boolean(payload.linked)); // its page has the classes beside it, on paper too
  node.setAttribute('aria-label', payload.linked ? `${say('legend')}: ${payload.linked.name}` : say('legend'));
}

function updateSources(state, payload) {
  const node = state.sources.getContainer();
  const texts = [...state.base.credits];
  if (payload.tiles) texts.push(payload.tiles.credit);
  node.querySelector('.atlas-sources-text').replaceChildren(...texts.map((text) => element('p', '', text)));
}
