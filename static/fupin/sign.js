// Signing on the screen with finger, pen or mouse; and the fields of a proxy, shown only where somebody signs by proxy.
// Without this file the pages still work: all fields stand there, and the signed paper is uploaded.
(() => {
  "use strict";
  const form = document.querySelector("form[data-signer]");
  if (!form) return;

  const [signer, proxy] = [form.elements.signer, form.querySelector("[data-proxy]")];
  const showProxy = () => { proxy.hidden = signer.value !== "proxy" && !proxy.querySelector(".fp-field--bad"); };
  if (signer && proxy) { form.addEventListener("change", showProxy); showProxy(); }

  const box = form.querySelector("[data-sign]");
  if (!box) return;
  const pad = box.querySelector("[data-sign-pad]");
  const out = form.querySelector("[data-sign-out]");
  const said = box.querySelector("[data-sign-said]");
  const [undo, clear] = [box.querySelector("[data-sign-undo]"), box.querySelector("[data-sign-clear]")];
  const ink = pad.getContext("2d");
  const LINE = 3;
  const strokes = [];   // each a list of points as shares of the pad, so that turning the phone loses nothing
  let stroke = null;

  const draw = () => {
    ink.clearRect(0, 0, pad.width, pad.height);
    ink.lineWidth = LINE * (window.devicePixelRatio || 1);
    ink.lineCap = ink.lineJoin = "round";
    ink.strokeStyle = ink.fillStyle = "#111";
    for (const points of strokes) {
      ink.beginPath();
      points.forEach(([x, y], n) => ink[n ? "lineTo" : "moveTo"](x * pad.width, y * pad.height));
      if (points.length === 1) ink.lineTo(points[0][0] * pad.width + 0.1, points[0][1] * pad.height);
      ink.stroke();
    }
  };
  const fit = () => {
    const scale = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(pad.clientWidth * scale), Math.round(pad.clientHeight * scale)];
    if (width && height && (pad.width !== width || pad.height !== height)) { pad.width = width; pad.height = height; }
    draw();
  };
  const tell = () => {
    undo.disabled = clear.disabled = !strokes.length;
    said.textContent = strokes.length ? `已写 ${strokes.length} 笔。` : "用手指或鼠标在框里签名。";
    out.value = "";
  };
  const at = (event) => {
    const frame = pad.getBoundingClientRect();
    const share = (value, most) => Math.min(1, Math.max(0, value / most));
    return [share(event.clientX - frame.left, frame.width), share(event.clientY - frame.top, frame.height)];
  };

  pad.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    pad.setPointerCapture(event.pointerId);
    stroke = [at(event)];
    strokes.push(stroke);
    draw();
  });
  pad.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    for (const part of event.getCoalescedEvents?.() || [event]) stroke.push(at(part));
    draw();
  });
  const lift = () => { if (stroke) { stroke = null; tell(); } };
  pad.addEventListener("pointerup", lift);
  pad.addEventListener("pointercancel", lift);
  undo.addEventListener("click", () => { strokes.pop(); draw(); tell(); });
  clear.addEventListener("click", () => { strokes.length = 0; draw(); tell(); });
  window.addEventListener("resize", fit);

  form.addEventListener("submit", (event) => {
    if (strokes.length) { out.value = pad.toDataURL("image/png"); return; }
    event.preventDefault();
    said.textContent = "还没有签字，请在框里签名。";
    pad.focus();
  });

  box.hidden = false;
  fit();
  tell();
})();
