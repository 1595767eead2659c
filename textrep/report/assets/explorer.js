"use strict";

// What the page holds: words, known here by their number; for each model which words it has (its
// rows), where they are on each map, and the rows of their neighbours with the cosines.
const explorer = (() => {
  const { words, analogies } = pageData;
  const byId = (id) => document.getElementById(id);

  function decoded(text, Type) {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
    return new Type(bytes.buffer);
  }

  const models = pageData.models.map((model) => {
    const numbers = decoded(model.words, Uint32Array);
    const rows = new Int32Array(words.length).fill(-1);
    numbers.forEach((number, row) => { rows[number] = row; });
    return {
      name: model.name, about: model.about, numbers, rows, width: model.width,
      neighbors: decoded(model.neighbors, Int32Array),
      cosines: decoded(model.cosines, Int16Array),
      layouts: model.layouts.map(({ points, about }) =>
        ({ points: decoded(points, Uint16Array), about })),
    };
  });

  // The neighbours of a word in a model: number of the word and cosine, the nearest first.
  function neighborsOf(model, number) {
    const row = model.rows[number];
    const found = [];
    for (let at = row * model.width; row >= 0 && at < (row + 1) * model.width; at++) {
      if (model.neighbors[at] < 0) break;
      const other = model.numbers[model.neighbors[at]];
      found.push({ number: other, cosine: model.cosines[at] / 32767 });
    }
    return found;
  }

  let selected = -1;
  let hovered = -1;
  const redraw = () => maps.forEach((map) => map.redraw());

  // What stands out on a map: analogies, the selected word with its neighbours, what is under the
  // mouse on this map or the other one.
  function marksOf(model) {
    const lines = [];
    const marked = [];
    const has = (row) => row !== undefined && row >= 0;
    for (const numbers of analogies) {
      const [a, b, c, d] = numbers.map((number) => model.rows[number]);
      for (const [from, to] of [[a, b], [c, d]]) {
        if (has(from) && has(to)) {
          lines.push({ from, to, name: "--bad", thickness: 2, arrow: true });
        }
      }
      marked.push(...[a, b, c, d].filter(has).map((row) => ({ row, name: "--bad" })));
    }
    const from = model.rows[selected];
    if (has(from)) {
      for (const { number } of neighborsOf(model, selected)) {
        const to = model.rows[number];
        lines.push({ from, to, name: "--faint" });
        marked.push({ row: to, name: "--good" });
      }
      marked.push({ row: from, name: "--good", bold: true });
    }
    const under = model.rows[hovered];
    if (has(under) && hovered !== selected) marked.push({ row: under, name: "--accent", bold: true });
    return { lines, words: marked };
  }

  const maps = models.map((model, place) => {
    const labels = Array.from(model.numbers, (number) =>
      words[number].length > 30 ? `${words[number].slice(0, 29)}…` : words[number]);
    const map = new WordMap(byId(`map-${place}`), labels, {
      marks: () => marksOf(model),
      pick: (row) => select(row < 0 ? -1 : model.numbers[row], map),
      hover: (row) => {
        const number = row < 0 ? -1 : model.numbers[row];
        if (number === hovered) return;
        hovered = number;
        redraw();
      },
    });
    return map;
  });

  function showLayout(which) {
    maps.forEach((map, place) => {
      const { points, about } = models[place].layouts[which];
      map.setPoints(points);
      byId(`about-${place}`).textContent = `${models[place].about} ${about}`;
    });
  }

  function element(tag, text, className) {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function neighborList(near, shared) {
    const list = element("ol");
    for (const { number, cosine } of near) {
      const button = element("button");
      button.type = "button";
      if (shared.has(number)) button.className = "shared";
      const cosineText = cosine.toFixed(3).replace(/^(-?)0/, "$1");
      button.append(element("bdi", words[number]), element("span", cosineText, "cosine"));
      button.addEventListener("click", () => { select(number); });
      const item = element("li");
      item.append(button);
      list.append(item);
    }
    return list;
  }

  // Select a word, or nothing (-1). The maps go there; the one that was clicked in stays.
  function select(number, clicked = null) {
    selected = number;
    const known = byId("word");
    known.replaceChildren();
    if (number < 0) {
      known.append(element("p", "Click a word, or search for one.", "faint"));
      byId("said").textContent = "";
      redraw();
      return;
    }
    const near = models.map((model) => neighborsOf(model, number));
    const numbers = near.map((list) => new Set(list.map((found) => found.number)));
    const both = new Set([...numbers[0]].filter((found) => numbers[1]?.has(found)));
    const heading = element("h2");
    heading.append(element("bdi", words[number]));
    known.append(heading);
    const said = [];
    models.forEach((model, place) => {
      if (models.length > 1) known.append(element("h3", model.name));
      const found = near[place].map((neighbor) => words[neighbor.number]);
      const missing = model.rows[number] < 0 ? "It is not on this map."
        : "It is the only word here.";
      if (found.length) known.append(neighborList(near[place], both));
      else known.append(element("p", missing, "faint"));
      said.push(`${model.name}: ${found.length ? found.join(", ") : missing}`);
    });
    if (models.length > 1 && near.every((list) => list.length)) {
      known.append(element("p", `${both.size} of ${near[0].length} are the same in both.`, "faint"));
    }
    byId("said").textContent = `Nearest to ${words[number]}. ${said.join(". ")}`;
    maps.forEach((map, place) => {
      const row = models[place].rows[number];
      if (row >= 0 && map !== clicked && !map.isVisible(row)) map.showWord(row);
    });
    redraw();
  }

  // Words that begin with a text, then those that hold it, the most frequent first.
  function matching(text, most = 12) {
    const wanted = text.toLowerCase();
    const begin = [];
    const hold = [];
    for (let number = 0; number < words.length && begin.length < most; number++) {
      const at = lowered[number].indexOf(wanted);
      if (at === 0) begin.push(number);
      else if (at > 0 && hold.length < most) hold.push(number);
    }
    const found = [...begin, ...hold].slice(0, most);
    const exact = exactly.get(text);
    if (exact === undefined) return found;
    return [exact, ...found.filter((number) => number !== exact)].slice(0, most);
  }
  const lowered = words.map((word) => word.toLowerCase());
  const exactly = new Map(words.map((word, number) => [word, number]));

  const search = byId("search");
  const matches = byId("matches");
  let chosen = 0;
  function offer(found) {
    chosen = 0;
    matches.replaceChildren(...found.map((number, place) => {
      const item = element("li");
      item.id = `match-${place}`;
      item.setAttribute("role", "option");
      item.dataset.number = number;
      item.append(element("bdi", words[number]));
      return item;
    }));
    mark(0);
  }
  function mark(place) {
    const items = [...matches.children];
    search.setAttribute("aria-expanded", String(items.length > 0));
    search.removeAttribute("aria-activedescendant");
    if (!items.length) return;
    chosen = (place + items.length) % items.length;
    items.forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
    search.setAttribute("aria-activedescendant", items[chosen].id);
    items[chosen].scrollIntoView({ block: "nearest" });
  }
  function go(number) {
    search.value = words[number];
    offer([]);
    maps.forEach((map, place) => {
      const row = models[place].rows[number];
      if (row >= 0) map.showWord(row, Math.max(map.view.zoom, 8));
    });
    select(number);
  }
  search.addEventListener("input", () => {
    offer(search.value ? matching(search.value) : []);
    if (search.value && !matches.children.length) {
      byId("said").textContent = `No word holds ${search.value}.`;
    }
  });
  search.addEventListener("keydown", (event) => {
    const item = matches.children[chosen];
    const does = {
      ArrowDown: () => mark(chosen + 1), ArrowUp: () => mark(chosen - 1),
      Enter: () => { if (item) go(Number(item.dataset.number)); }, Escape: () => offer([]),
    }[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  });
  search.addEventListener("blur", () => offer([]));
  matches.addEventListener("mousedown", (event) => event.preventDefault()); // keep the focus
  matches.addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (item) go(Number(item.dataset.number));
  });

  byId("layout")?.addEventListener("change", (event) => showLayout(Number(event.target.value)));
  for (const button of document.querySelectorAll(".zoom button")) {
    const map = maps[Number(button.dataset.map)];
    const does = {
      in: () => map.zoomAt(1.5), out: () => map.zoomAt(1 / 1.5), all: () => map.show(0, 0, 1),
    }[button.dataset.does];
    button.addEventListener("click", does);
  }
  for (const button of document.querySelectorAll("#analogies button")) {
    button.addEventListener("click", () => {
      const analogy = analogies[Number(button.dataset.analogy)];
      maps.forEach((map, place) => {
        const rows = analogy.map((number) => models[place].rows[number]).filter((row) => row >= 0);
        if (rows.length) map.showWords(rows);
      });
    });
  }
  document.addEventListener("themechange", redraw);
  // Paper is light, and does not wait for the next frame.
  addEventListener("beforeprint", () => maps.forEach((map) => map.draw()));
  showLayout(0);
  select(-1);
  return { words, models, maps, neighborsOf, select, matching };
})();
