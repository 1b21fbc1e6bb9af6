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
  const comment = form.elements.namedItem("comment");
  const key = keyOf(form.dataset.draft);
  // A draft goes on from a comment that was sent before; over another one it is not put.
  const before = comment.defaultValue;
  if (store) {
    const draft = read(store.getItem(key));
    if (draft && (!before || before === draft.before)) comment.value = draft.text;
    comment.addEventListener("input", () => {
      try {
        store.setItem(key, JSON.stringify({ before, text: comment.value }));
      } catch {
        // Storage is full or refused: the draft then lives only on the page.
      }
    });
  }

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
