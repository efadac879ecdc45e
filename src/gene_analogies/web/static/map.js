// Draws the map of all genes on a canvas when it is first shown, with the genes of the answer
// marked and named; pointing at a dot, or reaching a link of the list, names its gene.
"use strict";
const maps = new Map();
const SIZE = 460;
const NEAR = 9;
// Where a name may stand that has no room beside its dot: the nearest first.
const AROUND = [28, 44, 60, 80, 100].flatMap((far) =>
  Array.from({ length: 12 }, (_, i) => [far * Math.cos((i * Math.PI) / 6), far * Math.sin((i * Math.PI) / 6)]),
);

const load = (address) => {
  if (!maps.has(address)) {
    const coming = fetch(address).then((answer) => {
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      return answer.json();
    });
    coming.catch(() => maps.delete(address));
    maps.set(address, coming);
  }
  return maps.get(address);
};

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const draw = (canvas, known, marks, pointed) => {
  const scale = window.devicePixelRatio || 1;
  canvas.width = canvas.height = SIZE * scale;
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  pen.fillStyle = colour("--ink");
  pen.globalAlpha = 0.18;
  for (const [x, y] of known.places) pen.fillRect(x - 0.75, y - 0.75, 1.5, 1.5);
  pen.globalAlpha = 1;
  const taken = [];
  const dot = ([x, y], radius, filled) => {
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fillStyle = filled;
    pen.fill();
  };
  const line = (from, to) => {
    pen.beginPath();
    pen.moveTo(...from);
    pen.lineTo(...to);
    pen.lineWidth = 1;
    pen.strokeStyle = colour("--soft");
    pen.stroke();
  };
  const free = (box) =>
    box[0] >= 0 && box[2] <= SIZE && box[1] >= 0 && box[3] <= SIZE &&
    taken.every((one) => box[2] < one[0] || box[0] > one[2] || box[3] < one[1] || box[1] > one[3]);
  for (const mark of [...marks].reverse()) dot(known.places[mark.at], mark.order < 2 ? 4.5 : 3.5, mark.colour);
  for (const mark of marks) {
    const [x, y] = known.places[mark.at];
    taken.push([x - 4, y - 4, x + 4, y + 4]);
  }
  for (const mark of marks) {
    const [x, y] = known.places[mark.at];
    pen.font = `${mark.order < 2 ? "bold " : ""}12px system-ui, "DejaVu Sans", sans-serif`;
    const wide = pen.measureText(mark.label).width;
    const places = [[x + 6, y + 4], [x - 6 - wide, y + 4], [x - wide / 2, y - 7], [x - wide / 2, y + 16]];
    const fits = ([left, base]) => free([left, base - 11, left + wide, base + 3]);
    let place = places.find(fits);
    if (!place && mark.order < 2) {
      // Those that matter most are named at a distance, with a line.
      place = AROUND.map(([dx, dy]) => [x + dx - wide / 2, y + dy + 4]).find(fits);
      if (place) line([x, y], [place[0] + wide / 2, place[1] - 4]);
    }
    if (!place) continue;
    const [left, base] = place;
    taken.push([left, base - 11, left + wide, base + 3]);
    pen.lineWidth = 3;
    pen.strokeStyle = colour("--paper");
    pen.strokeText(mark.label, left, base);
    pen.fillStyle = colour("--ink");
    pen.fillText(mark.label, left, base);
  }
  if (pointed !== null) {
    const [x, y] = known.places[pointed];
    pen.beginPath();
    pen.arc(x, y, 6, 0, 2 * Math.PI);
    pen.lineWidth = 2;
    pen.strokeStyle = colour("--ink");
    pen.stroke();
  }
};

const prepare = (content) => {
  const most = Math.max(...content.x, ...content.y) || 1;
  const inner = SIZE - 24;
  const places = content.x.map((x, i) => [12 + (inner * x) / most, SIZE - 12 - (inner * content.y[i]) / most]);
  return { places, rows: new Map(content.items.map((item, i) => [item, i])), content };
};

const open = async (box) => {
  if (box.dataset.open) return;
  box.dataset.open = "yes";
  const status = box.querySelector(".map-status");
  const canvas = box.querySelector("canvas");
  const name = box.querySelector(".map-name");
  status.textContent = "Fetching the map …";
  let known;
  try {
    known = prepare(await load(box.dataset.map));
  } catch (error) {
    status.textContent = `The map cannot be fetched (${error.message}).`;
    delete box.dataset.open; // to be tried again
    return;
  }
  const nameOf = (at) => (known.content.symbols ?? known.content.items)[at];
  const links = [...box.querySelectorAll("[data-item]")];
  const listed = links.map((link) => ({ link, at: known.rows.get(link.dataset.item) }));
  const ORDER = ["chosen", "asked", "found"]; // the first are named where there is no room for all
  const mark = ({ link, at }) => {
    const order = ORDER.findIndex((kind) => link.classList.contains(kind));
    return { at, order, label: link.textContent, colour: colour(`--${ORDER[order]}`) };
  };
  let pointed = null;
  const redraw = () =>
    draw(
      canvas,
      known,
      listed.filter((one) => one.at !== undefined).map(mark).sort((one, other) => one.order - other.order),
      pointed,
    );
  const point = (at) => {
    if (at === pointed) return;
    pointed = at;
    name.textContent = at === null ? "" : nameOf(at);
    redraw();
  };
  status.hidden = true;
  canvas.hidden = name.hidden = false;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `Map of ${known.places.length.toLocaleString("en")} ${box.dataset.thing}s`);
  redraw();
  canvas.addEventListener("pointermove", (event) => {
    const frame = canvas.getBoundingClientRect();
    const x = ((event.clientX - frame.left) * SIZE) / frame.width;
    const y = ((event.clientY - frame.top) * SIZE) / frame.height;
    let best = null;
    let least = NEAR * NEAR;
    const near = ([px, py]) => (px - x) ** 2 + (py - y) ** 2;
    const marked = new Set(listed.map((one) => one.at));
    known.places.forEach((place, at) => {
      const far = near(place) * (marked.has(at) ? 0.5 : 1); // those of the answer are easier to hit
      if (far < least) [best, least] = [at, far];
    });
    point(best);
  });
  const focused = () => listed.find(({ link }) => link === document.activeElement)?.at ?? null;
  canvas.addEventListener("pointerleave", () => point(focused()));
  for (const { link, at } of listed) {
    for (const kind of ["focus", "pointerenter"]) link.addEventListener(kind, () => point(at ?? null));
    for (const kind of ["blur", "pointerleave"]) link.addEventListener(kind, () => point(focused()));
  }
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const recolour = () => {
    if (canvas.isConnected) redraw();
    else dark.removeEventListener("change", recolour); // another row is shown
  };
  dark.addEventListener("change", recolour);
};

const openAll = () => {
  for (const box of document.querySelectorAll(".map")) {
    const details = box.closest("details");
    if (!details || details.open) open(box);
  }
};
for (const details of document.querySelectorAll("details.on-map")) {
  details.addEventListener("toggle", openAll);
}
document.addEventListener("shown", openAll);
openAll();
