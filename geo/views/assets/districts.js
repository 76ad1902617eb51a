// Districts: one SVG path each, drawn once; an update changes fills, texts and the outline of the chosen ones.

const PATTERN_ID = 'atlas-hatch';
const FROM_EDGE_PX = 60; // a district that has the focus is at least so far inside the frame

function addDistricts(state) {
  const { map } = state;
  state.districtRenderer = L.svg({ pane: 'atlas-districts', padding: 0.5 });
  state.districts = new Map();
  for (const district of state.base.districts) {
    const layer = L.polygon(district.rings, {
      pane: 'atlas-districts',
      renderer: state.districtRenderer,
      className: 'atlas-district',
      weight: 1,
      fillOpacity: 1,
      bubblingMouseEvents: false,
      smoothFactor: 0.5,
    });
    layer.district = district;
    answerWithLastReport(state, layer);
    layer.addTo(map);
    const name = state.base.names[district.pcode];
    state.districts.set(district.pcode, { ...district, name, layer, centre: L.latLng(district.label), lines: [] });
  }
  addHatchPattern(state.districtRenderer._container);
  for (const entry of state.districts.values()) listen(state, entry);
  state.marks = L.layerGroup([], { pane: 'atlas-outlines' }).addTo(map);
  state.outlines = L.layerGroup([], { pane: 'atlas-outlines' }).addTo(map);
  setTabStop(state, state.districts.values().next().value);
  map.on('moveend', () => placeTabStop(state));
}

/** Lines mean "no data" on plain grey and "unsettled" on a class: distinguished without colour. */
function addHatchPattern(svg) {
  const { ground, line } = makePattern(svg, PATTERN_ID);
  ground.setAttribute('class', 'atlas-hatch-ground');
  line.setAttribute('class', 'atlas-hatch-line');
}

/** Return the fill that draws lines over a colour "#rrggbb"; its pattern is made when it is first needed. */
function hatchedFill(svg, colour) {
  const id = `${PATTERN_ID}-${colour.slice(1)}`;
  if (!svg.querySelector(`[id="${id}"]`)) {
    const { ground, line } = makePattern(svg, id);
    ground.style.fill = colour;
    line.style.fill = hatchLine(colour);
  }
  return `url(#${id})`;
}

function makePattern(svg, id) {
  const pattern = svgNode(
    'pattern',
    { id, width: 7, height: 7, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
    svg.querySelector('defs') || svgNode('defs', {}, svg),
  );
  const ground = svgNode('rect', { width: 7, height: 7 }, pattern);
  const line = svgNode('rect', { width: 2, height: 7 }, pattern);
  return { ground, line };
}

function listen(state, entry) {
  const { layer } = entry;
  const node = layer.getElement();
  node.setAttribute('role', 'button');
  node.setAttribute('aria-label', entry.name); // until an update adds its figures
  node.setAttribute('tabindex', '-1');
  layer.on('mousemove', (event) => {
    if (state.points && state.points.hover(event)) return;
    showDistrictCard(state, entry, event.containerPoint);
  });
  layer.on('mouseout', () => hideCard(state));
  layer.on('click', (event) => {
    if (state.points && state.points.click(event)) return;
    hideCard(state);
    chooseDistrict(state, entry);
  });
  node.addEventListener('focus', () => {
    setTabStop(state, entry);
    state.visited = entry;
    if (node.matches(':focus-visible')) {
      state.map.panInside(entry.centre, { padding: [FROM_EDGE_PX, FROM_EDGE_PX], animate: false });
      showDistrictCard(state, entry, state.map.latLngToContainerPoint(entry.centre));
    }
  });
  node.addEventListener('blur', () => hideCard(state));
  node.addEventListener('keydown', (event) => onDistrictKey(state, entry, event));
}

/** Tell Python which district was chosen, and look at it. */
function chooseDistrict(state, entry) {
  report(state, { pcode: entry.pcode });
  if (state.selected.includes(entry.pcode)) return;
  const { map } = state;
  state.cameFrom = { pcode: entry.pcode, centre: map.getCenter(), zoom: map.getZoom(), there: null, isChosen: false };
  const { cameFrom } = state;
  map.once('moveend', () => (cameFrom.there = [map.getZoom(), map.getCenter()]));
  showDistricts(state, [entry.pcode], true);
}

/** Look again where the reader was before a district was chosen, once it no longer is, unless the map was moved since. */
function returnFromDistrict(state) {
  const { map, cameFrom } = state;
  if (!cameFrom) return;
  if (state.selected.includes(cameFrom.pcode)) cameFrom.isChosen = true;
  else if (cameFrom.isChosen) {
    state.cameFrom = null;
    const [zoom, centre] = cameFrom.there || [];
    if (map.getZoom() === zoom && map.getCenter().equals(centre, 1e-6)) map.setView(cameFrom.centre, cameFrom.zoom, { animate: false });
  }
}

const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/** Enter or space chooses; arrows go to the neighbour in that direction. */
function onDistrictKey(state, entry, event) {
  if (event.key === 'Enter' || event.key === ' ') {
    hideCard(state); // the map moves on under it
    chooseDistrict(state, entry);
  } else if (event.key === 'Escape') {
    hideCard(state);
  } else if (ARROWS[event.key]) {
    const next = neighbour(state, entry, ARROWS[event.key]);
    if (next) next.layer.getElement().focus();
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

/** Nearest label point in a direction; a step aside costs double, so that the way back is usually the same. */
function neighbour(state, from, [dx, dy]) {
  const start = state.map.project(from.centre, 8);
  let best = null;
  let bestCost = Infinity;
  for (const other of state.districts.values()) {
    const step = state.map.project(other.centre, 8).subtract(start);
    const ahead = step.x * dx + step.y * dy;
    const cost = ahead + 2 * Math.abs(step.x * dy - step.y * dx);
    if (ahead > 1 && cost < bestCost) {
      best = other;
      bestCost = cost;
    }
  }
  return best;
}

/** Only one district is in the tab order; the arrows reach the others. */
function setTabStop(state, entry) {
  if (state.tabStop) state.tabStop.layer.getElement().setAttribute('tabindex', '-1');
  state.tabStop = entry;
  entry.layer.getElement().setAttribute('tabindex', '0');
}

/** Let Tab come to a district in view: the chosen one, the one that had the focus last, or the one of the highest class. */
function placeTabStop(state) {
  if (document.activeElement === state.tabStop.layer.getElement()) return;
  const edge = L.point(FROM_EDGE_PX, FROM_EDGE_PX);
  const view = L.bounds(edge, state.map.getSize().subtract(edge));
  const isInView = (entry) => entry && view.contains(state.map.latLngToContainerPoint(entry.centre));
  const byClass = [...state.districts.values()].sort((one, other) => (other.rank || 0) - (one.rank || 0));
  const stop = [state.districts.get(state.selected[0]), state.visited, ...byClass].find(isInView);
  if (stop) setTabStop(state, stop);
}

/** payload.districts: {pcode: [legend entry or -1, [[label, value], ...]]}. */
function updateDistricts(state, payload) {
  const entries = payload.choropleth ? payload.choropleth.legend.entries : [];
  const values = payload.choropleth ? payload.choropleth.districts : {};
  const badges = payload.choropleth ? payload.choropleth.badges : [];
  const tooFew = new Set(badges.filter(([, mark]) => typeof mark === 'number').map(([pcode]) => pcode));
  for (const entry of state.districts.values()) {
    const [index, lines] = values[entry.pcode] || [-1, []];
    entry.lines = lines;
    entry.rank = tooFew.has(entry.pcode) ? 0 : index;
    paintDistrict(state, entry, entries[index], payload.selected.includes(entry.pcode));
  }
  outlineAll(state, state.marks, payload.marked, 'atlas-marked');
  outlineAll(state, state.outlines, payload.selected, 'atlas-selected');
  placeTabStop(state);
}

function paintDistrict(state, entry, legendEntry, isSelected) {
  const node = entry.layer.getElement();
  const isHatched = Boolean(legendEntry && legendEntry.is_hatched);
  let colour = 'var(--atlas-plain)';
  if (isHatched && legendEntry.colour) colour = hatchedFill(node.ownerSVGElement, legendEntry.colour);
  else if (isHatched) colour = `url(#${PATTERN_ID})`;
  else if (legendEntry) colour = legendEntry.colour;
  // A style wins over the attribute that Leaflet writes again whenever it redraws.
  node.style.fill = colour;
  const small = state.inset.paths.get(entry.pcode);
  small.style.fill = legendEntry ? legendEntry.colour : ''; // without lines, which would be coarser than it
  node.setAttribute('aria-pressed', String(isSelected));
  node.setAttribute('aria-label', [entry.name, ...entry.lines.map((line) => line.join(': '))].join('. '));
}

/** Draw the outlines of some districts in place of those a layer held before: a line over a wider one of another colour. */
function outlineAll(state, layer, pcodes, className) {
  layer.clearLayers();
  for (const pcode of pcodes) {
    const entry = state.districts.get(pcode);
    if (!entry) continue;
    for (const part of ['casing', 'line']) layer.addLayer(outline(entry.rings, `${className}-${part}`));
  }
}

function outline(rings, className) {
  return L.polygon(rings, {
    pane: 'atlas-outlines',
    className,
    fill: false,
    interactive: false,
    smoothFactor: 0.5,
  });
}
