// The incidents of one update as packed columns, and how they group at a zoom. No drawing here.

const CLUSTER_CELL_PX = 52;
const MOST_SEPARATE_SPOTS = 400; // so many spots in view can be told apart without clusters

class PointSet {
  /** bytes: n uint16 longitudes, n uint16 latitudes, n uint8 (bit 7: near; bits 0 to 6: colour). */
  constructor(count, [west, south, east, north], bytes) {
    this.count = count;
    const lon = new Uint16Array(bytes.buffer, 0, count);
    const lat = new Uint16Array(bytes.buffer, 2 * count, count);
    this.kind = new Uint8Array(bytes.buffer, 4 * count, count);
    this.x = new Float64Array(count);
    this.y = new Float64Array(count);
    const rows = mercatorRows(south, north);
    const stepX = (east - west) / 65535 / 360;
    const originX = worldX(west);
    for (let i = 0; i < count; i += 1) {
      this.x[i] = originX + lon[i] * stepX;
      this.y[i] = rows[lat[i]];
    }
    this.groupBySpot(lon, lat);
  }

  /**
   * Points of exactly the same place are one spot. `order` lists the points spot by spot; spot s owns the places
   * start[s] to start[s + 1] of it.
   */
  groupBySpot(lon, lat) {
    const { count } = this;
    const keys = new Float64Array(count); // 32 bits of place and 21 bits of position fit the 53 bits of a number
    for (let i = 0; i < count; i += 1) keys[i] = (lon[i] * 65536 + lat[i]) * 2097152 + i;
    keys.sort();
    this.order = new Uint32Array(count);
    const starts = new Uint32Array(count + 1);
    let spots = 0;
    let previous = -1;
    for (let k = 0; k < count; k += 1) {
      const place = Math.floor(keys[k] / 2097152);
      this.order[k] = keys[k] - place * 2097152;
      if (place !== previous) {
        starts[spots] = k;
        spots += 1;
        previous = place;
      }
    }
    starts[spots] = count;
    this.spots = spots;
    this.start = starts.slice(0, spots + 1);
  }

  isNear(point) {
    return this.kind[point] > 127;
  }

  colour(point) {
    return this.kind[point] & 127;
  }

  /** Points of a spot, as positions in the update. */
  pointsOf(spot) {
    return this.order.subarray(this.start[spot], this.start[spot + 1]);
  }

  /** Spots within a box of the world square [x0, y0, x1, y1]. */
  spotsWithin([x0, y0, x1, y1]) {
    const found = [];
    for (let spot = 0; spot < this.spots; spot += 1) {
      const point = this.order[this.start[spot]];
      const x = this.x[point];
      const y = this.y[point];
      if (x >= x0 && x <= x1 && y >= y0 && y <= y1) found.push(spot);
    }
    return found;
  }

  /** Distance, in widths of the world, from a place to the nearest spot; Infinity without any. */
  nearest(x, y) {
    let best = Infinity;
    for (let spot = 0; spot < this.spots; spot += 1) {
      const point = this.order[this.start[spot]];
      best = Math.min(best, (this.x[point] - x) ** 2 + (this.y[point] - y) ** 2);
    }
    return Math.sqrt(best);
  }

  /** What to draw in the box at a zoom: marks {x, y, spots, count, near, colours}, x and y in the world square. */
  marks(box, zoom, colours, isLastZoom) {
    const spots = this.spotsWithin(box);
    const cell = CLUSTER_CELL_PX / worldSizePx(zoom);
    const isSeparate = spots.length <= MOST_SEPARATE_SPOTS || isLastZoom;
    const marks = new Map();
    for (const spot of spots) {
      const first = this.order[this.start[spot]];
      const key = isSeparate ? spot : Math.floor(this.x[first] / cell) * 4194304 + Math.floor(this.y[first] / cell);
      let mark = marks.get(key);
      if (!mark) {
        mark = { x: 0, y: 0, spots: [], count: 0, near: 0, colours: new Uint32Array(colours) };
        marks.set(key, mark);
      }
      this.addSpot(mark, spot);
    }
    for (const mark of marks.values()) {
      mark.x /= mark.count;
      mark.y /= mark.count;
    }
    return [...marks.values()];
  }

  addSpot(mark, spot) {
    mark.spots.push(spot);
    for (const point of this.pointsOf(spot)) {
      mark.x += this.x[point];
      mark.y += this.y[point];
      mark.count += 1;
      mark.near += this.isNear(point) ? 1 : 0;
      mark.colours[this.colour(point)] += 1;
    }
  }
}

/** World y of each of the 65536 latitudes that a packed row can have. */
function mercatorRows(south, north) {
  const rows = new Float64Array(65536);
  for (let i = 0; i < 65536; i += 1) rows[i] = worldY(south + ((north - south) * i) / 65535);
  return rows;
}

/** Most frequent colour of a mark. */
function mainColour(mark) {
  let best = 0;
  for (let i = 1; i < mark.colours.length; i += 1) if (mark.colours[i] > mark.colours[best]) best = i;
  return best;
}
