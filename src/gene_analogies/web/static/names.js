// Completes names of genes that are being typed, and says while an answer is being worked out.
"use strict";
let lists = 0;

const combobox = (input) => {
  const form = input.form;
  const list = document.createElement("ul");
  list.id = `names-${(lists += 1)}`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "names");
  list.hidden = true;
  input.closest("label").after(list);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  })) input.setAttribute(name, value);
  let asked = null;
  let wait = 0;

  const close = () => {
    clearTimeout(wait);
    asked?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const select = (option) => {
    for (const one of list.children) one.setAttribute("aria-selected", String(one === option));
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }
  };

  const choose = (option) => {
    input.value = option.dataset.item;
    close();
  };

  const part = (kind, text) => {
    const element = document.createElement(kind);
    element.textContent = text;
    return element;
  };

  const show = (names) => {
    const options = names.map((one, index) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${index}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.item = one.item;
      const known = [one.symbol, one.item, one.full_name];
      const through = known.includes(one.matched) ? "" : ` (${one.matched})`;
      option.append(part("b", one.symbol), part("small", `${one.full_name}${through}`));
      return option;
    });
    list.replaceChildren(...options);
    list.hidden = options.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
  };

  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const address = new URL(form.dataset.api, location.href);
    address.searchParams.set("q", input.value);
    address.searchParams.set("limit", "8");
    const chosen = new FormData(form).get("e");
    if (chosen) address.searchParams.set("e", chosen);
    try {
      const answer = await fetch(address, { signal: asked.signal });
      const { names } = answer.ok ? await answer.json() : { names: [] };
      if (document.activeElement === input) show(names);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(wait);
    if (input.value.trim()) wait = setTimeout(ask, 80);
    else close();
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) {
      if (event.key === "ArrowDown" && input.value.trim()) ask();
      return;
    }
    const options = [...list.children];
    const at = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : at < 0 ? 0 : -1;
      select(options[(at + step + options.length) % options.length]);
      event.preventDefault();
    } else if (event.key === "Enter" && at >= 0) {
      choose(options[at]);
      event.preventDefault();
    } else if (event.key === "Escape") {
      close();
      event.preventDefault();
    }
  });
  list.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
    event.preventDefault();
  });
  input.addEventListener("blur", close);
};

for (const input of document.querySelectorAll("input[data-names]")) combobox(input);

for (const form of document.querySelectorAll("form.ask")) {
  form.addEventListener("submit", () => {
    form.querySelector(".working").hidden = false;
  });
  // A page that is gone back to does not search.
  addEventListener("pageshow", () => {
    form.querySelector(".working").hidden = true;
  });
  // Empty fields are no part of an address, but for one of a pair, which is then asked for.
  form.addEventListener("formdata", (event) => {
    const data = event.formData;
    const [a, b] = [data.getAll("a"), data.getAll("b")];
    const pairs = a.map((one, i) => [one, b[i] ?? ""]).filter((pair) => pair.some((one) => one.trim()));
    const filled = [...data].filter(([name, value]) => value.trim() && !(b.length && ["a", "b"].includes(name)));
    for (const name of new Set(data.keys())) data.delete(name);
    if (b.length) for (const pair of pairs) pair.forEach((one, i) => data.append("ab"[i], one.trim()));
    for (const [name, value] of filled) data.append(name, value);
  });
}
