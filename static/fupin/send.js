// Sends the long forms on a line that comes and goes: the page stays as it is until the server has answered, and the same sending is
// repeated by itself. Each carries a key or a version, so it counts once. Without this file the browser sends them as it does any form.
(() => {
  "use strict";
  const AGAIN = 4000;
  const PATIENCE = 40000;
  const UNREACHED = [502, 503, 504];
  const ours = (form) => form.matches("form[data-draft], form[data-survey], form[data-resend]");
  const pause = () => new Promise((done) => {
    const go = () => { window.clearTimeout(timer); window.removeEventListener("online", go); done(); };
    const timer = window.setTimeout(go, AGAIN);
    window.addEventListener("online", go);
  });

  // Said at the thumb, where the button was pressed.
  const say = (form, button, text) => {
    const bar = button?.closest(".fp-go, .fp-actions") || form.querySelector(".fp-go--fixed") || form;
    let note = bar.querySelector("[data-role=waiting]");
    if (!note && text) {
      note = document.createElement("p");
      note.className = "fp-waiting";
      note.dataset.role = "waiting";
      note.setAttribute("role", "alert");
      bar.prepend(note);
    }
    if (note) { note.hidden = !text; if (note.textContent !== text) note.textContent = text; }
  };

  const body = (form, button) => {
    const data = new FormData(form);
    if (button?.name) data.append(button.name, button.value);
    return new URLSearchParams(data);
  };

  const post = async (form, button) => {
    const given = new AbortController();
    const timer = window.setTimeout(() => given.abort(), PATIENCE);
    try {
      const answer = await fetch(button?.hasAttribute("formaction") ? button.formAction : form.action, {
        method: "POST", body: body(form, button), headers: { "X-Go-On": "1" }, signal: given.signal,
      });
      return { answer, html: await answer.text() };
    } finally { window.clearTimeout(timer); }
  };

  const reached = async (form, button) => {
    for (;;) {
      try {
        const heard = await post(form, button);
        if (!UNREACHED.includes(heard.answer.status)) return heard;
      } catch { /* cut: nobody knows whether it arrived */ }
      const named = button?.textContent.trim();
      say(form, button, `网络不通，${named ? `“${named}”` : "刚才的提交"}还没有得到回音。写的都在本页，请不要关闭；网络通了会自动再送，不会重复。`);
      await pause();
    }
  };

  // What was refused comes back as a page that says why, with what was typed: its body takes this one's place. The scripts of every page
  // (data-once) listen at the document and stay; those of the page start anew.
  const show = (form, html) => {
    form.dispatchEvent(new Event("replaced"));
    const page = new DOMParser().parseFromString(html, "text/html");
    const known = new Set([...document.querySelectorAll("link[rel=stylesheet]")].map((link) => link.href));
    page.querySelectorAll("head link[rel=stylesheet]").forEach((link) => { if (!known.has(link.href)) document.head.append(link); });
    document.title = page.title;
    document.body.replaceWith(page.body);
    for (const old of document.body.querySelectorAll("script[src]:not([data-once])")) {
      const script = document.createElement("script");
      script.async = false;
      script.src = old.src;
      old.replaceWith(script);
    }
    const first = document.querySelector(".fp-err") || document.querySelector("main");
    first.tabIndex = -1;
    first.focus({ preventScroll: true });
    window.scrollTo(0, 0);
    first.scrollIntoView({ block: "nearest" });
  };

  const send = async (form, button) => {
    const { answer, html } = await reached(form, button);
    const to = answer.headers.get("X-Go-To");
    say(form, button, "");
    if (!to) { show(form, html); return; }
    const address = new URL(to, window.location.href);
    const ended = address.pathname === "/login/";
    form.dispatchEvent(new Event(ended ? "signedout" : "sent"));
    if (!ended) window.location.assign(address);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !ours(form)) return;
    event.preventDefault();
    if (form.dataset.sending) return;
    form.dataset.sending = "1";
    send(form, event.submitter).finally(() => { delete form.dataset.sending; });
  });
})();
