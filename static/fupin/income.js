// The running sum of an income sheet. The server reckons again when it saves; without this file the page is the same but for the sum.
(() => {
  "use strict";
  const form = document.querySelector("form[data-income]");
  if (!form) return;
  const role = (name) => form.querySelector(`[data-role=${name}]`);
  const NUMBER = /^(\d{1,3}(,\d{3})+|\d+)(\.\d{1,2})?$/;

  // In cents, so that no fraction is lost; null = blank, NaN = not a number.
  const cents = (input) => {
    const text = input.value.normalize("NFKC").replace(/\s/g, "");
    if (!text) return null;
    if (!NUMBER.test(text)) return NaN;
    const [whole, part = ""] = text.replaceAll(",", "").split(".");
    return Number(whole) * 100 + Number(part.padEnd(2, "0"));
  };
  const yuan = (value) => (value / 100).toLocaleString("zh-CN", { maximumFractionDigits: 2 });
  const sum = (numbers) => numbers.reduce((all, number) => all + number, 0);

  const groups = [...form.querySelectorAll("[data-fields]")].map((box) => ({
    inputs: [...box.querySelectorAll("[data-part]")],
    title: document.getElementById(`g-${box.dataset.fields}`).textContent,
    said: form.querySelector(`[data-group="${box.dataset.fields}"]`),
  })).filter((group) => group.inputs.length);
  const rest = form.elements.rest_zero;

  const count = () => {
    const unasked = [];
    let net = 0;
    groups.forEach((group) => {
      const values = group.inputs.map(cents);
      const asked = rest.checked || values.some((value) => value !== null);
      const total = sum(group.inputs.map((input, n) => Number(input.dataset.sign) * (values[n] || 0)));
      const wrong = values.some(Number.isNaN);
      if (!asked) unasked.push(group.title);
      group.said.hidden = !asked;
      group.said.textContent = wrong ? "有一项不是数字" : `小计 ${yuan(total)} 元`;
      net = wrong ? NaN : net + total;
    });
    const persons = Number(form.elements.persons.value.normalize("NFKC"));
    const known = !unasked.length && !Number.isNaN(net);
    const each = known && persons > 0 ? Math.sign(net) * Math.floor((Math.abs(net) * 2 + persons * 100) / (persons * 200)) : null;
    role("net").textContent = known ? `${yuan(net)} 元` : "还算不出";
    role("each").textContent = each === null ? "还算不出" : `${each.toLocaleString("zh-CN")} 元`;
    role("bar").textContent = each === null ? "人均还算不出" : `人均 ${each.toLocaleString("zh-CN")} 元`;
    role("unasked").hidden = !unasked.length;
    role("unasked").textContent = `没有填：${unasked.join("、")}`;
  };
  role("live").hidden = false;
  role("bar").hidden = false;
  form.addEventListener("input", count);
  window.addEventListener("pageshow", count);
  count();
})();
