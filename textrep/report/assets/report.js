// What is folded away is on paper, too.
const folded = [...document.querySelectorAll("details:not([open])")];
addEventListener("beforeprint", () => folded.forEach((one) => { one.open = true; }));
addEventListener("afterprint", () => folded.forEach((one) => { one.open = false; }));

// Columns of a sortable table are sorted by a button in their header; numbers by their value.
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const headers = [...table.tHead.rows[0].cells];
  headers.forEach((header, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => {
      const descending = header.getAttribute("aria-sort") !== "descending";
      headers.forEach((other) => other.removeAttribute("aria-sort"));
      header.setAttribute("aria-sort", descending ? "descending" : "ascending");
      const sign = descending ? -1 : 1;
      const rows = [...body.rows].map((row) => {
        const cell = row.cells[column];
        return { row, text: cell.textContent, key: cell.dataset.key };
      });
      // What has no value is last, whichever way the others go.
      rows.sort((a, b) => {
        if (a.key === undefined && b.key === undefined) return sign * a.text.localeCompare(b.text);
        if (a.key === undefined || b.key === undefined) return a.key === undefined ? 1 : -1;
        return sign * (Number(a.key) - Number(b.key));
      });
      body.append(...rows.map(({ row }) => row));
    });
  });
}
