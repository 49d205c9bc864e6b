// The running score and the automatic saving of a 六看 form. Every step works without this file; drafts are kept on the server only.
(() => {
  "use strict";
  const form = document.querySelector("form[data-survey]");
  const bar = document.querySelector("[data-survey-bar]");
  if (!form || !bar) return;
  const EVERY = 8000;
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
    if (ground) ground.hidden = !checked || checked.value === fieldset.dataset.derived;
  };

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
    const who = (page) => page.querySelector(".fp-who b")?.textContent;
    const token = fresh.querySelector("form[data-survey] [name=csrfmiddlewaretoken]");
    if (!token || who(fresh) !== who(document)) return;
    form.elements.csrfmiddlewaretoken.value = token.value;
    leave(false);
  };

  const store = async () => {
    changed = false;
    try {
      if (signedOut) await comeBack();
      if (signedOut) { changed = true; return; }
      const answer = await fetch(form.action, {
        method: "POST", body: new FormData(form), headers: { "X-Autosave": "1", Accept: "application/json" }, redirect: "manual",
      });
      offline(false);
      if (answer.ok && (answer.headers.get("Content-Type") || "").includes("json")) {
        const result = await answer.json();
        form.elements.version.value = result.version;
        mark(`已保存 ${result.saved_at}`, "done");
        return;
      }
      if (answer.type === "opaqueredirect") {
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
  window.addEventListener("pageshow", () => { stopped = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  count();
})();
