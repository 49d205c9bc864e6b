// Makes chosen photos smaller, then says which they are and how large. The upload works without this file.
(() => {
  "use strict";
  const input = document.querySelector("input[type=file][data-photos]");
  if (!input) return;
  const list = document.querySelector("[data-role=chosen-files]");
  const MOST = 10 * 1024 * 1024;
  const AT_ONCE = Number(input.dataset.photos) || 6;
  const size = (bytes) => (bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`);
  const line = (text, bad = false) => {
    const item = document.createElement("li");
    item.textContent = text;
    item.classList.toggle("bad", bad);
    return item;
  };
  const say = (lines) => {
    if (!list) return;
    list.replaceChildren(...lines);
    list.hidden = !lines.length;
  };
  const told = (file, before) => {
    const now = size(file.size), smaller = before > file.size ? `${size(before)} 缩小到 ${now}` : now;
    return line(`${file.name}，${smaller}${file.size > MOST ? "，超过 10 MB，收不了" : ""}`, file.size > MOST);
  };
  const hold = (busy) => {
    for (const button of input.form.querySelectorAll("button")) button.disabled = busy;
  };
  let turn = 0;
  input.addEventListener("change", async () => {
    const mine = (turn += 1), chosen = [...input.files];
    if (chosen.length > AT_ONCE) {
      say([line(`选了 ${chosen.length} 张，一次最多 ${AT_ONCE} 张`, true), ...chosen.map((file) => told(file, file.size))]);
      return;
    }
    say(chosen.length ? [line("正在缩小照片……")] : []);
    hold(true);
    const files = [];
    for (const file of chosen) files.push(await window.fupinShrink(file));
    if (mine !== turn) return;
    const carrier = new DataTransfer();
    for (const file of files) carrier.items.add(file);
    input.files = carrier.files;
    say(files.map((file, number) => told(file, chosen[number].size)));
    hold(false);
  });
})();
