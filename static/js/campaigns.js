// The campaign editor: placeholders by a click, and the mail shown while typing.
(() => {
  "use strict";
  const form = document.querySelector(".campaign-editor");
  if (!form) return;
  let field = null;

  form.addEventListener("focusin", (event) => {
    if (event.target.matches("textarea, input[type=text]")) field = event.target;
  });

  for (const chip of form.querySelectorAll("[data-insert]")) {
    chip.addEventListener("click", () => {
      if (!field) return;
      field.setRangeText(chip.dataset.insert, field.selectionStart, field.selectionEnd, "end");
      field.focus();
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  // The extra questions are folded like the wordings but have no mail to show.
  const wordings = [...form.querySelectorAll(".wording")].filter((each) =>
    each.querySelector("[data-preview]"),
  );
  // The frame is a form target, so the same button works without this script.
  const show = (wording) => form.requestSubmit(wording.querySelector("[data-preview]"));
  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => wordings.filter((each) => each.open).forEach(show), 400);
  });
  for (const wording of wordings) {
    wording.addEventListener("toggle", () => wording.open && show(wording));
    const widths = wording.querySelector("[data-widths]");
    widths.hidden = false;
    widths.addEventListener("click", (event) => {
      const width = event.target.dataset.width;
      if (width) wording.querySelector(".mail-frame").className = `mail-frame ${width}`;
    });
    if (wording.open) show(wording);
  }
})();
