"use strict";

// Of the list of colours that the style sheet has, as it is now.
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// One map: points that are panned, zoomed and hit. Places are in units of the map, whose longer
// side is 1 and whose middle is (0, 0); what is drawn is in pixels of the screen. Words are known
// by their row, the most frequent first. Points are drawn by adding up how much ink each pixel
// gets, without a graphics card; the labels come on top.
class WordMap {
  static FONT = '13px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
  static MOST_ZOOM = 400;

  // `hooks`: marks() says which words and lines stand out, pick(row) is told of a click, hover(row)
  // of the mouse; row -1 means that no word is there.
  constructor(canvas, labels, hooks) {
    this.canvas = canvas;
    this.labels = labels;
    this.hooks = hooks;
    this.context = canvas.getContext("2d");
    this.widths = new Float32Array(labels.length); // of labels, measured when first drawn
    this.placed = []; // the labels of the last drawing: row and rectangle
    this.view = { x: 0, y: 0, zoom: 1 }; // the place in the middle, and how often it is enlarged
    this.waiting = false;
    new ResizeObserver(() => this.resize()).observe(canvas);
    listenTo(this);
  }

  // points: x and y of each row, from 0 to 65535.
  setPoints(points) {
    const n = points.length / 2;
    this.xs = new Float32Array(n);
    this.ys = new Float32Array(n);
    for (let row = 0; row < n; row++) {
      this.xs[row] = points[2 * row] / 65535 - 0.5;
      this.ys[row] = points[2 * row + 1] / 65535 - 0.5;
    }
    this.grid = new PointGrid(this.xs, this.ys);
    this.redraw();
  }

  resize() {
    const { clientWidth, clientHeight } = this.canvas;
    if (!clientWidth || !clientHeight) return;
    this.ratio = devicePixelRatio;
    this.canvas.width = Math.round(clientWidth * this.ratio);
    this.canvas.height = Math.round(clientHeight * this.ratio);
    this.image = this.context.createImageData(this.canvas.width, this.canvas.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.ink = new Uint8ClampedArray(this.pixels.length);
    this.draw(); // at once: a canvas whose size changes is empty
  }

  get width() { return this.canvas.clientWidth; }
  get height() { return this.canvas.clientHeight; }
  // Pixels of the style sheet to a unit of the map.
  get scale() { return this.view.zoom * 0.92 * Math.min(this.width, this.height); }

  toScreen(row) {
    return [
      (this.xs[row] - this.view.x) * this.scale + this.width / 2,
      (this.ys[row] - this.view.y) * this.scale + this.height / 2,
    ];
  }

  toMap(x, y) {
    return [
      (x - this.width / 2) / this.scale + this.view.x,
      (y - this.height / 2) / this.scale + this.view.y,
    ];
  }

  isVisible(row) {
    const [x, y] = this.toScreen(row);
    return x >= 20 && y >= 20 && x <= this.width - 20 && y <= this.height - 20;
  }

  pan(dx, dy) {
    this.show(this.view.x - dx / this.scale, this.view.y - dy / this.scale, this.view.zoom);
  }

  // Enlarge, and keep what is under (x, y) there.
  zoomAt(factor, x = this.width / 2, y = this.height / 2) {
    const [mapX, mapY] = this.toMap(x, y);
    this.view.zoom = Math.min(Math.max(this.view.zoom * factor, 0.5), WordMap.MOST_ZOOM);
    const [nowX, nowY] = this.toMap(x, y);
    this.show(this.view.x + mapX - nowX, this.view.y + mapY - nowY, this.view.zoom);
  }

  show(x, y, zoom) {
    const within = (value) => Math.min(Math.max(value, -0.55), 0.55);
    this.view = { x: within(x), y: within(y), zoom };
    this.redraw();
  }

  showWord(row, zoom = this.view.zoom) {
    this.show(this.xs[row], this.ys[row], zoom);
  }

  // The view in which all these rows are.
  showWords(rows) {
    const xs = rows.map((row) => this.xs[row]);
    const ys = rows.map((row) => this.ys[row]);
    const [left, right, top, bottom] =
      [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const whole = this.scale / this.view.zoom;
    const zoom = Math.min(
      0.7 * this.width / (whole * (right - left)), 0.7 * this.height / (whole * (bottom - top)),
      WordMap.MOST_ZOOM / 4,
    );
    this.show((left + right) / 2, (top + bottom) / 2, Math.max(zoom, 0.5));
  }

  redraw() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => { this.waiting = false; this.draw(); });
  }

  draw() {
    if (!this.ink || !this.xs) return;
    this.drawPoints();
    this.context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.context.font = WordMap.FONT;
    this.context.textBaseline = "middle";
    this.context.lineJoin = "round";
    const { lines, words } = this.hooks.marks();
    this.drawLabels(words);
    for (const line of lines) this.drawLine(line);
    for (const word of words) this.drawWord(word);
  }

  drawPoints() {
    const { width, height } = this.canvas;
    const { ink, xs, ys } = this;
    const scale = this.scale * this.ratio;
    // Larger as one comes nearer: the fewer points there are in view, the more room each has.
    const radius = this.ratio * Math.min(4, 1 + 0.35 * Math.log2(Math.max(1, this.view.zoom)));
    const stamp = dot(radius);
    const side = Math.sqrt(stamp.length);
    const left = width / 2 - this.view.x * scale - (side - 1) / 2;
    const top = height / 2 - this.view.y * scale - (side - 1) / 2;
    ink.fill(0);
    for (let row = 0; row < xs.length; row++) {
      const x = Math.round(xs[row] * scale + left);
      const y = Math.round(ys[row] * scale + top);
      if (x < 0 || y < 0 || x + side > width || y + side > height) continue;
      for (let line = 0, from = 0; line < side; line++) {
        const to = (y + line) * width + x;
        for (let column = 0; column < side; column++) ink[to + column] += stamp[from++];
      }
    }
    const shades = inkColours(colour("--accent"));
    for (let at = 0; at < ink.length; at++) this.pixels[at] = shades[ink[at]];
    this.context.putImageData(this.image, 0, 0);
  }

  // Labels of the most frequent words in view that have room, beside the labels of what stands out.
  drawLabels(marked) {
    const { width, height, context, scale } = this;
    const left = width / 2 - this.view.x * scale;
    const top = height / 2 - this.view.y * scale;
    const room = new Room(width, height, left, top);
    for (const mark of marked.toReversed()) { // the last one is the most important
      const box = [...this.toScreen(mark.row), this.labelWidth(mark.row) + 14];
      mark.labelled = mark.bold || room.isFree(...box);
      if (mark.labelled) room.take(...box, 0);
    }
    this.placed = [];
    for (let row = 0; row < this.xs.length; row++) {
      const x = this.xs[row] * scale + left;
      const y = this.ys[row] * scale + top;
      if (x < 0 || y < 8 || x > width || y > height - 8 || room.isTaken(x, y)) continue;
      const wide = this.labelWidth(row);
      if (x + wide + 8 > width || !room.isFree(x, y, wide + 10)) continue;
      room.take(x, y, this.labelWidth(row) + 10);
      this.placed.push({ row, x: x + 5, y: y - 9, width: this.labelWidth(row), height: 18 });
    }
    context.strokeStyle = colour("--paper");
    context.fillStyle = colour("--ink");
    context.lineWidth = 3;
    for (const { row, x, y } of this.placed) {
      context.strokeText(this.labels[row], x, y + 9);
      context.fillText(this.labels[row], x, y + 9);
    }
  }

  labelWidth(row) {
    this.widths[row] ||= this.context.measureText(this.labels[row]).width;
    return this.widths[row];
  }

  // A word that stands out: a disc and its label, whatever is below.
  drawWord({ row, name, bold = false, labelled }) {
    const [x, y] = this.toScreen(row);
    const { context } = this;
    context.fillStyle = colour(name);
    context.strokeStyle = colour("--paper");
    context.lineWidth = 4;
    context.beginPath();
    context.arc(x, y, bold ? 6 : 4, 0, 2 * Math.PI);
    context.stroke();
    context.fill();
    if (!labelled) return;
    context.font = (bold ? "bold " : "") + WordMap.FONT;
    context.strokeText(this.labels[row], x + 9, y);
    context.fillStyle = bold ? colour(name) : colour("--ink");
    context.fillText(this.labels[row], x + 9, y);
    context.font = WordMap.FONT;
  }

  drawLine({ from, to, name, thickness = 1, arrow = false }) {
    const { context } = this;
    const [x0, y0] = this.toScreen(from);
    const [x1, y1] = this.toScreen(to);
    context.strokeStyle = colour(name);
    context.lineWidth = thickness;
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    if (arrow) {
      const angle = Math.atan2(y1 - y0, x1 - x0);
      for (const side of [-0.4, 0.4]) {
        context.moveTo(x1, y1);
        context.lineTo(x1 - 12 * Math.cos(angle + side), y1 - 12 * Math.sin(angle + side));
      }
    }
    context.stroke();
  }

  // The row whose label or point is at (x, y), or -1.
  rowAt(x, y, reach = 8) {
    const label = this.placed.find((box) =>
      x >= box.x - 5 && x <= box.x + box.width && y >= box.y && y <= box.y + box.height);
    if (label) return label.row;
    const [mapX, mapY] = this.toMap(x, y);
    return this.grid.nearest(mapX, mapY, reach / this.scale);
  }
}
