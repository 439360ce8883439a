// Lights a trace step by step, and filters the findings. Without scripts all is shown at once.
"use strict";
document.documentElement.classList.add("scripted");

for (const trace of document.querySelectorAll(".shown-trace")) {
  const last = Number(trace.dataset.steps);
  const counter = trace.querySelector(".counter");
  let at = 0;
  const show = (step) => {
    at = Math.min(Math.max(step, 0), last);
    for (const part of trace.querySelectorAll("[data-at]"))
      part.classList.toggle("lit", part.dataset.at.split(" ").includes(String(at)));
    counter.textContent = at ? `step ${at} of ${last}` : `${last} steps`;
  };
  trace.querySelector(".back").addEventListener("click", () => show(at - 1));
  trace.querySelector(".next").addEventListener("click", () => show(at + 1));
  for (const part of trace.querySelectorAll("li[data-at], .code > [data-at]"))
    part.addEventListener("click", () => show(Number(part.dataset.at.split(" ")[0])));
  show(0);
}

const wanted = document.querySelector(".filter input[type=search]");
if (wanted) {
  const levels = [...document.querySelectorAll(".filter input[type=checkbox]")];
  const filter = () => {
    const text = wanted.value.toLowerCase();
    const on = new Set(levels.filter((box) => box.checked).map((box) => box.value));
    for (const finding of document.querySelectorAll(".finding"))
      finding.classList.toggle(
        "hidden", !on.has(finding.dataset.level) || !finding.textContent.toLowerCase().includes(text));
    for (const group of document.querySelectorAll(".group"))
      group.classList.toggle("hidden", !group.querySelector(".finding:not(.hidden)"));
  };
  wanted.addEventListener("input", filter);
  levels.forEach((box) => box.addEventListener("change", filter));
}

let closed = [];
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details:not([open])")];
  closed.forEach((part) => { part.open = true; });
});
addEventListener("afterprint", () => closed.forEach((part) => { part.open = false; }));
