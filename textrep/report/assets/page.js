"use strict";

const pageData = JSON.parse(document.getElementById("page-data").textContent);

// Light or dark: what was chosen last, else what the system prefers. A page that was opened from
// a file may have no storage; then the choice holds until it is closed.
(() => {
  const root = document.documentElement;
  const kept = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const system = matchMedia("(prefers-color-scheme: dark)");
  const show = () => {
    root.dataset.theme = kept() ?? (system.matches ? "dark" : "light");
    document.dispatchEvent(new Event("themechange"));
  };
  document.getElementById("theme").addEventListener("click", () => {
    const next = root.dataset.theme === "dark" ? "light" : "dark";
    try { localStorage.setItem("theme", next); } catch { /* not kept */ }
    root.dataset.theme = next;
    document.dispatchEvent(new Event("themechange"));
  });
  system.addEventListener("change", show);
  addEventListener("beforeprint", () => { root.dataset.theme = "light"; });
  addEventListener("afterprint", show);
  show();
})();
