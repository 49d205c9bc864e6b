// A scorer's sheet: Enter goes to the next box, and households can be tapped one after another from the best off down.
// Without this file every box is a field like any other.
(() => {
  "use strict";
  const form = document.querySelector("form[data-rank]");
  if (!form) return;
  const boxes = [...form.querySelectorAll('input[name^="place-"]')];
  const count = form.querySelector("[data-rank-count]");
  const tell = () => { if (count) count.textContent = `已填 ${boxes.filter((box) => box.value.trim()).length} 户`; };
  form.addEventListener("input", tell);

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !boxes.includes(event.target)) return;
    event.preventDefault();
    const next = boxes[boxes.indexOf(event.target) + 1];
    if (next) { next.focus(); next.select(); } else form.querySelector('.fp-go [value="save"]').focus();
  });

  const bar = form.querySelector("[data-rank-tap]");
  if (!bar) return;
  const [on, same, undo] = ["on", "same", "undo"].map((name) => bar.querySelector(`[data-rank-${name}]`));
  const placed = [];   // boxes in the order in which they were tapped; places count on from what stands there
  bar.hidden = false;
  const numbers = () => boxes.map((box) => Number.parseInt(box.value, 10)).filter(Number.isInteger);
  const next = () => numbers().length + 1;
  on.addEventListener("change", () => form.toggleAttribute("data-tapping", on.checked));
  undo.addEventListener("click", () => { const box = placed.pop(); if (box) { box.value = ""; tell(); } });
  form.addEventListener("click", (event) => {
    const row = on.checked && event.target.closest(".fp-rank-sheet tbody tr");
    const box = row && row.querySelector('input[name^="place-"]');
    if (!box || box.value.trim() || event.target.closest("input[type=checkbox]")) return;
    event.preventDefault();
    box.blur();
    const last = placed[placed.length - 1];
    box.value = same.checked && last ? last.value : String(next());
    same.checked = false;
    placed.push(box);
    tell();
  });
})();
