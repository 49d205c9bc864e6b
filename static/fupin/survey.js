// The running score and the automatic saving of a 六看 form. Every step works without this file; drafts are kept on the server only.
(() => {
  "use strict";
  const form = document.querySelector("form[data-survey]");
  const bar = document.querySelector("[data-survey-bar]");
  if (!form || !bar) return;
  const EVERY = 8000;
  const PATIENCE = 20000;
  const role = (name, inside = document) => inside.querySelector(`[data-role=${name}]`);
  const say = (node, text) => { if (node) node.textContent = text; };

  // --- running score: points are on the page only where the county shows them ---
  const sum = (numbers) => numbers.reduce((all, number) => all + number, 0);
  const step = bar.querySelector(`[data-step="${form.dataset.look}"]`);
  const steps = [...bar.querySelectorAll("[data-step]")];
  const tiers = [...bar.querySelectorAll("[data-role=tiers] li")];

  const count = () => {
    const checked = [...form.querySelectorAll("input[type=radio]:checked")];
    if (step) {
      step.dataset.answered = checked.length;
      say(role("n", step), checked.length);
      step.classList.toggle("ok", checked.length === form.querySelectorAll("fieldset").length);
    }
    say(role("answered", bar), sum(steps.map((one) => Number(one.dataset.answered))));
    if (!tiers.length) return;
    if (step) {
      step.dataset.points = sum(checked.map((one) => Number(one.dataset.points)));
      say(role("p", step), step.dataset.points);
    }
    const points = sum(steps.map((one) => Number(one.dataset.points)));
    const tier = tiers.find((one) => points <= Number(one.dataset.max)) || tiers[tiers.length - 1];
    say(role("points", bar), points);
    const label = role("tier", bar);
    say(label, tier.textContent);
    label.className = `fp-tier fp-tier--${tier.dataset.css} fp-tier--tmp`;
  };

  // --- an answer against the household's facts asks for its ground ---
  const ask = (fieldset) => {
    const ground = role("ground", fieldset);
    const checked = fieldset.querySelector("input:checked");
    if (!ground) return;
    if (checked) say(role("chosen", ground), checked.nextElementSibling.textContent);
    ground.hidden = !checked || checked.value === fieldset.dataset.derived;
  };

  // --- another window of this browser with the same draft (trust 7): windows ask each other, nothing is stored ---
  const elsewhere = role("elsewhere");
  const windows = new BroadcastChannel(`survey:${new URL(form.action).pathname}`);
  const warn = (is) => { if (elsewhere) elsewhere.hidden = !is; };
  let alone = true;
  windows.addEventListener("message", ({ data }) => {
    if (data === "opened") windows.postMessage("here");
    if (data === "here") alone = false;
    if (data !== "opened") warn(true);
  });
  windows.postMessage("opened");
  // The server only guesses that a draft saved minutes ago is open elsewhere; no answer from this browser says it is not.
  if (elsewhere?.dataset.who === "you") window.setTimeout(() => warn(!alone), 500);

  // --- automatic saving ---
  let changed = false;
  let stopped = false;
  let saving = null;
  const saved = role("saved", bar);
  const mark = (text, state) => { say(saved, text); if (saved) saved.dataset.state = state; };
  const show = (name, is) => { const banner = role(name); if (banner) banner.hidden = !is; };
  const offline = (is) => show("offline", is);

  // The session is over: what is on the page waits for a log-in in another window, by the same person.
  let signedOut = false;
  const leave = (is) => { signedOut = is; show("signed-out", is); };
  const comeBack = async () => {
    const answer = await fetch(window.location.href, { redirect: "manual" });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const who = (page) => page.querySelector("[data-who]")?.dataset.who;
    const token = fresh.querySelector("form[data-survey] [name=csrfmiddlewaretoken]");
    if (!token || who(fresh) !== who(document)) return;
    form.elements.csrfmiddlewaretoken.value = token.value;
    leave(false);
  };

  // A save whose answer was lost may have arrived: the very same goes out again before anything else, and brings the version back.
  let unheard = null;
  const post = async (body) => {
    const given = new AbortController();
    const timer = window.setTimeout(() => given.abort(), PATIENCE);
    unheard = body;
    try {
      const answer = await fetch(form.action, {
        method: "POST", body, headers: { "X-Autosave": "1", Accept: "application/json" }, redirect: "manual", signal: given.signal,
      });
      const json = (answer.headers.get("Content-Type") || "").includes("json");
      const result = answer.ok && json ? await answer.json() : null;
      if (result) form.elements.version.value = result.version;
      unheard = null;
      return { answer, result };
    } finally { window.clearTimeout(timer); }
  };
  const current = () => new URLSearchParams(new FormData(form));
  const again = () => {
    const body = unheard;
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    return post(body);
  };

  const store = async () => {
    changed = false;
    try {
      if (signedOut) await comeBack();
      if (signedOut) { changed = true; return; }
      if (unheard) await again();
      const { answer, result } = await post(current());
      offline(false);
      if (result) {
        windows.postMessage("saved");
        mark(`已保存 ${result.saved_at}`, "done");
        return;
      }
      // The log-in page, or a form token of the session before.
      if (answer.type === "opaqueredirect" || (answer.status === 403 && !(answer.headers.get("Content-Type") || "").includes("json"))) {
        changed = true;
        leave(true);
        mark("登录已过期，尚未保存", "todo");
        return;
      }
      stopped = true;
      mark(answer.status === 412 ? "已在别处保存，请按“保存草稿”核对" : "没有自动保存，请按“保存草稿”查看原因", "todo");
    } catch {
      changed = true;
      offline(true);
      mark("网络不通，尚未保存", "todo");
    }
  };
  const save = () => {
    if (saving || stopped || !changed) return;
    saving = store().finally(() => { saving = null; });
  };

  form.addEventListener("change", (event) => {
    changed = true;
    mark("有改动，稍后自动保存", "todo");
    const fieldset = event.target.closest("fieldset");
    if (fieldset) ask(fieldset);
    count();
  });
  form.addEventListener("input", () => { changed = true; });
  window.setInterval(save, EVERY);
  window.addEventListener("offline", () => offline(true));
  window.addEventListener("online", () => { offline(false); save(); });

  window.addEventListener("focus", save);

  // A press on a button saves first: the page is left only when nothing on it can be lost (no network, session over).
  // A refused save leaves it too, so that the server says why.
  form.addEventListener("submit", (event) => {
    save();
    if (saving) {
      const button = event.submitter;
      event.preventDefault();
      event.stopPropagation();
      saving.finally(() => { if (!changed || stopped) form.requestSubmit(button); });
      return;
    }
    stopped = true;
    changed = false;
  });
  form.addEventListener("sent", () => { changed = false; });
  form.addEventListener("replaced", () => { stopped = true; windows.close(); });
  form.addEventListener("signedout", () => { stopped = false; changed = true; leave(true); });
  window.addEventListener("pageshow", () => { stopped = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  count();
})();
