"use strict";

// Let a map be dragged, pinched, zoomed by the wheel, clicked in and moved by keys.
function listenTo(map) {
  const { canvas } = map;
  const pointers = new Map(); // where each finger is, or the mouse with its button down
  let moved = 0; // pixels since it came down
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left - canvas.clientLeft,
            event.clientY - box.top - canvas.clientTop];
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    try { canvas.setPointerCapture(event.pointerId); } catch { /* it is gone already */ }
    pointers.set(event.pointerId, place(event));
    moved = pointers.size > 1 ? Infinity : 0; // two fingers never click
  });
  canvas.addEventListener("pointermove", (event) => {
    const now = place(event);
    const before = pointers.get(event.pointerId);
    if (!before) {
      const row = map.rowAt(...now);
      canvas.classList.toggle("over-word", row >= 0);
      map.hooks.hover(row);
      return;
    }
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, now);
    if (other) {
      const middle = (from) => [(from[0] + other[0]) / 2, (from[1] + other[1]) / 2];
      const apart = (from) => Math.max(1, Math.hypot(from[0] - other[0], from[1] - other[1]));
      const [oldX, oldY] = middle(before);
      const [newX, newY] = middle(now);
      map.pan(newX - oldX, newY - oldY);
      map.zoomAt(apart(now) / apart(before), newX, newY);
    } else {
      moved += Math.hypot(now[0] - before[0], now[1] - before[1]);
      canvas.classList.toggle("dragged", moved > 4);
      map.pan(now[0] - before[0], now[1] - before[1]);
    }
  });
  const end = (event) => {
    const known = pointers.delete(event.pointerId);
    canvas.classList.remove("dragged");
    if (known && event.type === "pointerup" && moved <= 4) {
      map.hooks.pick(map.rowAt(...place(event), event.pointerType === "touch" ? 20 : 8));
    }
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  canvas.addEventListener("pointerleave", () => map.hooks.hover(-1));
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 30 : 1;
    const turn = Math.min(Math.max(event.deltaY * lines, -300), 300);
    map.zoomAt(Math.exp(-turn / 300), ...place(event));
  }, { passive: false });
  const keys = {
    ArrowLeft: () => map.pan(60, 0), ArrowRight: () => map.pan(-60, 0),
    ArrowUp: () => map.pan(0, 60), ArrowDown: () => map.pan(0, -60),
    "+": () => map.zoomAt(1.5), "=": () => map.zoomAt(1.5), "-": () => map.zoomAt(1 / 1.5),
    0: () => map.show(0, 0, 1), Escape: () => map.hooks.pick(-1),
  };
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  });
}
