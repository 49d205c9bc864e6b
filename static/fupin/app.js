// Progressive enhancement: every page works without this file.
(() => {
  "use strict";

  // A second click on a submit button while the first is on its way does nothing (the server answers a repeat alike).
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.confirm || form.dataset.confirm;
    if (question && !window.confirm(question)) { event.preventDefault(); return; }
    if (form.dataset.sent && form.method === "post") { event.preventDefault(); return; }
    form.dataset.sent = "1";
    window.setTimeout(() => delete form.dataset.sent, 8000);
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

  // Filters apply at once; the button stays for those without this script.
  document.querySelectorAll("form[data-auto] select").forEach((select) => select.addEventListener("change", () => select.form.requestSubmit()));

  // Lists by keyboard: j and k move, Enter opens.
  const rows = [...document.querySelectorAll("table[data-rows] tbody tr")];
  let at = -1;
  const go = (step) => {
    if (!rows.length) return;
    at = Math.max(0, Math.min(rows.length - 1, at + step));
    rows.forEach((row, n) => row.setAttribute("aria-selected", n === at));
    rows[at].scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, select, textarea, [contenteditable]") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "j") go(1);
    if (event.key === "k") go(-1);
    if (event.key === "Enter" && at >= 0 && event.target === document.body) rows[at].querySelector("a")?.click();
  });

  // Long work: ask how far it is; when it ends, show the page anew.
  document.querySelectorAll("[data-poll]").forEach((strip) => {
    if (!["queued", "running"].includes(strip.dataset.state)) return;
    const say = (role, text) => { const node = strip.querySelector(`[data-role=${role}]`); if (node) node.textContent = text; };
    const ask = async () => {
      try {
        const answer = await fetch(strip.dataset.poll, { headers: { Accept: "application/json" } });
        const job = await answer.json();
        if (!["queued", "running"].includes(job.state)) { window.location.reload(); return; }
        if (job.percent !== null) strip.querySelector("progress").value = job.percent;
        say("state", job.state_label); say("done", job.done); say("total", job.total); say("note", job.note);
      } catch { say("note", "网络不通，稍后再看；后台照常处理。"); }
      window.setTimeout(ask, 1000);
    };
    window.setTimeout(ask, 600);
  });
})();
