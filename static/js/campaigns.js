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

  // What is chosen of a line of the audience stands in its summary, also while it is folded.
  for (const choice of form.querySelectorAll(".choice:not(:has([data-span]))")) {
    const words = choice.querySelector("[data-chosen]");
    choice.addEventListener("change", () => {
      const chosen = [...choice.querySelectorAll("input:checked")];
      words.textContent =
        chosen.map((box) => box.parentElement.textContent.trim()).join(", ") ||
        words.dataset.chosen;
    });
  }

  // A number or date: from where to where.
  for (const words of form.querySelectorAll("[data-span]")) {
    const choice = words.closest(".choice");
    choice.addEventListener("input", () => {
      const [low, high] = [...choice.querySelectorAll("input")].map((each) => each.value);
      words.textContent = low || high ? `${low} – ${high}` : words.dataset.chosen;
    });
  }

  // The steps are parts of one page here; without this script each is asked of the server.
  const steps = [...form.querySelectorAll("[data-step]")];
  const at = form.elements.at;
  const showStep = (key, { focus = true } = {}) => {
    for (const each of steps) each.hidden = each.dataset.step !== key;
    for (const button of form.querySelectorAll(".editor-steps [name=go]")) {
      if (button.value === key) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
    }
    const next = steps[steps.findIndex((each) => each.dataset.step === key) + 1]?.dataset.step;
    for (const button of form.querySelectorAll("[data-next]")) button.hidden = button.value !== next;
    const save = form.querySelector("[data-save]");
    save.classList.toggle("btn-primary", !next);
    save.classList.toggle("btn-outline-secondary", Boolean(next));
    at.value = key;
    if (focus) {
      window.scrollTo(0, 0);
      document.getElementById(`step-${key}-title`).focus({ preventScroll: true });
    }
    if (key === "check") form.dispatchEvent(new Event("koe:check"));
    if (key === "what") wordings.filter((each) => each.open).forEach(show);
  };
  const stepOf = (place) => place?.closest("[data-step]")?.dataset.step;
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=go]");
    if (!button) return;
    event.preventDefault();
    history.pushState({ step: button.value }, "");
    showStep(button.value);
  });
  history.replaceState({ step: at.value }, "");
  window.addEventListener("popstate", (event) => {
    // A link to a field of the page has none.
    if (event.state?.step) showStep(event.state.step);
  });

  // A link to what is folded away unfolds it; some browsers do so by themselves.
  form.addEventListener("click", (event) => {
    const hash = event.target.closest("a[href^='#']")?.hash;
    const place = hash && document.getElementById(hash.slice(1));
    if (stepOf(place) && stepOf(place) !== at.value) showStep(stepOf(place), { focus: false });
    for (let each = place; each && each !== form; each = each.parentElement) {
      if (each.matches("details")) each.open = true;
    }
  });

  // The extra questions are folded like the wordings but have no mail to show.
  const wordings = [...form.querySelectorAll(".wording")].filter((each) =>
    each.querySelector("[data-preview]"),
  );
  // What is wrong with a text stands at its field while it is typed, and goes when it is mended.
  const noteOf = (input) => {
    const id = `${input.id}_fault`;
    const note = document.getElementById(id) ?? document.createElement("p");
    if (!note.id) {
      note.id = id;
      note.className = "field-error";
      note.setAttribute("role", "status");
      input.after(note);
      const others = input.getAttribute("aria-describedby");
      input.setAttribute("aria-describedby", others ? `${others} ${id}` : id);
    }
    return note;
  };
  const mark = (input, fault = "") => {
    const note = noteOf(input);
    // As the page came it may tell of the same fault; that does not go when it is mended.
    for (const told of input.parentElement.querySelectorAll(".invalid-feedback")) told.remove();
    input.classList.toggle("is-invalid", Boolean(fault));
    if (fault) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    if (note.textContent !== fault) note.textContent = fault;
  };
  const inputsOf = (wording) => wording.querySelectorAll("textarea, input");

  const asked = new Map();
  const tell = async (wording) => {
    const number = (asked.get(wording) ?? 0) + 1;
    asked.set(wording, number);
    const button = wording.querySelector("[data-preview]");
    const reply = await fetch(button.dataset.head, { method: "POST", body: new FormData(form) });
    if (!reply.ok || number !== asked.get(wording)) return;
    const { head, faults } = await reply.json();
    wording.querySelector("[data-mail-head]").hidden = false;
    for (const line of wording.querySelectorAll("[data-line]")) {
      line.textContent = head[line.dataset.line];
    }
    for (const input of inputsOf(wording)) mark(input, faults[input.id]);
  };

  // The frame is a form target, so the same button works without this script.
  const show = (wording) => {
    form.requestSubmit(wording.querySelector("[data-preview]"));
    tell(wording).catch(() => {}); // The frame still tells what is wrong.
  };
  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (at.value === "what") wordings.filter((each) => each.open).forEach(show);
    }, 400);
  });
  for (const wording of wordings) {
    for (const input of inputsOf(wording)) noteOf(input);
    wording.addEventListener("toggle", () => wording.open && show(wording));
    const widths = wording.querySelector("[data-widths]");
    widths.hidden = false;
    widths.addEventListener("click", (event) => {
      const width = event.target.dataset.width;
      if (!width) return;
      wording.querySelector(".mail-frame").className = `mail-frame ${width}`;
      for (const each of widths.querySelectorAll("[data-width]")) {
        each.setAttribute("aria-pressed", String(each.dataset.width === width));
      }
    });
    if (wording.open && at.value === "what") show(wording);
  }
})();
