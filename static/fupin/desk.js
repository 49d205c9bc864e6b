// The desk of a meeting: keys, and moving from household to household without losing one's place. Every page works without this file.
(() => {
  "use strict";
  const desk = () => document.querySelector("[data-desk]");
  if (!desk()) return;
  const roll = () => document.querySelector("[data-roll]");
  const chosen = () => roll()?.querySelector("tr[aria-selected]");

  // The chosen row stands in the middle of the list when it is out of sight; the page itself does not move.
  const showChosen = () => {
    const [box, row] = [roll(), chosen()];
    if (!box || !row || box.scrollHeight <= box.clientHeight) return;
    const [frame, place] = [box.getBoundingClientRect(), row.getBoundingClientRect()];
    if (place.top < frame.top + 40 || place.bottom > frame.bottom) box.scrollTop += place.top - frame.top - box.clientHeight / 2;
  };

  // A page asked for in the background takes the place of this one; whatever is odd about it is left to the browser.
  const put = async (answer) => {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [fresh, old] = [page.querySelector("[data-desk]"), desk()];
    if (!fresh) return false;
    const top = roll()?.scrollTop || 0;
    const ticked = new Set([...old.querySelectorAll("input[name=pick]:checked")].map((box) => box.value));
    fresh.querySelectorAll("input[name=pick]").forEach((box) => { if (ticked.has(box.value)) box.checked = true; });
    const messages = [...page.querySelectorAll("main > .fp-note")];
    document.querySelectorAll("main > .fp-note").forEach((note) => note.remove());
    old.replaceWith(fresh);
    messages.forEach((note) => fresh.before(note));
    document.title = page.title;
    if (roll()) roll().scrollTop = top;
    showChosen();
    if (answer.status >= 400) { const error = document.querySelector(".fp-err"); if (error) { error.tabIndex = -1; error.focus(); } }
    return true;
  };
  const open = async (url, push = true) => {
    try {
      const answer = await fetch(url, { credentials: "same-origin" });
      if (!answer.ok || !(await put(answer))) throw new Error("not a desk");
      if (push) history.pushState({ desk: true }, "", url);
      if (window.matchMedia("(max-width: 991.98px)").matches) window.scrollTo(0, 0);
    } catch { window.location.assign(url); }
  };
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const wanted = event.target.closest("[data-open]");
    if (wanted) document.getElementById(wanted.dataset.open)?.setAttribute("open", "");
    if (event.target.closest("label.fp-tick")) return;
    const row = event.target.closest("[data-roll] tbody tr");
    const link = event.target.closest("a[data-go]") || (row && !String(window.getSelection()) ? row.querySelector("a[data-go]") : null);
    if (!link) return;
    event.preventDefault();
    open(link.href);
  });
  window.addEventListener("popstate", () => open(window.location.href, false));

  let busy = false;
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("[data-ballot]")) return;
    event.preventDefault();
    if (busy) return;
    busy = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form, event.submitter), credentials: "same-origin" });
      if (answer.status >= 500 || !(await put(answer))) throw new Error("not a desk");
      if (answer.redirected) history.replaceState({ desk: true }, "", answer.url);
    } catch {
      delete form.dataset.sent;
      event.submitter?.removeAttribute("aria-busy");
      const note = form.querySelector("[data-offline]") || form.appendChild(document.createElement("p"));
      note.dataset.offline = "";
      note.className = "fp-q__bad";
      note.setAttribute("role", "alert");
      note.textContent = "网络不通，没有保存；您填的还在，稍后再按“记下”。";
    } finally { busy = false; }
  });

  // 1, 2, 3 answer; Enter on the answer sends the form; j and k go on, x ticks the row for many at once, n leads to the next village. Not while something is being written.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]")) return;
    if ("123".includes(event.key)) {
      const answer = document.querySelector(`[data-ballot] [data-digit="${event.key}"]`);
      if (!answer) return;
      answer.checked = true;
      answer.focus();
      event.preventDefault();
    }
    if (event.key === "x") chosen()?.querySelector("input[name=pick]")?.click();
    if ("jkn".includes(event.key)) document.querySelector(`a[data-key="${event.key}"]`)?.click();
  });
  showChosen();
})();
