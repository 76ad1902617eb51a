// The incidents of one update as packed columns, and how they group at a zoom. No drawing here.
//
// A place is a pair of 16-bit steps within the extent of the points. Whatever depends on one of the two (column of a
// grid, Mercator y) is looked up in a table of 65,536 values, so a million points cost two look-ups each.

const STEPS = 65536;
const CLUSTER_CELL_PX = 52;
const ROOM_OF_A_SPOT_PX2 = 40 * 40; // with this much room for each place in view, places are drawn apart, without clusters
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

  /**
   * Number of the grid cell of every step: cells of `size` (world square) from `start`, -1 outside 0 to cells - 1. A
   * view has far fewer than the 32,767 cells that fit; small tables stay in the processor's cache.
   */
  cellTable(values, start, size, cells) {
    const table = new Int16Array(STEPS);
    for (let i = 0; i < STEPS; i += 1) {
      const cell = Math.floor((values[i] - start) / size);
      table[i] = cell >= 0 && cell < cells ? cell : -1;
    }
    return table;
  }

  /**
   * What to draw in a box [x0, y0, x1, y1] of the world square at a zoom: marks {x, y, count, near, colours, first,
   * isOnePlace, box}. x and y are those of the mean step; `first` is a point of the mark.
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
    const { xs, ys } = this;
    // No further than the points reach; y runs down while latitudes run up.
    const startX = Math.floor(Math.max(x0, xs[0]) / cell) * cell;
    const startY = Math.floor(Math.max(y0, ys[STEPS - 1]) / cell) * cell;
    const columns = Math.max(0, Math.floor((Math.min(x1, xs[STEPS - 1]) - startX) / cell) + 1);
    const rows = Math.max(0, Math.floor((Math.min(y1, ys[0]) - startY) / cell) + 1);
    const column = this.cellTable(this.xs, startX, cell, columns);
    const row = this.cellTable(this.ys, startY, cell, rows);
    const cells = new CellSums(columns * rows, this.colours);
    cells.add(this, column, row, columns);
    return cells.marks(xs, ys);
  }
}

/** What marks need, added up for each cell of a grid: one array for each figure, so a million points take little time. */
class CellSums {
  constructor(cells, colours) {
    this.nColours = colours;
    this.count = new Uint32Array(cells);
    this.near = new Uint32Array(cells);
    this.colours = new Uint32Array(cells * colours);
    this.first = new Uint32Array(cells);
    // Sums and outermost steps.
    this.lon = new Float64Array(cells);
    this.lat = new Float64Array(cells);
    this.west = new Uint16Array(cells).fill(STEPS - 1);
    this.east = new Uint16Array(cells);
    this.south = new Uint16Array(cells).fill(STEPS - 1);
    this.north = new Uint16Array(cells);
  }

  /** Add the points of a set whose steps have a column and a row; cells are numbered row by row. */
  add(points, column, row, columns) {
    const { count, near, colours, nColours, first, lon, lat, west, east, south, north } = this;
    const { lon: lons, lat: lats, kind: kinds } = points;
    for (let i = 0; i < points.count; i += 1) {
      const x = lons[i];
      const y = lats[i];
      if (column[x] < 0 || row[y] < 0) continue;
      const cell = row[y] * columns + column[x];
      const kind = kinds[i];
      if (!count[cell]) first[cell] = i;
      count[cell] += 1;
      near[cell] += kind >> 7;
      colours[cell * nColours + (kind & 127)] += 1;
      lon[cell] += x;
      lat[cell] += y;
      if (x < west[cell]) west[cell] = x;
      if (x > east[cell]) east[cell] = x;
      if (y < south[cell]) south[cell] = y;
      if (y > north[cell]) north[cell] = y;
    }
  }

  /** The marks of the cells that hold a point; xs, ys: place of every step. */
  marks(xs, ys) {
    const marks = [];
    this.count.forEach((count, k) => {
      if (!count) return;
      const [west, east, south, north] = [this.west[k], this.east[k], this.south[k], this.north[k]];
      marks.push({
        x: xs[Math.round(this.lon[k] / count)],
        y: ys[Math.round(this.lat[k] / count)],
        count,
        near: this.near[k],
        colours: this.colours.subarray(k * this.nColours, (k + 1) * this.nColours),
        first: this.first[k],
        isOnePlace: west === east && south === north,
        box: [xs[west], ys[north], xs[east], ys[south]],
      });
    });
    return marks;
  }
}

/** Most frequent colour of a mark. */
function mainColour(mark) {
  let best = 0;
  for (let i = 1; i < mark.colours.length; i += 1) if (mark.colours[i] > mark.colours[best]) best = i;
  return best;
}
