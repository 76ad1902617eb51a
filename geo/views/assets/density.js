// Two pictures of density that do not move with the zoom: a smoothed surface and hexagons, both tied to the ground.

const DENSITY_CELL_PX = 4;

/** First class whose upper end is not passed: breaks are the lower ends of the classes. */
function classOf(value, breaks) {
  let found = -1;
  for (let i = 0; i < breaks.length && value >= breaks[i]; i += 1) found = i;
  return found;
}

/**
 * Incidents per 1,000 km², smoothed by a disc of view.density.exact_km around exact places and near_km around near
 * ones: three running means of a square come close to a Gaussian.
 */
function drawDensity(frame) {
  const { context, size, scale, origin, state } = frame;
  const { density } = state.view;
  const latDeg = latOfWorldY((origin.y + size.y / 2) / scale);
  const kmPerCell = (worldUnitKm(latDeg) / scale) * DENSITY_CELL_PX;
  const reach = Math.ceil((2 * density.near_km) / kmPerCell);
  const width = Math.ceil(size.x / DENSITY_CELL_PX) + 2 * reach;
  const height = Math.ceil(size.y / DENSITY_CELL_PX) + 2 * reach;
  const exact = new Float32Array(width * height);
  const near = new Float32Array(width * height);
  const { pointSet } = state;
  const cell = DENSITY_CELL_PX / scale;
  const column = pointSet.cellTable(pointSet.xs, origin.x / scale - reach * cell, cell, width);
  const row = pointSet.cellTable(pointSet.ys, origin.y / scale - reach * cell, cell, height);
  for (let i = 0; i < pointSet.count; i += 1) {
    const c = column[pointSet.lon[i]];
    const r = row[pointSet.lat[i]];
    if (c >= 0 && r >= 0) (pointSet.kind[i] > 127 ? near : exact)[r * width + c] += 1;
  }
  smooth(exact, width, height, density.exact_km / kmPerCell);
  smooth(near, width, height, density.near_km / kmPerCell);
  const perThousandKm2 = 1000 / kmPerCell ** 2;
  const valueAt = (k) => (exact[k] + near[k]) * perThousandKm2;
  paintDensity(context, width, height, reach, density, valueAt);
  return [];
}

/** Three box means in each direction; `radius` in cells is the spread (standard deviation times two) of the result. */
function smooth(grid, width, height, radius) {
  const box = Math.max(1, Math.round(radius / 2));
  const line = new Float32Array(Math.max(width, height));
  for (let pass = 0; pass < 3; pass += 1) {
    for (let row = 0; row < height; row += 1) boxMean(grid, row * width, 1, width, box, line);
    for (let column = 0; column < width; column += 1) boxMean(grid, column, width, height, box, line);
  }
}

function boxMean(grid, offset, step, length, box, line) {
  const span = 2 * box + 1;
  let sum = 0;
  for (let k = -box; k < length; k += 1) {
    const entering = k + box;
    if (entering < length) sum += grid[offset + entering * step];
    const leaving = k - box - 1;
    if (leaving >= 0) sum -= grid[offset + leaving * step];
    if (k >= 0) line[k] = sum / span;
  }
  for (let k = 0; k < length; k += 1) grid[offset + k * step] = line[k];
}

/** Classes are decided on a grid three times as fine as the means, between whose values it interpolates. */
function paintDensity(context, width, height, reach, density, valueAt) {
  const fine = 3;
  const image = new ImageData((width - 1) * fine, (height - 1) * fine);
  const pixels = new Uint32Array(image.data.buffer);
  const colours = density.colours.map(pixelOf);
  for (let row = 0; row < height - 1; row += 1) {
    for (let column = 0; column < width - 1; column += 1) {
      const k = row * width + column;
      const corners = [valueAt(k), valueAt(k + 1), valueAt(k + width), valueAt(k + width + 1)];
      if (Math.max(...corners) < density.breaks[0]) continue;
      paintCell(pixels, image.width, row * fine, column * fine, fine, corners, density.breaks, colours);
    }
  }
  const canvas = element('canvas');
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext('2d').putImageData(image, 0, 0);
  const cell = DENSITY_CELL_PX;
  const start = (0.5 - reach) * cell;
  context.globalAlpha = 0.78;
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.drawImage(canvas, start, start, (width - 1) * cell, (height - 1) * cell);
  context.globalAlpha = 1;
}

function paintCell(pixels, stride, top, left, fine, [nw, ne, sw, se], breaks, colours) {
  for (let i = 0; i < fine; i += 1) {
    const v = (i + 0.5) / fine;
    for (let j = 0; j < fine; j += 1) {
      const h = (j + 0.5) / fine;
      const found = classOf((nw * (1 - h) + ne * h) * (1 - v) + (sw * (1 - h) + se * h) * v, breaks);
      if (found >= 0) pixels[(top + i) * stride + left + j] = colours[found];
    }
  }
}

/** "#rrggbb" as a little-endian RGBA pixel. */
function pixelOf(hex) {
  const value = parseInt(hex.slice(1), 16);
  return (255 << 24) | ((value & 255) << 16) | (value & 0xff00) | (value >> 16);
}

/** Hexagons of view.density.hex_km from side to side; the count of a hexagon decides its class. */
function drawHexagons(frame) {
  const { context, scale, origin, state, size } = frame;
  const { density } = state.view;
  const middleLat = latOfWorldY(worldY(state.base.bounds[0][0]) / 2 + worldY(state.base.bounds[1][0]) / 2);
  const width = density.hex_km / worldUnitKm(middleLat);
  const { pointSet } = state;
  const items = [];
  if (!pointSet.hexagons) pointSet.hexagons = countHexagons(pointSet, width);
  for (const hexagon of pointSet.hexagons) {
    const px = hexagon.x * scale - origin.x;
    const py = hexagon.y * scale - origin.y;
    const radius = (width * scale) / Math.sqrt(3);
    if (px < -radius || py < -radius || px > size.x + radius || py > size.y + radius) continue;
    tracePolygon(context, px, py, radius);
    context.globalAlpha = 0.85;
    context.fillStyle = density.colours[Math.max(0, classOf(hexagon.count, density.breaks))];
    context.fill();
    context.globalAlpha = 1;
    context.lineWidth = 1;
    context.strokeStyle = state.isDark ? 'rgba(255, 255, 255, 0.35)' : 'rgba(74, 40, 10, 0.35)';
    context.stroke();
    items.push({
      title: say('incidents', { n: number(hexagon.count) }),
      lines: precisionLines(hexagon),
      holds: (point) => Math.hypot(point.x - px, point.y - py) <= radius * 0.93,
    });
  }
  return items;
}

function tracePolygon(context, x, y, radius) {
  context.beginPath();
  for (let corner = 0; corner < 6; corner += 1) {
    const angle = ((corner + 0.5) * Math.PI) / 3;
    context.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  }
  context.closePath();
}

/** Hexagons {x, y, count, near} of the whole set; `width` from side to side in the world square. */
function countHexagons(pointSet, width) {
  const rowHeight = (width * Math.sqrt(3)) / 2;
  const cells = new Map();
  for (let i = 0; i < pointSet.count; i += 1) {
    const [row, column] = hexagonOf(pointSet.x(i) / width, pointSet.y(i) / rowHeight);
    const key = row * 1048576 + column;
    let cell = cells.get(key);
    if (!cell) {
      cell = { x: (column + (row & 1) / 2) * width, y: row * rowHeight, count: 0, near: 0 };
      cells.set(key, cell);
    }
    cell.count += 1;
    cell.near += pointSet.isNear(i) ? 1 : 0;
  }
  return [...cells.values()];
}

/** Row and column of the nearest centre of a hexagonal grid; x in widths, y in row heights (sqrt(3)/2 widths). */
function hexagonOf(x, y) {
  const low = Math.floor(y);
  let best = null;
  let bestDistance = Infinity;
  for (const row of [low, low + 1]) {
    const column = Math.round(x - (row & 1) / 2);
    const distance = (x - column - (row & 1) / 2) ** 2 + 0.75 * (y - row) ** 2;
    if (distance < bestDistance) {
      best = [row, column];
      bestDistance = distance;
    }
  }
  return best;
}
