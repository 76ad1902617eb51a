// Names on the map. Every name is one node placed once; each zoom decides which of them are shown, so that none overlap.

const TOWN_ZOOMS = [
  // [smallest population, shown from this zoom]
  [60000, 8.25],
  [20000, 9],
  [5000, 9.75],
  [0, 10.5],
];

function addLabels(state) {
  state.map.getPane('atlas-labels').setAttribute('aria-hidden', 'true');
  const labels = [];
  for (const [name, place] of state.base.countries) labels.push(makeLabel(state, name, place, 'country', 0, 0));
  labels.push(makeLabel(state, state.base.south.name, state.base.south.label_point, 'south', 2, 0));
  for (const district of state.base.districts) {
    const label = makeLabel(state, district.name, district.label, 'district', district.rank, 0);
    label.pcode = district.pcode;
    labels.push(label);
  }
  for (const [name, lat, lon, population] of state.base.towns) {
    const from = TOWN_ZOOMS.find(([least]) => population >= least)[1];
    labels.push(makeLabel(state, name, [lat, lon], 'town', 1000 - Math.log(population + 1), from));
  }
  state.labels = labels;
  state.map.on('zoomend resize', () => arrangeLabels(state));
}

/** A long name of two words is written in two lines. */
function lines(name) {
  const words = name.split(' ');
  if (words.length === 1 || name.length < 10) return name;
  const half = Math.ceil(words.length / 2);
  return `${words.slice(0, half).join(' ')}\n${words.slice(half).join(' ')}`;
}

function makeLabel(state, name, place, kind, rank, fromZoom) {
  const text = element('span', `atlas-label atlas-label-${kind}`, kind === 'town' ? name : lines(name));
  const marker = L.marker(place, {
    pane: 'atlas-labels',
    interactive: false,
    keyboard: false,
    icon: L.divIcon({ className: 'atlas-label-anchor', html: text, iconSize: [0, 0] }),
  }).addTo(state.map);
  return { text, marker, kind, rank, fromZoom, place: L.latLng(place) };
}

/** Show names in the order of their rank where they hit no other name, number or selected name. */
function arrangeLabels(state) {
  const zoom = state.map.getZoom();
  if (!zoom && zoom !== 0) return;
  const taken = [];
  const isSelected = (label) => label.pcode && state.selected.includes(label.pcode);
  const order = [...state.labels].sort((a, b) => isSelected(b) - isSelected(a) || a.rank - b.rank);
  for (const badge of state.badges || []) taken.push(boxAt(state, badge.place, badge.size, [0, badge.shiftPx], zoom));
  for (const label of order) {
    const box = labelBox(state, label, zoom);
    const isShown = zoom >= label.fromZoom && box.width > 0 && !taken.some((other) => overlaps(box, other));
    label.text.classList.toggle('is-shown', isShown);
    if (isShown) taken.push(box);
  }
}

function labelBox(state, label, zoom) {
  const size = [label.text.offsetWidth, label.text.offsetHeight];
  const hasBadge = label.pcode && (state.badges || []).some((badge) => badge.pcode === label.pcode);
  label.text.classList.toggle('is-lifted', Boolean(hasBadge));
  const shiftY = hasBadge ? -14 : 0;
  return boxAt(state, label.place, size, label.kind === 'town' ? [size[0] / 2 + 6, 0] : [0, shiftY], zoom);
}

function boxAt(state, place, [width, height], [shiftX, shiftY], zoom) {
  const point = state.map.project(place, zoom);
  const left = point.x + shiftX - width / 2;
  const top = point.y + shiftY - height / 2;
  return { left, top, right: left + width, bottom: top + height, width };
}

function overlaps(a, b) {
  return a.left < b.right + 3 && b.left < a.right + 3 && a.top < b.bottom + 1 && b.top < a.bottom + 1;
}
