// Draws every <figure data-chart="ID"> from the JSON script with that id. The expressions of the
// specification are interpreted, never compiled, so that the page's policy may forbid eval.
(() => {
  const MONTHS = Array.from({ length: 12 }, (_, month) => `${month + 1}月`);
  const DAYS = ["日", "月", "火", "水", "木", "金", "土"];
  const JAPANESE = {
    dateTime: "%Y年%-m月%-d日 %H:%M:%S",
    date: "%Y/%m/%d",
    time: "%H:%M:%S",
    periods: ["午前", "午後"],
    days: DAYS.map((day) => `${day}曜日`),
    shortDays: DAYS,
    months: MONTHS,
    shortMonths: MONTHS,
  };

  const OPTIONS = {
    mode: "vega-lite",
    renderer: "svg",
    ast: true,
    actions: false,
    defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
    // The specification carries its data: nothing is ever loaded from an address.
    ...(document.documentElement.lang === "ja" && { timeFormatLocale: JAPANESE }),
    loader: {
      load: () => Promise.reject(new Error("charts load nothing")),
      sanitize: () => Promise.reject(new Error("charts link nowhere")),
    },
  };

  const draw = async (figure) => {
    const canvas = figure.querySelector("[data-chart-canvas]");
    const source = document.getElementById(figure.dataset.chart);
    if (!canvas || !source || figure.dataset.drawn) return;
    figure.dataset.drawn = "yes";
    try {
      const { view } = await vegaEmbed(canvas, JSON.parse(source.textContent), OPTIONS);
      // One picture with one sentence: its hundreds of marks are not to be read one by one.
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", figure.dataset.alt);
      canvas.querySelector("svg").setAttribute("aria-hidden", "true");
      figure.koeView = view;
    } catch (error) {
      canvas.textContent = figure.dataset.failed;
      console.error(error);
    }
  };

  const drawAll = (root) => {
    if (root.matches?.("[data-chart]")) draw(root);
    root.querySelectorAll("[data-chart]").forEach(draw);
  };

  // A chart is as wide as its box was on the screen: on paper it would be cut, or shrunk with its
  // words. So it is drawn again as wide as the paper's column, and afterwards for the screen.
  const PORTRAIT = 676;
  const LANDSCAPE = 1000;
  addEventListener("beforeprint", () => {
    const paper = document.body.classList.contains("wide-print") ? LANDSCAPE : PORTRAIT;
    for (const figure of document.querySelectorAll("[data-chart]")) {
      const column = figure.closest(".columns") ? paper / 2 - 12 : paper;
      figure.koeView?.width(column).run();
    }
  });
  // Vega asks the box again for its size.
  addEventListener("afterprint", () => dispatchEvent(new Event("resize")));

  document.addEventListener("htmx:load", (event) => drawAll(event.detail.elt));
  document.addEventListener("htmx:beforeCleanupElement", (event) => event.detail.elt.koeView?.finalize());
  drawAll(document);
})();
