// Small comforts of the staff pages. Every page works without this file.
(() => {
  const dialog = document.getElementById("confirm-dialog");
  const messages = () => document.getElementById("messages");

  // Asks with the page's one dialog; resolves to true only by its confirming button.
  const confirmed = (text, label, address = "", linkText = "") =>
    new Promise((resolve) => {
      const button = dialog.querySelector("[data-confirm-button]");
      const link = dialog.querySelector("[data-confirm-link]");
      link.parentElement.hidden = !address;
      link.href = address;
      link.textContent = linkText;
      dialog.querySelector("[data-confirm-text]").textContent = text;
      button.textContent = label || button.dataset.default;
      dialog.returnValue = "";
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "confirm"), {
        once: true,
      });
      dialog.showModal();
    });

  dialog.querySelector("[data-confirm-link]").addEventListener("click", () => dialog.close());

  const addDismiss = (alert) => {
    if (alert.querySelector(".alert-dismiss")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "alert-dismiss";
    button.setAttribute("aria-label", messages().dataset.dismiss);
    button.textContent = "×";
    button.addEventListener("click", () => alert.remove());
    alert.append(button);
  };

  const say = (text) => {
    const alert = document.createElement("div");
    const body = document.createElement("div");
    alert.className = "alert alert-danger";
    body.textContent = text;
    alert.append(body);
    messages().append(alert);
    addDismiss(alert);
  };

  // In the capture phase, so that it comes before htmx takes the same submit.
  document.addEventListener(
    "submit",
    async (event) => {
      const form = event.target;
      const asking = event.submitter?.dataset.confirm ? event.submitter : form;
      if (!asking.dataset.confirm || form.dataset.confirmed) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const { confirm, confirmLabel, confirmLink, confirmLinkLabel } = asking.dataset;
      if (!(await confirmed(confirm, confirmLabel, confirmLink, confirmLinkLabel))) return;
      form.dataset.confirmed = "yes";
      form.requestSubmit(event.submitter);
      delete form.dataset.confirmed;
    },
    true,
  );

  document.addEventListener("htmx:confirm", async (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    const label = event.detail.elt.dataset.confirmLabel;
    if (await confirmed(event.detail.question, label)) event.detail.issueRequest(true);
  });

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-autosubmit]");
    // A page that is loaded anew would take the sheet away after the first of several choices.
    if (!form || (isSheet(event.target.closest("[popover]")) && !form.hasAttribute("hx-get"))) return;
    if (event.target.matches("select, [type=date], [type=month], [type=checkbox], [type=radio]")) {
      form.requestSubmit();
    }
  });
  // Filters are a sheet on phones only; the button that applies them closes it.
  const isSheet = (popover) => popover && getComputedStyle(popover).position === "fixed";
  document.addEventListener("submit", (event) => {
    const sheet = event.submitter?.closest("[popover]");
    if (isSheet(sheet)) sheet.hidePopover();
  });

  // Whoever leaves a longer text that they typed is asked first; a form that fills a frame saves nothing.
  const typed = new Set();
  const guarded = (form) => form?.method === "post" && form.querySelector("textarea");
  const addRefused = () => {
    for (const form of document.querySelectorAll("form:has(.is-invalid)")) {
      if (guarded(form)) typed.add(form);
    }
  };
  document.addEventListener("input", (event) => {
    const { form } = event.target;
    if (guarded(form)) typed.add(form);
  });
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented && !event.submitter?.formTarget) typed.delete(event.target);
  });
  // The answer may lead to another page; one that failed leaves what was typed as it is.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status < 400) typed.delete(event.target);
  });
  window.addEventListener("beforeunload", (event) => {
    if ([...typed].some((form) => form.isConnected)) event.preventDefault();
  });

  // Menus made of <details> close on Escape and on a click elsewhere.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    }
  });

  // / goes to the box that looks everywhere: that of the page, or the one in the bar.
  const toSearch = () => {
    const box = document.querySelector("main [data-search]") ?? document.querySelector("[data-search]");
    if (!box) return;
    const menu = box.closest("details");
    if (menu) menu.open = true;
    box.focus();
    box.select();
  };
  document.querySelector(".search-menu")?.addEventListener("toggle", (event) => {
    if (event.target.open) event.target.querySelector("[data-search]").focus();
  });
  // From the box to what was found and on by arrows; Enter opens the link.
  document.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const place = step && event.target.closest("[data-search], [data-found]")?.closest(".menu-panel, main");
    if (!place) return;
    const stops = [place.querySelector("[data-search]"), ...place.querySelectorAll("[data-found] a")];
    const next = stops[stops.indexOf(document.activeElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });

  // Lists by keys: j and k go from row to row, x chooses it, Enter opens its link.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=checkbox]), select, textarea, dialog")) return;
    if (event.key === "/") {
      event.preventDefault();
      toSearch();
      return;
    }
    const rows = [...document.querySelectorAll("[data-keys] :is(tbody tr:not(.group), .response-row)")];
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    if (event.key === "j" || event.key === "k") {
      const next = rows[event.key === "j" ? Math.min(at + 1, rows.length - 1) : Math.max(at - 1, 0)];
      next.querySelector("a").focus();
    } else if (event.key === "x" && at >= 0) {
      rows[at].querySelector("[type=checkbox]")?.click();
    }
  });

  // On phones a figure of a report stands under the head of its column.
  const labelLines = () => {
    for (const table of document.querySelectorAll(".as-lines:not(.is-labelled)")) {
      const labels = [...table.tHead.rows[0].cells].map((head) => head.innerText.trim());
      for (const cell of table.querySelectorAll("tbody td, tfoot td")) {
        if (cell.cellIndex) cell.dataset.label = labels[cell.cellIndex] ?? "";
      }
      table.classList.add("is-labelled");
    }
  };

  // A table wider than its frame is reached and scrolled by keys; one that fits is no stop.
  const fitFrame = (frame) => {
    const wider = frame.scrollWidth > frame.clientWidth;
    const caption = frame.querySelector("caption");
    if (!wider) {
      for (const name of ["tabindex", "role", "aria-label"]) frame.removeAttribute(name);
      return;
    }
    frame.tabIndex = 0;
    if (caption) {
      frame.setAttribute("role", "region");
      frame.setAttribute("aria-label", caption.textContent.trim());
    }
  };
  const frames = new ResizeObserver((entries) => entries.forEach(({ target }) => fitFrame(target)));
  const watchFrames = () => {
    labelLines();
    frames.disconnect();
    document.querySelectorAll(".table-wrap").forEach((frame) => frames.observe(frame));
  };

  // A strip of tabs wider than the window begins at the active one and shows where there is more.
  const fitTabs = (strip) => {
    const rest = strip.scrollWidth - strip.clientWidth - strip.scrollLeft;
    strip.classList.toggle("more-before", strip.scrollLeft > 1);
    strip.classList.toggle("more-after", rest > 1);
  };
  for (const strip of document.querySelectorAll(".tabs ul")) {
    const active = strip.querySelector("[aria-current]");
    if (active) strip.scrollLeft = active.offsetLeft - (strip.clientWidth - active.offsetWidth) / 2;
    strip.addEventListener("scroll", () => fitTabs(strip), { passive: true });
    new ResizeObserver(() => fitTabs(strip)).observe(strip);
  }

  document.addEventListener("htmx:responseError", () => say(messages().dataset.failed));
  document.addEventListener("htmx:sendError", () => say(messages().dataset.offline));
  document.addEventListener("htmx:afterSettle", (event) => {
    document.querySelectorAll("[data-dismissible]").forEach(addDismiss);
    watchFrames();
    addRefused();
    // A form that came back with errors: the reader continues at the first of them.
    event.detail.elt.querySelector(".is-invalid")?.focus();
  });

  document.querySelectorAll("[data-dismissible]").forEach(addDismiss);
  watchFrames();
  addRefused();
})();
