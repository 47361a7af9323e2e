"use strict";
// Narrow the table of findings; without a script all of them are shown.
(() => {
  const form = document.getElementById("filters");
  if (!form) return;
  const rows = [...document.querySelectorAll("tbody.finding")];
  const shown = document.getElementById("shown");
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const narrow = () => {
    const wanted = new FormData(form);
    const words = wanted.get("text").trim().toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    rows.forEach((row, turn) => {
      const fits =
        ["comparison", "state", "reason"].every((name) => !wanted.get(name) || row.dataset[name] === wanted.get(name)) &&
        (!wanted.get("open") || row.dataset.open === "true") &&
        words.every((word) => texts[turn].includes(word));
      row.hidden = !fits;
      if (fits) count += 1;
    });
    shown.textContent = count.toLocaleString("en");
  };
  form.hidden = false;
  form.addEventListener("input", narrow);
  form.addEventListener("submit", (event) => event.preventDefault());
  // A segment or line of a state narrows the table to it.
  document.querySelectorAll("[data-show]").forEach((one) =>
    one.addEventListener("click", () => {
      const [comparison, state] = one.dataset.show.split(" ");
      form.elements.comparison.value = comparison;
      form.elements.state.value = state;
      if (form.elements.state.value !== state) form.elements.state.value = "";
      form.elements.reason.value = "";
      narrow();
      document.getElementById("findings").scrollIntoView();
    }),
  );
  // On paper everything is open.
  addEventListener("beforeprint", () => document.querySelectorAll("#findings details").forEach((one) => (one.open = true)));
  narrow();
})();
