// Incidents known only to the district, or too few for a rate: a number inside it, never a pin.

const CLEAR_PX = 12; // half the height of a number and a little air

function updateBadges(state, badges) {
  for (const badge of state.badges) badge.marker.remove();
  state.badges = badges
    .filter(([pcode]) => state.districts.has(pcode))
    .map(([pcode, count, label]) => makeBadge(state, state.districts.get(pcode), count, label || say('district_only')));
}

function makeBadge(state, entry, count, label) {
  const node = element('span', 'atlas-badge', typeof count === 'string' ? count : shortCount(count));
  const marker = L.marker(entry.places[0], {
    pane: 'atlas-badges',
    keyboard: false,
    icon: L.divIcon({ className: 'atlas-badge-anchor', html: node, iconSize: [0, 0] }),
  }).addTo(state.map);
  answerWithLastReport(state, marker);
  node.addEventListener('mousemove', (event) => {
    fillCard(state, entry.name, [[label, typeof count === 'string' ? count : number(count)]]);
    placeCard(state, state.map.mouseEventToContainerPoint(event));
  });
  node.addEventListener('mouseleave', () => hideCard(state));
  marker.on('click', () => {
    showNumber(state, entry, label, typeof count === 'string' ? count : number(count));
    report(state, { pcode: entry.pcode, number: true });
  });
  const size = [node.offsetWidth, node.offsetHeight];
  return { marker, pcode: entry.pcode, places: entry.places, place: entry.places[0], size, isAtLabel: true };
}

/**
 * Put every number in view where it hides no pin and no other number, and no panel hides it: the first of its
 * district's inner places that is clear, else the clearest. items: {x, y, radius} in pixels from the corner
 * `bounds.min` of the layer.
 */
function placeBadges(state, items, bounds) {
  const taken = items.filter((item) => item.radius).map(({ x, y, radius }) => ({ x, y, radius: radius + CLEAR_PX }));
  const pixel = (place) => state.map.latLngToLayerPoint(place).subtract(bounds.min);
  const zoom = state.map.getZoom();
  const closed = closedBoxes(state, zoom);
  const isHidden = (badge, place) =>
    closed.some((panel) => overlaps(boxAt(state, place, badge.size, [0, 0], zoom), panel));
  for (const badge of state.badges) {
    if (!bounds.contains(state.map.latLngToLayerPoint(badge.place))) continue;
    const open = badge.places.filter((place) => !isHidden(badge, place));
    const others = open.length ? [] : gridPlaces(state, badge, zoom).filter((place) => !isHidden(badge, place));
    const places = [...open, ...others].length ? [...open, ...others] : badge.places;
    const room = places.map((place) => clearance(pixel(place), taken));
    const clear = room.findIndex((px) => px >= 0);
    const best = clear >= 0 ? clear : room.indexOf(Math.max(...room));
    badge.place = places[best];
    badge.isAtLabel = badge.place === badge.places[0];
    badge.marker.setLatLng(badge.place);
    const { x, y } = pixel(badge.place);
    taken.push({ x, y, radius: badge.size[0] / 2 + CLEAR_PX });
  }
  arrangeLabels(state);
}

/** Place numbers and names again when the view has changed; where there are points, their layer places the numbers. */
function placeNumbers(state) {
  if (state.points || !state.badges.length) return arrangeLabels(state);
  const corner = state.map.containerPointToLayerPoint([0, 0]);
  return placeBadges(state, [], L.bounds(corner, corner.add(state.map.getSize())));
}

/** The places of a grid over a badge's district that lie in it, for where all of its inner places are below a panel. */
function gridPlaces(state, badge, zoom) {
  const entry = state.districts.get(badge.pcode);
  const from = state.map.project(badge.places[0], zoom);
  const places = gridShifts(state, entry, from, zoom).map((step) => state.map.unproject(from.add(step), zoom));
  return places.filter((place) => holds(entry.rings, place));
}

/** Pixels between a point and the edge of the nearest disc; below zero inside one. */
function clearance(point, discs) {
  let least = Infinity;
  for (const { x, y, radius } of discs) least = Math.min(least, Math.hypot(point.x - x, point.y - y) - radius);
  return least;
}
