// The page works without this file. It notes a person's first gesture, and keeps a draft.
"use strict";

(() => {
  const store = (() => {
    try {
      return window.sessionStorage;
    } catch {
      return null;
    }
  })();
  const keyOf = (name) => `koe-draft-${name}`;
  const read = (text) => {
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  };

  const done = document.querySelector("[data-draft-done]");
  if (done && store) store.removeItem(keyOf(done.dataset.draftDone));

  const form = document.querySelector("form[data-draft]");
  if (!form) return;

  // --- The draft -------------------------------------------------------------------------------
  const key = keyOf(form.dataset.draft);
  const names = new Set(
    [...form.elements].map((each) => each.name).filter((name) => /^(score|comment|q_.+)$/.test(name)),
  );
  const inputs = (name) => [...form.elements].filter((each) => each.name === name);
  const ticked = (each) => each.type === "radio" || each.type === "checkbox";
  const textOf = (each, first) => (first ? each.defaultValue : each.value);
  const tickOf = (each, first) => ((first ? each.defaultChecked : each.checked) ? each.value : "");
  const valueOf = (each, first) => (ticked(each) ? tickOf(each, first) : textOf(each, first));
  const valuesOf = (name, first) =>
    inputs(name).map((each) => valueOf(each, first)).filter(Boolean);
  // By field a list, of what is ticked or of its one text: as it is now, or as it came at first.
  const values = ({ first }) =>
    Object.fromEntries([...names].map((name) => [name, valuesOf(name, first)]));
  const put = (name, wanted = []) => {
    for (const each of inputs(name)) {
      if (ticked(each)) each.checked = wanted.includes(each.value);
      else each.value = wanted[0] ?? "";
    }
  };
  const same = (some, others) => JSON.stringify(some) === JSON.stringify(others);

  const given = values({ first: true });
  const draft = store && read(store.getItem(key));
  // Here the score came from the draft's own form: by the language link, or sent and refused.
  const address = new URLSearchParams(location.search);
  const ours = (address.has("lang") && address.has("score")) || form.querySelector(".error");
  // A draft goes on from what the page gave when it was begun: over another link's score, or an
  // answer that was sent from elsewhere, it is not put.
  for (const name of draft?.values ? names : []) {
    const goesOn = !given[name].length || same(given[name], draft.before[name]);
    if (goesOn || (ours && name === "score")) put(name, draft.values[name]);
  }

  const keep = () => {
    const before = (ours && draft?.before) || given;
    try {
      store?.setItem(key, JSON.stringify({ before, values: values({ first: false }) }));
    } catch {
      // Storage is full or refused: the draft then lives only on the page.
    }
  };
  const languages = document.querySelectorAll(".languages a");
  const carry = () => {
    const chosen = form.querySelector("input[name=score]:checked");
    for (const link of languages) {
      const query = new URLSearchParams(link.search);
      if (chosen) query.set("score", chosen.value);
      link.search = query;
    }
  };
  carry();
  form.addEventListener("input", keep);
  form.addEventListener("input", carry);
  for (const link of languages) link.addEventListener("click", keep);

  // --- The gesture -----------------------------------------------------------------------------
  // Scroll, load, focus and timers are not listened to: scanners cause all of those.
  const gestures = ["pointerdown", "pointermove", "touchend", "keydown"];
  const received = form.querySelector("[data-received]");
  const hidden = document.createElement("input");
  hidden.type = "hidden";
  hidden.name = "gesture";
  let noted = null;
  let underway = false;

  // One post at a time, or a first choice could arrive after the one that replaced it.
  const note = () => {
    const chosen = form.querySelector("input[name=score]:checked");
    if (underway || !form.dataset.intent || !chosen || chosen.value === noted) return;
    const body = new URLSearchParams({ score: chosen.value, gesture: hidden.value });
    if (noted !== null) body.set("changed", "1");
    noted = chosen.value;
    underway = true;
    fetch(form.dataset.intent, {
      method: "POST",
      body,
      keepalive: true,
      credentials: "omit",
      referrerPolicy: "no-referrer",
    })
      .then((answer) => {
        if (answer.ok && received) received.textContent = received.dataset.received;
      })
      .catch(() => {}) // The button still sends the answer.
      .finally(() => {
        underway = false;
        note();
      });
  };

  const gesture = (event) => {
    if (!event.isTrusted) return;
    for (const name of gestures) window.removeEventListener(name, gesture, true);
    hidden.value = event.type;
    form.append(hidden);
    note();
  };
  for (const name of gestures) {
    window.addEventListener(name, gesture, { capture: true, passive: true });
  }
  form.addEventListener("change", (event) => {
    if (event.isTrusted && hidden.value && event.target.name === "score") note();
  });
  // Who leaves cannot wait for the post before.
  window.addEventListener("pagehide", () => {
    underway = false;
    if (hidden.value) note();
  });
})();
