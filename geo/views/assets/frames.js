// Where the map looks: the southern districts, the whole province, one district; and the small map that shows where.

const PANEL_WIDTH_PX = 262; // legend and small map, in the east of the frame, with 6 between them and the shape
const GIVEN_TO_PANEL_PX = 48; // the shape may be drawn this much narrower, so that the panels cover none of it
const AROUND_PX = 12;
const BELOW_PX = 34; // the row of scale and sources
const DISTRICT_ZOOM = 9.5; // one district with some of its neighbours

function frameBounds(state, frame) {
  return L.latLngBounds(frame === 'south' ? state.base.south.bounds : state.base.bounds);
}

/** Show "south" or "whole". */
function showFrame(state, frame, isAnimated) {
  fitBeside(state, frameBounds(state, frame), isAnimated);
}

/** Fit bounds to the frame, beside the legend where the frame is wide enough for both. */
function fitBeside(state, corners, isAnimated, givenPx = GIVEN_TO_PANEL_PX, maxZoom = 20) {
  const { map } = state;
  const around = 2 * AROUND_PX;
  const zoom = map.getBoundsZoom(corners, false, L.point(around, AROUND_PX + BELOW_PX));
  const width = map.project(corners.getNorthEast(), zoom).x - map.project(corners.getSouthWest(), zoom).x;
  const spare = map.getSize().x - width - around;
  const right = isNarrow(map) ? AROUND_PX : AROUND_PX + Math.max(0, Math.min(PANEL_WIDTH_PX, spare + givenPx));
  map.fitBounds(corners, {
    paddingTopLeft: [AROUND_PX, AROUND_PX],
    paddingBottomRight: [right, BELOW_PX],
    animate: isAnimated && !isMotionReduced(),
    maxZoom,
  });
}

function isMotionReduced() {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** Bring districts into view, no closer than that their neighbours are seen. */
function showDistricts(state, pcodes, isAnimated) {
  const entries = pcodes.map((pcode) => state.districts.get(pcode)).filter(Boolean);
  if (!entries.length) return;
  const corners = L.latLngBounds([]);
  for (const entry of entries) corners.extend(entry.layer.getBounds());
  fitBeside(state, corners, isAnimated, PANEL_WIDTH_PX, DISTRICT_ZOOM);
}

const FramesControl = L.Control.extend({
  options: { position: atTheStart() },
  initialize(state) {
    this.state = state;
  },
  onAdd() {
    const bar = shieldFromMap(element('div', 'atlas-frames'));
    bar.setAttribute('role', 'group');
    bar.setAttribute('aria-label', say('frames'));
    for (const [frame, label] of [
      ['south', say('frame_south')],
      ['whole', say('frame_whole')],
    ]) {
      const button = element('button', '', label);
      button.type = 'button';
      button.addEventListener('click', () => showFrame(this.state, frame, true));
      bar.appendChild(button);
    }
    return bar;
  },
});

const INSET_WIDTH = 100; // units of the drawing
const INSET_STEP = 0.5; // nearer points are left out

/** The small map: the same outlines, and a rectangle for what the large one shows. A click shows the whole province. */
const InsetControl = L.Control.extend({
  options: { position: atTheEnd() },
  initialize(state) {
    this.state = state;
  },
  onAdd() {
    const button = shieldFromMap(element('button', 'atlas-inset'));
    button.type = 'button';
    // The button with words does the same, one stop for Tab is enough.
    button.setAttribute('tabindex', '-1');
    nameButton(button, 'whole');
    button.addEventListener('click', () => showFrame(this.state, 'whole', true));
    button.appendChild(drawInset(this.state));
    return button;
  },
});

function drawInset(state) {
  const [[south, west], [north, east]] = state.base.bounds;
  const scale = INSET_WIDTH / (worldX(east) - worldX(west));
  const at = ([lat, lon]) => [(worldX(lon) - worldX(west)) * scale, (worldY(lat) - worldY(north)) * scale];
  const height = at([south, west])[1];
  const svg = svgNode('svg', { viewBox: `-3 -3 ${INSET_WIDTH + 6} ${height + 6}`, 'aria-hidden': 'true' });
  const paths = new Map();
  for (const district of state.base.districts) {
    paths.set(district.pcode, svgNode('path', { d: insetPath(district.rings, at), class: 'atlas-inset-district' }, svg));
  }
  svgNode('path', { d: insetPath(state.base.south.rings, at), class: 'atlas-inset-south' }, svg);
  const frame = svgNode('rect', { class: 'atlas-inset-frame', rx: 1 }, svg);
  state.inset = { paths, frame, at, size: [INSET_WIDTH, height] };
  return svg;
}

function insetPath(polygons, at) {
  return polygons
    .flat()
    .map((ring) => {
      const kept = [];
      for (const point of ring.map(at)) {
        const last = kept[kept.length - 1];
        if (!last || Math.hypot(point[0] - last[0], point[1] - last[1]) > INSET_STEP) kept.push(point);
      }
      return `M${kept.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}Z`;
    })
    .join('');
}

/** Move the rectangle of the small map; it goes when the whole province is in view. */
function followFrame(state) {
  const { map, inset } = state;
  const view = map.getBounds();
  const isWhole = view.contains(L.latLngBounds(state.base.bounds));
  const [left, top] = inset.at([view.getNorth(), view.getWest()]).map((value) => Math.max(-2, value));
  const [right, bottom] = inset.at([view.getSouth(), view.getEast()]);
  const width = Math.min(inset.size[0] + 2, right) - left;
  const height = Math.min(inset.size[1] + 2, bottom) - top;
  for (const [name, value] of Object.entries({ x: left, y: top, width: Math.max(2, width), height: Math.max(2, height) })) {
    inset.frame.setAttribute(name, value);
  }
  map.getContainer().classList.toggle('is-whole', isWhole);
}

function addFrames(state) {
  new FramesControl(state).addTo(state.map);
  new InsetControl(state).addTo(state.map);
  state.map.on('move zoomend resize', () => followFrame(state));
  followFrame(state);
}
