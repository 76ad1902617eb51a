// Incidents on one canvas: pins for exact places, soft discs for near ones, rings of shares for clusters.

const PinsLayer = L.Renderer.extend({
  options: { pane: 'atlas-points', padding: 0.15 },

  initialize(state) {
    L.Renderer.prototype.initialize.call(this, {});
    this.state = state;
    this.items = [];
  },

  _initContainer() {
    this._container = element('canvas', 'atlas-canvas');
    this._container.setAttribute('aria-hidden', 'true');
  },

  _destroyContainer() {
    this._container.remove();
    this._container = null;
  },

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    this.draw();
  },

  _updatePaths() {},

  _onZoomEnd() {},

  draw() {
    const { state, _container: canvas, _bounds: bounds } = this;
    const size = bounds.getSize();
    const ratio = window.devicePixelRatio || 1;
    L.DomUtil.setPosition(canvas, bounds.min);
    canvas.width = size.x * ratio;
    canvas.height = size.y * ratio;
    canvas.style.width = `${size.x}px`;
    canvas.style.height = `${size.y}px`;
    const context = canvas.getContext('2d');
    context.scale(ratio, ratio);
    const zoom = this._map.getZoom();
    const scale = worldSizePx(zoom);
    const origin = this._map.getPixelOrigin().add(bounds.min);
    const frame = { context, size, zoom, scale, origin, state, ratio };
    this.items = drawPoints(frame);
    placeBadges(state, this.items, bounds);
  },

  /** The drawn item under a point of the container, topmost first. */
  itemAt(containerPoint) {
    const point = this._map.containerPointToLayerPoint(containerPoint).subtract(this._bounds.min);
    for (let i = this.items.length - 1; i >= 0; i -= 1) {
      const item = this.items[i];
      if (item.holds(point)) return item;
    }
    return null;
  },

  hover(event) {
    const item = this.itemAt(event.containerPoint);
    this._map.getContainer().classList.toggle('is-over-item', Boolean(item && item.open));
    if (!item) return false;
    hideCard(this.state);
    fillCard(this.state, item.title, item.lines);
    placeCard(this.state, event.containerPoint);
    return true;
  },

  click(event) {
    const item = this.itemAt(event.containerPoint);
    if (!item || !item.open) return false;
    hideCard(this.state);
    item.open();
    return true;
  },
});

/** Show the points of an update; a later update overtakes an earlier one. */
async function updatePoints(state, payload, points64) {
  const view = payload.points;
  state.updateNumber = (state.updateNumber || 0) + 1;
  const mine = state.updateNumber;
  const bytes = view ? await packedPoints(state, view, points64) : null;
  if (mine !== state.updateNumber) return; // a later update has arrived in the meantime
  setNotice(state, bytes || !view ? '' : say('not_loaded'));
  const few = payload.choropleth ? payload.choropleth.badges : [];
  showPoints(state, bytes ? view : null, bytes, few);
}

/**
 * Return the packed points of an update, or null if they cannot be had. Few are sent as they are; of many, the whole
 * table is fetched once, and an update chooses from it by one bit each.
 */
async function packedPoints(state, view, points64) {
  const sent = bytesOf(points64);
  if (!view.table) return sent;
  const table = await keptFile(state, 'table', view.table.file);
  return table && chosenPoints(table, view.table.count, sent, view.count);
}

/** The file of the last address is kept by its kind; one that could not be loaded is asked for again. */
async function keptFile(state, kind, file) {
  if (!state[kind] || state[kind].file !== file) state[kind] = { file, bytes: loadFile(file) };
  const kept = state[kind];
  const bytes = await kept.bytes;
  if (!bytes && state[kind] === kept) state[kind] = null;
  return bytes;
}

/** Return the bytes of a file, or null if it cannot be had. */
async function loadFile(address) {
  try {
    const answer = await fetch(address);
    if (!answer.ok) return null;
    const unpacked = answer.body.pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(unpacked).arrayBuffer());
  } catch (error) {
    if (error instanceof TypeError) return null; // how fetch reports a lost connection
    throw error;
  }
}

function showPoints(state, view, bytes, few) {
  closeAtUpdate(state);
  state.view = view;
  state.pointSet = view ? new PointSet(view.count, view.bounds, bytes, view.colours.length) : null;
  updateBadges(state, [...few, ...(view ? view.badges : [])]);
  if (!view) {
    if (state.points) state.points.remove();
    state.points = null;
  } else {
    // Pins lie over lines; a surface lies under every line, which it would cover. Names lie over both.
    state.map.getPane('atlas-points').style.zIndex = view.mode === 'pins' ? 440 : 405;
    if (state.points) state.points.draw();
    else addPointsLayer(state);
  }
  placeNumbers(state);
}

function addPointsLayer(state) {
  state.points = new PinsLayer(state).addTo(state.map);
  if (!state.isListening) listenOutsideDistricts(state);
}

/** Points beyond the districts are met by the map itself. */
function listenOutsideDistricts(state) {
  state.isListening = true;
  state.map.on('mousemove', (event) => {
    if (event.originalEvent.target.closest('.atlas-district, .atlas-badge')) return;
    if (!state.points || !state.points.hover(event)) hideCard(state);
  });
  state.map.on('click', (event) => state.points && state.points.click(event));
}

function drawPoints(frame) {
  const { view } = frame.state;
  if (view.mode === 'heat') return drawDensity(frame);
  if (view.mode === 'hex') return drawHexagons(frame);
  return drawPins(frame);
}

/** The part of an item that says where it is, in pixels of the canvas. */
function disc(x, y, radius) {
  return { x, y, radius, holds: (point) => Math.hypot(point.x - x, point.y - y) <= radius };
}

function drawPins(frame) {
  const { state, scale, origin, size, zoom } = frame;
  const box = [origin.x / scale, origin.y / scale, (origin.x + size.x) / scale, (origin.y + size.y) / scale];
  const isLastZoom = zoom >= state.map.getMaxZoom();
  const view = state.map.getSize();
  const marks = state.pointSet.marks(box, zoom, view.x * view.y, isLastZoom).map((mark) => ({
    ...mark,
    px: mark.x * scale - origin.x,
    py: mark.y * scale - origin.y,
  }));
  // Soft discs first, crisp pins over them, clusters on top: nothing precise is hidden by something vague.
  const depth = (mark) => (mark.isOnePlace ? Number(mark.near < mark.count) : 2);
  marks.sort((a, b) => depth(a) - depth(b) || b.count - a.count);
  return marks.map((mark) => (mark.isOnePlace ? drawSpot(frame, mark) : drawCluster(frame, mark)));
}

function circle(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

function drawSpot(frame, mark) {
  const { context, state } = frame;
  const colour = state.view.colours[mainColour(mark)];
  const isSoft = mark.near === mark.count;
  const isStack = mark.count > 1;
  const grown = isStack ? 2.5 + 1.8 * Math.log2(mark.count) : 0;
  const radius = (isSoft ? 8.5 : frame.zoom < 8 ? 4.5 : 5.5) + Math.min(grown, 13);
  if (isSoft) {
    circle(context, mark.px, mark.py, radius);
    context.globalAlpha = 0.42;
    context.fillStyle = colour;
    context.fill();
    context.globalAlpha = 1;
  } else {
    circle(context, mark.px, mark.py, radius + 1.4);
    context.fillStyle = state.isDark ? '#0e1115' : '#ffffff';
    context.fill();
    context.lineWidth = 0.7;
    context.strokeStyle = state.isDark ? 'rgba(255, 255, 255, 0.5)' : 'rgba(0, 0, 0, 0.55)';
    context.stroke();
    drawShares(context, mark, state.view.colours, radius, 0);
  }
  if (isStack) drawCount(context, mark, isSoft ? 'soft' : 'pin');
  return spotItem(state, mark, radius + 3);
}

/** A disc, or a ring, divided by the colours of its incidents. */
function drawShares(context, mark, colours, radius, innerRadius) {
  let from = -Math.PI / 2;
  mark.colours.forEach((count, index) => {
    if (!count) return;
    const to = from + (2 * Math.PI * count) / mark.count;
    context.beginPath();
    context.moveTo(mark.px, mark.py);
    context.arc(mark.px, mark.py, radius, from, to);
    context.fillStyle = colours[index];
    context.fill();
    from = to;
  });
  if (!innerRadius) return;
  circle(context, mark.px, mark.py, innerRadius);
  context.fillStyle = '#ffffff';
  context.fill();
}

function drawCount(context, mark, kind) {
  const text = shortCount(mark.count);
  const sizePx = kind === 'cluster' ? 12 : 11;
  context.font = `600 ${sizePx}px system-ui, "Segoe UI", "DejaVu Sans", sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.lineWidth = 3;
  context.strokeStyle = '#ffffff';
  context.fillStyle = '#14181d';
  if (kind !== 'cluster') context.strokeText(text, mark.px, mark.py + 0.5);
  context.fillText(text, mark.px, mark.py + 0.5);
}

function shortCount(count) {
  if (count < 10000) return String(count);
  return count < 1e6 ? `${Math.round(count / 1000)}k` : `${(count / 1e6).toFixed(1)}M`;
}

function drawCluster(frame, mark) {
  const { context, state } = frame;
  const radius = 11 + 2.6 * Math.log2(1 + mark.count / 2);
  mark.radius = Math.min(radius, 26);
  circle(context, mark.px, mark.py, mark.radius + 1.5);
  context.fillStyle = 'rgba(20, 24, 29, 0.55)';
  context.fill();
  drawShares(context, mark, state.view.colours, mark.radius, mark.radius - 4);
  drawCount(context, mark, 'cluster');
  return {
    title: say('incidents', { n: number(mark.count) }),
    lines: [...precisionLines(mark), ['', say('click_zooms')]],
    ...disc(mark.px, mark.py, mark.radius + 2),
    open: () => zoomToBox(state, mark.box),
  };
}

function precisionLines(mark) {
  const exact = mark.count - mark.near;
  const rows = [];
  if (exact) rows.push([say('exact'), number(exact)]);
  if (mark.near) rows.push([say('near'), number(mark.near)]);
  return rows;
}

function zoomToBox(state, [x0, y0, x1, y1]) {
  const bounds = [
    [latOfWorldY(y1), x0 * 360 - 180],
    [latOfWorldY(y0), x1 * 360 - 180],
  ];
  state.map.flyToBounds(bounds, { padding: [60, 60], duration: 0.4, maxZoom: state.map.getMaxZoom() });
}

function spotItem(state, mark, radius) {
  const place = [latOfWorldY(mark.y), mark.x * 360 - 180];
  return {
    title: say('incidents_here', { n: number(mark.count) }),
    lines: precisionLines(mark),
    ...disc(mark.px, mark.py, radius),
    open: () => openIncidents(state, place, state.pointSet.pointsBeside(mark.first)),
  };
}
