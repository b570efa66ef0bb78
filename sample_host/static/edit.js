/* What is typed is told to the platform after a short pause, and the hint beside the field follows.
   Without this file every page works; the hint then stands as it was when the page was made. */
(() => {
  "use strict";
  const PAUSE_MS = 350;

  function watch(form) {
    const region = form.querySelector("[data-hint]");
    if (!region || !window.fetch) return;
    const changed = new Set();
    let timer = 0;
    let running = null;

    async function tell() {
      if (running) running.abort();
      running = new AbortController();
      const body = new FormData(form);
      body.set("changed", [...changed].join(","));
      const sent = [...changed];
      try {
        const answer = await fetch(form.dataset.draft, {
          method: "POST", body, signal: running.signal, credentials: "same-origin",
          headers: { "X-CSRFToken": body.get("csrf_token") || "" },
        });
        if (!answer.ok) return;
        const { hint } = await answer.json();
        sent.forEach((name) => changed.delete(name));
        if (region.dataset.shown !== hint) {
          region.innerHTML = hint;
          region.dataset.shown = hint;
        }
      } catch (problem) {
        /* The hint is a courtesy: the step itself is checked when it is taken. */
      }
    }

    form.addEventListener("input", (event) => {
      if (!event.target.name) return;
      changed.add(event.target.name);
      clearTimeout(timer);
      timer = setTimeout(tell, PAUSE_MS);
    });
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      if (running) running.abort();
    });
  }

  /* A second press while the first is under way would only be told that the matter has moved on. */
  function once(form) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
    });
  }

  document.querySelectorAll("form[data-draft]").forEach(watch);
  document.querySelectorAll("form.fields, .tour form").forEach(once);
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });
  const first = document.querySelector("[data-focus]");
  if (first) first.focus();
})();
