// Names on the map. Every name is one node placed once; each zoom decides which of them are shown, so that none overlap.

const TOWN_ZOOMS = [
  // [smallest population, shown from this zoom]
  [60000, 8.25],
  [20000, 9],
  [5000, 9.75],
  [0, 10.5],
];

const SOUTH_FROM_ZOOM = 7.5; // from farther away it would lie on the districts that it names

function addLabels(state) {
  state.map.getPane('atlas-labels').setAttribute('aria-hidden', 'true');
  const labels = [];
  for (const [name, place, from] of state.base.around) labels.push(makeLabel(state, name, place, 'country', 25, from));
  labels.push(makeLabel(state, say('south'), state.base.south.label_point, 'south', 2, SOUTH_FROM_ZOOM));
  for (const district of state.base.districts) {
    const label = makeLabel(state, state.base.names[district.pcode], district.label, 'district', district.rank, 0);
    label.pcode = district.pcode;
    labels.push(label);
  }
  for (const [i, [lat, lon, population]] of state.base.towns.entries()) {
    const from = TOWN_ZOOMS.find(([least]) => population >= least)[1];
    labels.push(makeLabel(state, state.base.town_names[i], [lat, lon], 'town', 1000 - Math.log(population + 1), from));
  }
  state.labels.push(...labels);
  state.map.on('zoomend moveend resize', () => placeNumbers(state));
}

/** A long name of two words is written in two lines. */
function lines(name) {
  const words = name.split(' ');
  if (words.length === 1 || name.length < 10) return name;
  const half = Math.ceil(words.length / 2);
  return `${words.slice(0, half).join(' ')}\n${words.slice(half).join(' ')}`;
}

function makeLabel(state, name, place, kind, rank, fromZoom) {
  const text = element('span', `atlas-label atlas-label-${kind}`, kind === 'town' || kind === 'place' ? name : lines(name));
  const marker = L.marker(place, {
    pane: kind === 'place' ? 'atlas-place' : 'atlas-labels',
    interactive: false,
    keyboard: false,
    icon: L.divIcon({ className: 'atlas-label-anchor', html: text, iconSize: [0, 0] }),
  }).addTo(state.map);
  return { text, marker, kind, rank, fromZoom, place: L.latLng(place) };
}

/** Show names in the order of their rank where they hit no other name or number; a district's name may move a little. */
function arrangeLabels(state) {
  const zoom = state.map.getZoom();
  if (!state.labels.length || (!zoom && zoom !== 0)) return;
  const isSelected = (label) => label.pcode && state.selected.includes(label.pcode);
  const order = [...state.labels].sort((a, b) => isSelected(b) - isSelected(a) || a.rank - b.rank);
  const taken = [
    ...closedBoxes(state, zoom),
    ...state.badges.map((badge) => boxAt(state, badge.place, badge.size, [0, 0], zoom)),
  ];
  const marks = markBoxes(state);
  for (const label of order) {
    const placed = zoom >= label.fromZoom ? freePlace(state, label, zoom, taken, marks) : null;
    label.text.classList.toggle('is-shown', Boolean(placed));
    if (!placed) continue;
    label.text.style.marginTop = `${placed.shift[1]}px`;
    if (label.kind !== 'town') label.text.style.marginLeft = `${placed.shift[0]}px`;
    taken.push(placed.box);
  }
}

/** Where names cannot be read whole: below the controls and beyond the edges of the map. */
function closedBoxes(state, zoom) {
  const frame = state.map.getContainer().getBoundingClientRect();
  const corner = state.map.project(state.map.containerPointToLatLng([0, 0]), zoom);
  const size = state.map.getSize();
  const far = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };
  const beyond = [
    { ...far, right: corner.x },
    { ...far, left: corner.x + size.x },
    { ...far, bottom: corner.y },
    { ...far, top: corner.y + size.y },
  ];
  const panels = [...state.map.getContainer().querySelectorAll('.leaflet-control')]
    .map((node) => node.getBoundingClientRect())
    .filter((box) => box.width)
    .map((box) => ({
      left: corner.x + box.left - frame.left,
      right: corner.x + box.right - frame.left,
      top: corner.y + box.top - frame.top,
      bottom: corner.y + box.bottom - frame.top,
    }));
  return [...beyond, ...panels];
}

const ABOVE_PLACE_PX = -30;
const SHIFTS_PX = [0, 9, -9, 18, -18, 28, -28].flatMap((down) => [0, 12, -12, 26, -26].map((right) => [right, down]));
SHIFTS_PX.sort((a, b) => Math.hypot(...a) - Math.hypot(...b));

const PLACES_ACROSS = 12; // of the last resort: a grid over the district

/** Where a district's name may stand: at its widest place, beside it, at its other inner places, anywhere in it. */
function districtShifts(state, label, zoom) {
  const from = state.map.project(label.place, zoom);
  const entry = state.districts.get(label.pcode);
  const others = entry.places.slice(1).map((place) => state.map.project(place, zoom).subtract(from));
  return [...SHIFTS_PX, ...others.map((step) => [step.x, step.y]), ...gridShifts(state, entry, from, zoom)];
}

/** The places of a grid over the frame of a district, the nearest to its widest place first. */
function gridShifts(state, entry, from, zoom) {
  const bounds = entry.layer.getBounds();
  const first = state.map.project(bounds.getNorthWest(), zoom).subtract(from);
  const last = state.map.project(bounds.getSouthEast(), zoom).subtract(from);
  const shifts = [];
  for (let i = 1; i < PLACES_ACROSS; i += 1) {
    for (let k = 1; k < PLACES_ACROSS; k += 1) {
      const [across, down] = [i / PLACES_ACROSS, k / PLACES_ACROSS];
      shifts.push([first.x + across * (last.x - first.x), first.y + down * (last.y - first.y)]);
    }
  }
  return shifts.sort((a, b) => Math.hypot(...a) - Math.hypot(...b));
}

/** Whether a place lies within one of several polygons, by the number of edges north of it. */
function holds(polygons, { lat, lng }) {
  const crosses = ([lat0, lng0], [lat1, lng1]) =>
    lng0 > lng !== lng1 > lng && lat < ((lat1 - lat0) * (lng - lng0)) / (lng1 - lng0) + lat0;
  return polygons.some((polygon) => {
    let n = 0;
    for (const ring of polygon) for (let i = 1; i < ring.length; i += 1) n += crosses(ring[i - 1], ring[i]);
    return n % 2 === 1;
  });
}

/** Width and height of a name in pixels, measured once it has any. */
function sizeOf(label) {
  if (!label.size || !label.size[0]) label.size = [label.text.offsetWidth, label.text.offsetHeight];
  return label.size;
}

/** The drawn incidents: a name stands beside them where it can, else they lie over it. */
function markBoxes(state) {
  if (!state.points || !state.points.items) return [];
  const origin = state.map.getPixelOrigin().add(state.points._bounds.min);
  return state.points.items
    .filter((item) => item.radius)
    .map(({ x, y, radius }) => ({
      left: origin.x + x - radius,
      right: origin.x + x + radius,
      top: origin.y + y - radius,
      bottom: origin.y + y + radius,
    }));
}

/** Of the places free of names and panels the first with the fewest incidents over it, or null; a town's has none. */
function freePlace(state, label, zoom, taken, marks) {
  const size = sizeOf(label);
  if (!size[0]) return null;
  const badge = label.pcode && state.badges.find((one) => one.pcode === label.pcode && one.isAtLabel);
  let shifts = [[label.kind === 'town' ? size[0] / 2 + 6 : 0, 0]];
  if (badge) {
    const clear = (size[1] + badge.size[1]) / 2 + 1;
    shifts = [[0, -clear], [0, clear], ...districtShifts(state, label, zoom).slice(1)];
  } else if (label.kind === 'place') {
    shifts = [[0, ABOVE_PLACE_PX]]; // the incidents there stay in view
  } else if (label.kind === 'district') {
    shifts = districtShifts(state, label, zoom);
  }
  let best = null;
  let fewest = Infinity;
  for (const [i, shift] of shifts.entries()) {
    const box = boxAt(state, label.place, size, shift, zoom);
    if (taken.some((other) => overlaps(box, other))) continue;
    const n = marks.filter((mark) => overlaps(box, mark)).length;
    const isBesideNumber = badge && i < 2; // at home there, whatever the outline says
    if (n && label.kind === 'town') continue;
    if (n >= fewest || !(isBesideNumber || isAtHome(state, label, box, zoom))) continue;
    best = { box, shift };
    fewest = n;
    if (!n) break;
  }
  return best;
}

/** Whether the middle of a name lies in the district that it names. */
function isAtHome(state, label, box, zoom) {
  if (label.kind !== 'district') return true;
  const middle = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  return holds(state.districts.get(label.pcode).rings, state.map.unproject(middle, zoom));
}

function boxAt(state, place, [width, height], [shiftX, shiftY], zoom) {
  const point = state.map.project(place, zoom);
  const left = point.x + shiftX - width / 2;
  const top = point.y + shiftY - height / 2;
  return { left, top, right: left + width, bottom: top + height, width };
}

function overlaps(a, b) {
  return a.left < b.right + 2 && b.left < a.right + 2 && a.top < b.bottom && b.top < a.bottom;
}
