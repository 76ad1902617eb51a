// Where the map was opened and where it looks now, for the links of the page around it.

/**
 * Open the map once: where a link says, else on the districts that it names. Afterwards no filter moves the view; only
 * another link does, and one without a position leads back to where maps open.
 */
function openAt(state, payload) {
  const asked = payload.position ? JSON.stringify(payload.position) : '';
  if (state.openedAt === asked) return;
  const isFirst = state.openedAt === undefined;
  state.openedAt = asked;
  if (payload.position) {
    const { lat_deg: lat, lon_deg: lon, zoom } = payload.position;
    state.map.setView([lat, lon], zoom, { animate: false });
    state.home = null;
  } else {
    if (!isFirst) showFrame(state, state.map.options.firstFrame || 'whole', false);
    showDistricts(state, payload.selected, false);
    noteHome(state);
  }
  writePosition(state);
}

/** The position as an address has it: latitude, longitude and zoom. */
function positionOf(map) {
  const { lat, lng } = map.getCenter();
  return [lat.toFixed(4), lng.toFixed(4), map.getZoom().toFixed(3)].map(Number).join('_');
}

/** Whether the map looks where it looked by itself. */
function isUnmoved(state) {
  return state.home === positionOf(state.map);
}

function noteHome(state) {
  state.home = positionOf(state.map);
  writePosition(state);
}

/** Nothing is sent when the map moves: the page reads the position from the frame when it needs it. */
function tellPosition(state) {
  state.map.on('moveend', () => writePosition(state));
}

function writePosition(state) {
  if (state.openedAt === undefined || !window.frameElement) return;
  window.frameElement.dataset.position = isUnmoved(state) ? '' : positionOf(state.map);
}
