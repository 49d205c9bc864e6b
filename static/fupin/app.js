// Progressive enhancement: every page works without this file.
(() => {
  "use strict";
  const all = (selector) => [...document.querySelectorAll(selector)];

  // A second click on a submit button while the first is on its way does nothing (the server answers a repeat alike).
  const release = (form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  };
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    const form = event.target;
    const question = event.submitter?.dataset.confirm || form.dataset.confirm;
    if (question && !window.confirm(question)) { event.preventDefault(); return; }
    if (form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    event.submitter?.setAttribute("aria-busy", "true");
    window.setTimeout(() => release(form), 8000);
  });
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach(release));

  // Filters apply at once; the button stays for those without this script.
  all("form[data-auto] select").forEach((select) => select.addEventListener("change", () => select.form.requestSubmit()));

  // After a refusal the reader starts at the summary of what to mend.
  const summary = document.querySelector(".fp-err");
  if (summary && !window.location.hash) { summary.tabIndex = -1; summary.focus(); }

  // Lists: j and k move from row to row, Enter opens (the row's link has the focus); a click anywhere in a row opens it.
  const ROWS = "table[data-rows] > tbody > tr";
  const link = (row) => row.querySelector("a[href]");
  const rows = all(ROWS).filter(link);
  const go = (step) => {
    const now = rows.indexOf(document.activeElement?.closest("tr"));
    const row = rows[Math.max(0, Math.min(rows.length - 1, now + step))];
    link(row).focus();
    row.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    if (!rows.length || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    if (event.key === "j") go(1);
    if (event.key === "k") go(-1);
  });
  document.addEventListener("click", (event) => {
    const row = event.target.closest(ROWS);
    if (!row || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest("a, button, input, select, textarea, label, summary") || String(window.getSelection())) return;
    link(row)?.click();
  });

  // A wide table says that more of it lies to the right.
  all(".fp-scroll").forEach((box) => {
    const mark = () => box.toggleAttribute("data-more", box.scrollWidth - box.clientWidth - box.scrollLeft > 4);
    box.addEventListener("scroll", mark, { passive: true });
    new ResizeObserver(mark).observe(box);
  });

  all("[data-back]").forEach((button) => {
    button.hidden = window.history.length < 2;
    button.addEventListener("click", () => window.history.back());
  });

  // Long work: ask how far it is; when it ends, show the page anew.
  const LIVE = ["queued", "running"];
  all("[data-poll]").forEach((strip) => {
    if (!LIVE.includes(strip.dataset.state)) return;
    const say = (role, text) => {
      const node = strip.querySelector(`[data-role=${role}]`);
      if (node && node.textContent !== String(text)) node.textContent = text;
    };
    let asked = 0;
    const ask = async () => {
      asked += 1;
      try {
        const answer = await fetch(strip.dataset.poll, { headers: { Accept: "application/json" } });
        const job = await answer.json();
        if (!LIVE.includes(job.state)) { window.location.reload(); return; }
        if (job.percent !== null) strip.querySelector("progress").value = job.percent;
        say("state", job.state_label); say("done", job.done); say("total", job.total); say("note", job.note); say("plight", job.plight);
      } catch { say("note", "网络不通，稍后再看；后台照常处理。"); }
      window.setTimeout(ask, asked < 20 ? 1000 : 3000);
    };
    window.setTimeout(ask, 600);
  });
})();
