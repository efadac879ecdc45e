// Shows beside the table the row that is pointed at, clicked or reached by the arrow keys; a click
// or a key keeps it. The server makes what is shown; without this script the numbers of the rows
// are links to it.
"use strict";
const table = document.querySelector("table[data-beside]");
const side = document.getElementById("side");

if (table && side) {
  const status = document.querySelector(".unseen");
  let asked = null;
  let wait = 0;
  let pointer = null;

  const numbers = () => [...table.querySelectorAll(".choose")];
  const current = () => table.querySelector("tr[aria-current] .choose")?.dataset.row ?? "1";
  const viewed = () => side.querySelector(".views [aria-current]")?.dataset.view ?? "pair";
  const kept = () => table.querySelector("tr[data-kept] .choose")?.dataset.row;

  const keep = (row) => {
    for (const one of numbers()) one.closest("tr").toggleAttribute("data-kept", one.dataset.row === row);
  };

  const show = async (row, view) => {
    clearTimeout(wait);
    asked?.abort();
    const mine = (asked = new AbortController());
    const fragment = new URL(table.dataset.beside, location.href);
    const here = new URL(location.href);
    for (const address of [fragment, here]) {
      address.searchParams.set("row", row);
      address.searchParams.set("view", view);
    }
    if (view === "pair") here.searchParams.delete("view");
    for (const one of numbers()) {
      if (one.dataset.row === row) one.closest("tr").setAttribute("aria-current", "true");
      else one.closest("tr").removeAttribute("aria-current");
    }
    try {
      const answer = await fetch(fragment, { signal: mine.signal });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const text = await answer.text();
      const focused = side.contains(document.activeElement)
        ? document.activeElement.dataset.view
        : undefined;
      side.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
      if (focused) side.querySelector(`[data-view="${focused}"]`)?.focus();
      status.textContent = side.querySelector("h2").textContent;
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

  const isBelow = () => getComputedStyle(side).position === "static";
  const rowOf = (target) => target.closest?.("tbody tr")?.querySelector(".choose")?.dataset.row;
  const asItIs = (event) => event.metaKey || event.ctrlKey || event.shiftKey;

  table.addEventListener("pointermove", (event) => {
    // A page that is scrolled below a pointer at rest sends the place where that was before.
    const place = `${event.screenX} ${event.screenY}`;
    if (event.pointerType !== "mouse" || place === pointer) return;
    pointer = place;
    const row = rowOf(event.target);
    clearTimeout(wait);
    if (kept() || !row || row === current() || isBelow()) return;
    wait = setTimeout(() => show(row, viewed()), 150);
  });
  table.addEventListener("pointerleave", () => clearTimeout(wait));
  table.addEventListener("click", (event) => {
    const row = rowOf(event.target);
    const link = event.target.closest("a");
    if (!row || asItIs(event) || (link && !link.matches(".choose"))) return;
    event.preventDefault();
    if (row === kept() && !link) {
      keep(null);
      return;
    }
    keep(row);
    show(row, viewed());
    numbers().find((one) => one.dataset.row === row).focus({ preventScroll: true }); // for the arrow keys
    // On a narrow screen it stands below the table.
    if (isBelow()) side.scrollIntoView();
  });
  table.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const links = numbers().filter((one) => one.offsetParent);
    const at = links.findIndex((one) => one.dataset.row === rowOf(document.activeElement));
    if (at < 0) return;
    const next = links[at + (event.key === "ArrowDown" ? 1 : -1)];
    event.preventDefault();
    if (!next) return;
    next.focus();
    keep(next.dataset.row);
    show(next.dataset.row, viewed());
  });
  side.addEventListener("click", (event) => {
    const link = event.target.closest("[data-view]");
    if (!link || asItIs(event)) return;
    event.preventDefault();
    show(current(), link.dataset.view);
  });
  if (new URL(location.href).searchParams.has("row")) keep(current());
  for (const one of document.querySelectorAll(".hint")) one.hidden = false;
}
