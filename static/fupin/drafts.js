// Keeps what is being typed on the server, nothing in the browser. Every form with this script also has a button that stores a draft.
(() => {
  "use strict";
  const form = document.querySelector("form[data-draft]");
  const box = form?.querySelector("[data-draft-box]");
  if (!form || !box) return;
  const EVERY = 5000;
  const PATIENCE = 20000;
  const role = (name) => box.querySelector(`[data-role=${name}]`);
  const show = (name, is) => { const node = role(name); if (node) node.hidden = !is; };
  const say = (text) => { const node = role("draft-state"); if (node && node.textContent !== text) node.textContent = text; };
  const field = (name) => form.elements[`draft-${name}`];
  const send = (url, more) => fetch(url, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE), ...more });
  let changed = false;
  let stopped = false; // another window holds the draft: nothing is stored until one of the two is chosen
  let cut = false;
  let signedOut = false;
  let leaving = 0;
  let busy = null;
  const offline = (is) => { cut = is; show("draft-offline", is); if (is) say(""); };
  const signOut = (is) => { signedOut = is; show("draft-signed-out", is); if (is) say(""); };

  // The log-in page was opened in another window, by the same person: this page takes the new form token and goes on.
  const who = (page) => page.querySelector("[data-who]")?.dataset.who;
  const comeBack = async () => {
    const answer = await send(window.location.href);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("[name=csrfmiddlewaretoken]");
    if (!token || who(page) !== who(document)) return;
    form.elements.csrfmiddlewaretoken.value = token.value;
    signOut(false);
  };

  const body = (take) => {
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") data.append(name, value);
    if (take) data.append("draft-take", "1");
    return data;
  };

  const told = async (answer) => {
    const json = (answer.headers.get("Content-Type") || "").includes("json");
    // The log-in page, or a form token of the session before: nothing was stored.
    if (answer.type === "opaqueredirect" || (answer.status === 403 && !json)) { changed = true; signOut(true); return; }
    const result = json ? await answer.json() : {};
    if (answer.ok) {
      field("version").value = result.version;
      show("draft-other", false);
      say(`草稿已存 ${result.saved_at}`);
      return;
    }
    if (answer.status === 412) { changed = true; stopped = true; role("draft-other-at").textContent = result.saved_at || ""; show("draft-other", true); }
    say(answer.status === 412 ? "" : result.error || "草稿没有存上，请先保存。");
  };

  const store = async (take = false) => {
    changed = false;
    try {
      if (signedOut) await comeBack();
      if (signedOut) { changed = true; return; }
      const answer = await send(form.dataset.draft, { method: "POST", body: body(take), headers: { "X-Autosave": "1", Accept: "application/json" } });
      offline(false);
      await told(answer);
    } catch {
      changed = true;
      offline(true);
    }
  };
  const start = (take) => { busy = store(take).finally(() => { busy = null; }); return busy; };
  const save = () => { if (!busy && !stopped && changed && Date.now() > leaving) start(); };

  // Boxes may stand outside the form element and belong to it all the same.
  const touched = ({ target }) => { if (target.form === form && !target.name?.startsWith("draft-")) changed = true; };
  document.addEventListener("input", touched);
  document.addEventListener("change", touched);
  window.setInterval(save, EVERY);
  window.addEventListener("offline", () => offline(true));
  window.addEventListener("online", () => { offline(false); save(); });
  window.addEventListener("focus", save);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(); });
  role("draft-take")?.addEventListener("click", () => { stopped = false; show("draft-other", false); start(true); });

  // A press on a button waits for the draft on its way. Without a line or a session the page is not left, or what is on it would be lost.
  form.addEventListener("submit", (event) => {
    if (busy || cut || signedOut) {
      const button = event.submitter;
      event.preventDefault();
      event.stopPropagation();
      (busy || start()).finally(() => { if (!cut && !signedOut) form.requestSubmit(button); });
      return;
    }
    leaving = Date.now() + PATIENCE;
  });
  for (const done of ["sent", "replaced"]) form.addEventListener(done, () => { changed = false; stopped = true; });
  form.addEventListener("signedout", () => { leaving = 0; changed = true; signOut(true); });
  window.addEventListener("pageshow", () => { leaving = 0; stopped = false; });
  window.addEventListener("beforeunload", (event) => { if (changed && Date.now() > leaving) event.preventDefault(); });
})();
