"use strict";

// Where labels still have room: a grid of cells that moves with the map, so that labels stay where
// they are while it is dragged. (left, top) is where the middle of the map is on the screen.
class Room {
  static CELL = 8;
  static AROUND = 2; // cells between two labels

  constructor(width, height, left, top) {
    const { CELL } = Room;
    this.columns = Math.ceil(width / CELL) + 8;
    this.lines = Math.ceil(height / CELL) + 8;
    this.taken = new Uint8Array(this.columns * this.lines);
    this.left = left - CELL * Math.floor(left / CELL) - 4 * CELL;
    this.top = top - CELL * Math.floor(top / CELL) - 4 * CELL;
  }

  // The cells of a label that begins at (x, y), cut off where the grid ends.
  cells(x, y, width, around) {
    const column = Math.floor((x - this.left) / Room.CELL);
    const line = Math.floor((y - this.top) / Room.CELL);
    return [
      Math.max(0, column - around), Math.max(0, line - 1 - around),
      Math.min(this.columns, column + Math.ceil(width / Room.CELL) + 1 + around),
      Math.min(this.lines, line + 2 + around),
    ];
  }

  isTaken(x, y) {
    const [column, line] = this.cells(x, y, 0, 0);
    return this.taken[(line + 1) * this.columns + column] === 1;
  }

  isFree(x, y, width) {
    const [first, top, end, bottom] = this.cells(x, y, width, 0);
    for (let line = top; line < bottom; line++) {
      if (this.taken.subarray(line * this.columns + first, line * this.columns + end).includes(1)) {
        return false;
      }
    }
    return true;
  }

  take(x, y, width, around = Room.AROUND) {
    const [first, top, end, bottom] = this.cells(x, y, width, around);
    for (let line = top; line < bottom; line++) {
      if (end > first) this.taken.fill(1, line * this.columns + first, line * this.columns + end);
    }
  }
}

// The points by the cells of a square grid: which is nearest is found among few.
class PointGrid {
  static SIDE = 256;

  constructor(xs, ys) {
    const { SIDE } = PointGrid;
    this.xs = xs;
    this.ys = ys;
    this.starts = new Uint32Array(SIDE * SIDE + 1);
    this.rows = new Uint32Array(xs.length);
    const cells = Uint32Array.from(xs, (x, row) => this.line(ys[row]) * SIDE + this.line(x));
    for (const cell of cells) this.starts[cell + 1]++;
    for (let cell = 0; cell < SIDE * SIDE; cell++) this.starts[cell + 1] += this.starts[cell];
    const next = this.starts.slice();
    cells.forEach((cell, row) => { this.rows[next[cell]++] = row; });
  }

  line(place) {
    const { SIDE } = PointGrid;
    return Math.min(SIDE - 1, Math.max(0, Math.floor((place + 0.5) * SIDE)));
  }

  nearest(x, y, reach) {
    let found = -1;
    let least = reach * reach;
    for (let down = this.line(y - reach); down <= this.line(y + reach); down++) {
      const first = down * PointGrid.SIDE + this.line(x - reach);
      const last = down * PointGrid.SIDE + this.line(x + reach);
      for (let at = this.starts[first]; at < this.starts[last + 1]; at++) {
        const row = this.rows[at];
        const distance = (this.xs[row] - x) ** 2 + (this.ys[row] - y) ** 2;
        if (distance < least || (distance === least && found < 0)) {
          found = row;
          least = distance;
        }
      }
    }
    return found;
  }
}

// How much ink a disc gives each pixel of the square around it.
function dot(radius) {
  const side = 2 * Math.ceil(radius - 0.5) + 1;
  const middle = (side - 1) / 2;
  return Uint8Array.from({ length: side * side }, (_, at) => {
    const distance = Math.hypot((at % side) - middle, Math.floor(at / side) - middle);
    return Math.round(90 * Math.min(1, Math.max(0, radius + 0.5 - distance)));
  });
}

// The pixel of each amount of ink: the more points lie on each other, the stronger.
function inkColours(text) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));
  return Uint32Array.from({ length: 256 }, (_, ink) => {
    const alpha = Math.round(235 * (1 - Math.exp(-ink / 130)));
    return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  });
}
