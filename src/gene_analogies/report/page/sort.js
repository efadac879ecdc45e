// Lets the columns of each table of class "sortable" be sorted, by a button in their headings.
// Numbers are compared by data-value, texts by what they show; what is missing comes last, and ties
// stay in the order in which the page came. Of more than 500 rows the style shows as many, and a
// button shows all.
"use strict";
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  const texts = new Intl.Collator("en", { numeric: true });

  const valueOf = (row, index, isNumber) => {
    const cell = row.cells[index];
    if (isNumber) return cell.dataset.value === undefined ? null : Number(cell.dataset.value);
    return (cell.querySelector(".name") ?? cell).textContent.trim() || null;
  };

  const sortBy = (index) => {
    const head = heads[index];
    const isNumber = head.classList.contains("number");
    const opposite = { ascending: "descending", descending: "ascending" };
    const order = opposite[head.getAttribute("aria-sort")] ?? head.dataset.first;
    const sign = order === "ascending" ? 1 : -1;
    const compare = isNumber ? (one, other) => one - other : texts.compare;
    const keyed = rows.map((row) => [valueOf(row, index, isNumber), row]);
    keyed.sort(([one], [other]) => {
      if (one === null || other === null) return (one === null) - (other === null);
      return sign * compare(one, other);
    });
    body.replaceChildren(...keyed.map(([, row]) => row));
    for (const each of heads) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", order);
  };

  if (rows.length > 1) {
    heads.forEach((head, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => sortBy(index));
      head.append(button);
    });
  }

  if (rows.length > 500) {
    const more = document.createElement("button");
    more.type = "button";
    more.className = "more";
    more.textContent = `Show all ${rows.length.toLocaleString("en")} rows`;
    more.addEventListener("click", () => {
      table.classList.add("all");
      table.parentElement.focus();
      more.remove();
    });
    table.parentElement.after(more);
  }
}
