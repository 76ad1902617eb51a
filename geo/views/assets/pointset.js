// The incidents of one update as packed columns, and how they group at a zoom. No drawing here.
//
// A place is a pair of 16-bit steps within the extent of the points. Whatever depends on one of the two (column of a
// grid, Mercator y) is looked up in a table of 65,536 values, so a million points cost two look-ups each.

const STEPS = 65536;
const CLUSTER_CELL_PX = 52;
const ROOM_OF_A_SPOT_PX2 = 40 * 40; // with this much room for each place in view, places are told apart without clusters
const MOST_COMPARED = 20000; // more points than this in view are clustered without looking for equal places first

/** The columns of packed points: n uint16 longitudes, n uint16 latitudes, n uint8 (bit 7: near; bits 0 to 6: colour). */
function columnsOf(bytes, count) {
  return {
    lon: new Uint16Array(bytes.buffer, bytes.byteOffset, count),
    lat: new Uint16Array(bytes.buffer, bytes.byteOffset + 2 * count, count),
    kind: new Uint8Array(bytes.buffer, bytes.byteOffset + 4 * count, count),
  };
}

/** Return the packed points whose bit is set, `count` of them; `table` holds `total`, the lowest bit is the first. */
function chosenPoints(table, total, bits, count) {
  const from = columnsOf(table, total);
  const chosen = new Uint8Array(5 * count);
  const to = columnsOf(chosen, count);
  let next = 0;
  for (let byte = 0; byte < bits.length; byte += 1) {
    for (let rest = bits[byte], point = 8 * byte; rest; rest >>= 1, point += 1) {
      if (!(rest & 1)) continue;
      to.lon[next] = from.lon[point];
      to.lat[next] = from.lat[point];
      to.kind[next] = from.kind[point];
      next += 1;
    }
  }
  return chosen;
}

class PointSet {
  /** bytes: packed points. colours: how many there are. */
  constructor(count, [west, south, east, north], bytes, colours) {
    this.count = count;
    this.colours = colours;
    Object.assign(this, columnsOf(bytes, count));
    this.xs = new Float64Array(STEPS);
    this.ys = new Float64Array(STEPS);
    for (let i = 0; i < STEPS; i += 1) {
      this.xs[i] = worldX(west + ((east - west) * i) / (STEPS - 1));
      this.ys[i] = worldY(south + ((north - south) * i) / (STEPS - 1));
    }
  }

  x(point) {
    return this.xs[this.lon[point]];
  }

  y(point) {
    return this.ys[this.lat[point]];
  }

  isNear(point) {
    return this.kind[point] > 127;
  }

  /** All points of the same place as this one, in the order of the update. */
  pointsBeside(point) {
    const lon = this.lon[point];
    const lat = this.lat[point];
    const found = [];
    for (let i = 0; i < this.count; i += 1) if (this.lon[i] === lon && this.lat[i] === lat) found.push(i);
    return found;
  }

  /** Number of the grid cell of every step: cells of `size` (world square) from `start`, -1 outside 0 to cells - 1. */
  cellTable(values, start, size, cells) {
    const table = new Int32Array(STEPS);
    for (let i = 0; i < STEPS; i += 1) {
      const cell = Math.floor((values[i] - start) / size);
      table[i] = cell >= 0 && cell < cells ? cell : -1;
    }
    return table;
  }

  /**
   * What to draw in a box [x0, y0, x1, y1] of the world square at a zoom: marks {x, y, count, near, colours, first,
   * isOnePlace, box}. x and y are means; `first` is a point of the mark.
   */
  marks(box, zoom, areaPx2, isLastZoom) {
    const within = this.pointsWithin(box);
    if (within) {
      const marks = this.marksByPlace(within);
      if (isLastZoom || marks.length * ROOM_OF_A_SPOT_PX2 <= areaPx2) return marks;
    }
    return this.marksByCell(box, CLUSTER_CELL_PX / worldSizePx(zoom));
  }

  /** Points in the box, or null if they are more than MOST_COMPARED. */
  pointsWithin([x0, y0, x1, y1]) {
    const isInX = this.cellTable(this.xs, x0, x1 - x0, 1);
    const isInY = this.cellTable(this.ys, y0, y1 - y0, 1);
    const found = [];
    for (let i = 0; i < this.count; i += 1) {
      if (isInX[this.lon[i]] === 0 && isInY[this.lat[i]] === 0) {
        if (found.length === MOST_COMPARED) return null;
        found.push(i);
      }
    }
    return found;
  }

  marksByPlace(points) {
    const marks = new Map();
    for (const point of points) {
      const place = this.lon[point] * STEPS + this.lat[point];
      let mark = marks.get(place);
      if (!mark) {
        mark = this.emptyMark(point);
        marks.set(place, mark);
      }
      mark.count += 1;
      mark.near += this.kind[point] >> 7;
      mark.colours[this.kind[point] & 127] += 1;
    }
    return [...marks.values()];
  }

  emptyMark(point) {
    const [x, y] = [this.x(point), this.y(point)];
    const colours = new Uint32Array(this.colours);
    return { x, y, count: 0, near: 0, colours, first: point, isOnePlace: true, box: [x, y, x, y] };
  }

  /** Cells are fixed on the ground, so that clusters do not change while the map is dragged. */
  marksByCell([x0, y0, x1, y1], cell) {
    const { lon, lat, kind, xs, ys } = this;
    // No further than the points reach; y runs down while latitudes run up.
    const startX = Math.floor(Math.max(x0, xs[0]) / cell) * cell;
    const startY = Math.floor(Math.max(y0, ys[STEPS - 1]) / cell) * cell;
    const columns = Math.max(0, Math.floor((Math.min(x1, xs[STEPS - 1]) - startX) / cell) + 1);
    const rows = Math.max(0, Math.floor((Math.min(y1, ys[0]) - startY) / cell) + 1);
    const column = this.cellTable(this.xs, startX, cell, columns);
    const row = this.cellTable(this.ys, startY, cell, rows);
    const cells = new Array(columns * rows).fill(null);
    for (let i = 0; i < this.count; i += 1) {
      const c = column[lon[i]];
      const r = row[lat[i]];
      if (c < 0 || r < 0) continue;
      let mark = cells[r * columns + c];
      if (!mark) {
        mark = { ...this.emptyMark(i), x: 0, y: 0 };
        cells[r * columns + c] = mark;
      }
      const x = xs[lon[i]];
      const y = ys[lat[i]];
      mark.x += x;
      mark.y += y;
      mark.count += 1;
      mark.near += kind[i] >> 7;
      mark.colours[kind[i] & 127] += 1;
      if (x < mark.box[0]) mark.box[0] = x;
      if (y < mark.box[1]) mark.box[1] = y;
      if (x > mark.box[2]) mark.box[2] = x;
      if (y > mark.box[3]) mark.box[3] = y;
    }
    return cells.filter(Boolean).map(finishedMark);
  }
}

function finishedMark(mark) {
  const [x0, y0, x1, y1] = mark.box;
  return { ...mark, x: mark.x / mark.count, y: mark.y / mark.count, isOnePlace: x0 === x1 && y0 === y1 };
}

/** Most frequent colour of a mark. */
function mainColour(mark) {
  let best = 0;
  for (let i = 1; i < mark.colours.length; i += 1) if (mark.colours[i] > mark.colours[best]) best = i;
  return best;
}
