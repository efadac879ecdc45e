// Shows beside the table the row that is pointed at or reached by the arrow keys. The server makes
// what is shown; without this script the numbers of the rows are links to it.
"use strict";
const table = document.querySelector("table[data-beside]");
const side = document.getElementById("side");

if (table && side) {
  let asked = null;
  let wait = 0;

  const state = () => {
    const view = side.querySelector(".views [aria-current]")?.dataset.view ?? "pair";
    const row = table.querySelector("tr[aria-current] .choose")?.dataset.row ?? "1";
    return { row, view };
  };

  const show = async (row, view) => {
    clearTimeout(wait);
    asked?.abort();
    asked = new AbortController();
    const fragment = new URL(table.dataset.beside, location.href);
    const here = new URL(location.href);
    for (const address of [fragment, here]) {
      address.searchParams.set("row", row);
      address.searchParams.set("view", view);
    }
    if (view === "pair") here.searchParams.delete("view");
    for (const one of table.tBodies[0].rows) {
      if (one.querySelector(".choose").dataset.row === row) one.setAttribute("aria-current", "true");
      else one.removeAttribute("aria-current");
    }
    try {
      const answer = await fetch(fragment, { signal: asked.signal });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const focused = side.contains(document.activeElement)
        ? document.activeElement.dataset.view
        : undefined;
      const text = await answer.text();
      side.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
      if (focused) side.querySelector(`[data-view="${focused}"]`)?.focus();
      side.dispatchEvent(new Event("shown", { bubbles: true }));
      history.replaceState(null, "", here);
    } catch (error) {
      if (error.name === "AbortError") return;
      const again = document.createElement("a");
      again.href = here;
      again.textContent = "ask again";
      // What it showed is of another row.
      side.replaceChildren(`This row cannot be fetched (${error.message}): `, again);
    }
  };

  const rowOf = (target) => target.closest?.("tbody tr")?.querySelector(".choose");

  table.addEventListener("pointerover", (event) => {
    const link = rowOf(event.target);
    clearTimeout(wait);
    if (event.pointerType !== "mouse" || !link || link.dataset.row === state().row) return;
    wait = setTimeout(() => show(link.dataset.row, state().view), 150);
  });
  table.addEventListener("pointerleave", () => clearTimeout(wait));
  table.addEventListener("click", (event) => {
    const link = event.target.closest(".choose");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    show(link.dataset.row, state().view);
    // On a narrow screen it stands below the table.
    if (getComputedStyle(side).position === "static") side.scrollIntoView();
  });
  table.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const links = [...table.querySelectorAll(".choose")].filter((one) => one.offsetParent);
    const at = links.indexOf(rowOf(document.activeElement));
    if (at < 0) return;
    const next = links[at + (event.key === "ArrowDown" ? 1 : -1)];
    event.preventDefault();
    if (!next) return;
    next.focus();
    show(next.dataset.row, state().view);
  });
  side.addEventListener("click", (event) => {
    const link = event.target.closest("[data-view]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    show(state().row, link.dataset.view);
  });
}
