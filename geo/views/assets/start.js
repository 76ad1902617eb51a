// Entry points: attach once to a map, update as often as there is something new.

const PANES = {
  // name: [z-index, whether the pointer meets it]
  'atlas-context': [210, false],
  'atlas-districts': [400, true],
  'atlas-south': [410, false],
  'atlas-outlines': [420, false],
  'atlas-points': [440, false],
  'atlas-labels': [445, false], // read over the discs of incidents, by their halo
  'atlas-badges': [450, true],
  'atlas-place': [460, false],
};

/** Draw what never changes. `map` is a Leaflet map; afterwards map.atlas holds the state of this script. */
atlas.attach = function attach(map) {
  const state = { map, base: ATLAS_BASE, selected: [], badges: [] };
  map.atlas = state;
  for (const [name, [zIndex, isMet]] of Object.entries(PANES)) {
    const pane = map.createPane(name);
    pane.style.zIndex = zIndex;
    if (!isMet) pane.style.pointerEvents = 'none';
  }
  addPopupPane(map);
  const container = map.getContainer();
  container.classList.add('atlas');
  // A press gives the map the focus; were the page scrolled for it, the press would end elsewhere and be no click.
  const focus = container.focus.bind(container);
  container.focus = () => focus({ preventScroll: true });
  container.setAttribute('role', 'application');
  container.setAttribute('aria-label', say('map'));
  nameDocument(container);
  showFrame(state, map.options.firstFrame || 'whole', false);
  addDistricts(state);
  addCard(state);
  addControls(state);
  nameButton(container.querySelector('.leaflet-control-zoom-in'), 'zoom_in');
  nameButton(container.querySelector('.leaflet-control-zoom-out'), 'zoom_out');
  wheelWhenInUse(state);
  twoFingersOnTouch(state);
  followSize(state);
  // A reader waits for the districts: they are painted before what lies around them and their names are made.
  state.labels = [];
  state.surrounded = afterPainting().then(() => {
    addContext(state);
    addLabels(state);
    arrangeLabels(state);
  });
  tellPosition(state);
};

/** Apply one payload of geo.views.layers; `points64` carries packed points, or one bit for each point of the table. */
atlas.update = function update(map, payload64, points64) {
  // streamlit-folium removes the layers of earlier updates from the map but keeps them in this list for ever.
  window.feature_group = [];
  const state = map.atlas;
  const payload = jsonOf(payload64);
  state.selected = payload.selected;
  state.isDark = payload.theme === 'dark';
  map.getContainer().classList.toggle('atlas-dark', state.isDark);
  document.documentElement.classList.toggle('atlas-dark-page', state.isDark);
  updateTiles(state, payload.tiles);
  updateDistricts(state, payload);
  openAt(state, payload);
  returnFromDistrict(state);
  goTo(state, payload.go_to);
  moveTogether(state, payload.linked);
  updateLegend(state, payload);
  updateSources(state, payload);
  dropRepeatedStyles();
  Promise.all([updatePoints(state, payload, points64), state.surrounded]).then(() => {
    state.updates = (state.updates || 0) + 1;
    if (payload.awaited) reportPainted(state);
  });
};

// For tests and measurements.
atlas.parts = { PointSet, smooth, countHexagons };

/** Streamlit's component library adds the page's theme as one more style element with every run. */
function dropRepeatedStyles() {
  const themes = [...document.head.querySelectorAll('style')].filter((node) => node.textContent.includes('--primary-color'));
  for (const node of themes.slice(0, -1)) node.remove();
}

/**
 * Wait until the browser shows what is there: drawn in one frame, it is on the screen with the next. A browser draws
 * nothing in a tab that is not looked at.
 */
function afterPainting() {
  const nextFrame = (then) => window.requestAnimationFrame(then);
  return new Promise((done) => {
    if (document.hidden) window.setTimeout(done);
    else nextFrame(() => nextFrame(() => nextFrame(() => window.setTimeout(done))));
  });
}

/** What lies around, quiet enough that the districts stand out. */
function addContext(state) {
  const { context } = state.base;
  const renderer = L.svg({ pane: 'atlas-context', padding: 0.5 });
  const style = (className) => ({ pane: 'atlas-context', renderer, className, interactive: false });
  const everywhere = state.base.districts.map((district) => district.rings).flat();
  L.polygon(everywhere, { ...style('atlas-lift'), fill: false, weight: 10 }).addTo(state.map);
  for (const ring of context.lake) L.polygon(ring, { ...style('atlas-lake'), weight: 0.6 }).addTo(state.map);
  for (const line of context.province) L.polyline(line, { ...style('atlas-province'), weight: 0.9 }).addTo(state.map);
  for (const line of context.country) L.polyline(line, { ...style('atlas-border'), weight: 1.5 }).addTo(state.map);
  L.polygon(state.base.south.rings, {
    pane: 'atlas-south',
    className: 'atlas-south',
    fill: false,
    interactive: false,
    smoothFactor: 0.5,
  }).addTo(state.map);
}

/** The map's document has what a reader of headings and landmarks looks for, and its frame a name, where it has one. */
function nameDocument(container) {
  document.documentElement.lang = ATLAS_BASE.words.language.split('-u-')[0];
  container.classList.toggle('is-rtl', isRtl());
  container.prepend(element('h1', 'atlas-heard'));
  const root = document.getElementById('root'); // of streamlit-folium; a saved map has a main element of its own
  if (root) root.setAttribute('role', 'main');
  nameMap(container, say('map_name'));
}

/** A name of its own tells a map from the other maps of its page. */
function nameMap(container, name) {
  container.querySelector('h1').textContent = name;
  const root = document.getElementById('root');
  if (root) root.setAttribute('aria-label', name); // not the main part of the page around it
  if (window.frameElement) window.frameElement.setAttribute('aria-label', name);
}

/** Move once to where the reader asked, and write the name there: no mark that could be read as an incident. */
function goTo(state, place) {
  const asked = JSON.stringify(place);
  if (asked === state.wentTo) return;
  state.wentTo = asked;
  if (state.placeLabel) state.placeLabel.marker.remove();
  state.labels = state.labels.filter((label) => label !== state.placeLabel);
  state.placeLabel = place ? makeLabel(state, place.name, [place.lat, place.lon], 'place', -1, 0) : null;
  if (place) {
    state.labels.push(state.placeLabel);
    state.map.setView([place.lat, place.lon], place.zoom, { animate: false });
    bringIntoSight();
  }
  arrangeLabels(state);
}

/** On a phone the box that asks for a place stands below the map: scroll the page if less than half of the map is seen. */
function bringIntoSight() {
  const frame = window.frameElement;
  if (!frame) return;
  const { top, bottom, height } = frame.getBoundingClientRect();
  const seen = Math.min(bottom, window.parent.innerHeight) - Math.max(top, 0);
  if (seen < height / 2) frame.scrollIntoView({ block: 'center' });
}

/** Maps of one group in the same tab show the same part of the world: what one of them does, the others follow. */
function moveTogether(state, linked) {
  const { map } = state;
  if (linked) nameMap(map.getContainer(), linked.name);
  if (!linked || state.channel) return;
  // A channel reaches every tab of the browser; the time at which the page was opened tells this one apart.
  state.channel = new BroadcastChannel(`atlas-${linked.group}-${window.parent.performance.timeOrigin}`);
  let isFollowing = false;
  map.on('move', () => {
    const { lat, lng } = map.getCenter();
    if (!isFollowing) state.channel.postMessage([lat, lng, map.getZoom()]);
  });
  state.channel.onmessage = ({ data: [lat, lng, zoom] }) => {
    isFollowing = true;
    map.setView([lat, lng], zoom, { animate: false });
    isFollowing = false;
  };
}

/** A map that was made in a hidden tab has no size: show its first frame once it has one. */
function followSize(state) {
  const { map } = state;
  let hadSize = map.getSize().x > 0 && map.getSize().y > 0;
  new ResizeObserver(() => {
    const wasUnmoved = isUnmoved(state);
    map.invalidateSize({ pan: false });
    const hasSize = map.getSize().x > 0 && map.getSize().y > 0;
    if (hasSize && !hadSize) showFrame(state, map.options.firstFrame || 'whole', false);
    hadSize = hadSize || hasSize;
    if (wasUnmoved) noteHome(state);
  }).observe(map.getContainer());
}

/** The wheel scrolls the page until the reader has clicked into the map, and again after the pointer has left it. */
function wheelWhenInUse(state) {
  const { map } = state;
  const hint = say('wheel');
  map.scrollWheelZoom.disable();
  map.on('mousedown focus', () => {
    map.scrollWheelZoom.enable();
    endHint(state, hint);
  });
  map.getContainer().addEventListener('mouseleave', () => map.scrollWheelZoom.disable());
  map.getContainer().addEventListener(
    'wheel',
    (event) => {
      if (!map.scrollWheelZoom.enabled() && !event.target.closest('.leaflet-control')) showHint(state, hint);
    },
    { passive: true },
  );
}

/** On a touch screen one finger scrolls the page, as everywhere; two move and zoom the map. */
function twoFingersOnTouch(state) {
  if (!window.matchMedia('(pointer: coarse)').matches) return;
  const { map } = state;
  map.dragging.disable();
  const hint = say('two_fingers');
  map.getContainer().addEventListener(
    'touchmove',
    (event) => {
      if (event.touches.length === 1) showHint(state, hint);
    },
    { passive: true },
  );
}

const HINT_MS = 1200;

/** Show how the map is moved, for a moment, unless another message stands there. */
function showHint(state, hint) {
  const shown = state.notice.getContainer().textContent;
  if (shown && shown !== hint) return;
  if (!shown) setNotice(state, hint);
  window.clearTimeout(state.hintTimer);
  state.hintTimer = window.setTimeout(() => endHint(state, hint), HINT_MS);
}

function endHint(state, hint) {
  if (state.notice.getContainer().textContent === hint) setNotice(state, '');
}

function updateTiles(state, tiles) {
  const url = tiles ? tiles.url : null;
  if (url === (state.tilesUrl || null)) return;
  if (state.tiles) state.tiles.remove();
  state.tilesUrl = url;
  state.tiles = url ? L.tileLayer(url, { maxZoom: tiles.max_zoom, crossOrigin: true }).addTo(state.map) : null;
  state.map.getContainer().classList.toggle('has-tiles', Boolean(url));
}
