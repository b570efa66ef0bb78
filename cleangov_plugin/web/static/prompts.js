/* <cleangov-prompts>: supervision prompts for any front end. docs/element.md says how it is used.

   What the server wrote is the only panel there is. Without this file it answers by plain forms. With
   it the same forms are sent by script, what is typed survives a lost connection, and the server learns
   that the panel was seen. Within the element it is shown in a shadow tree, which no style of the host
   reaches. Nothing is styled, run or fetched that a policy of 'self' does not allow. */
(() => {
  "use strict";
  const NAME = "cleangov-prompts";
  if (!window.customElements || customElements.get(NAME) || !document.currentScript) return;
  const HOME = new URL("..", document.currentScript.src).href;
  const FRAME = new URL("static/prompts.css", HOME).href;
  const DAY = 86400000, KEPT = 7 * DAY, MOST = 20, SLOW = 20000, LATE = 60000, SEEN = 1000, NEAR = 200;
  const PREFIX = "cleangov:";

  const WORDS = {
    zh: {
      busy: "正在提交…",
      kept: (at) => `没有连上。您 ${at} 的答复存在本机，连上后自动提交，只算一次。`,
      unkept: "没有连上，本机也存不了。请留在这一页，稍后再试。",
      now: "现在再试", undo: "不提交了", on: "继续办理", load: "刷新",
      late: (at) => `您 ${at} 的答复已经提交。`,
      done: "已答复。请再办一次这一步。",
      back: "您上次写的文字还在。",
      gone: "您的文字还在下面。",
      failed: "没有提交成功，请再按一次。",
      left: (n) => `还可写 ${n} 字`,
      sealed: "这段文字不存在本机。",
    },
    en: {
      busy: "Sending…",
      kept: (at) => `No connection. Your answer of ${at} is kept on this device. It is sent when there is one again, and counts once.`,
      unkept: "No connection, and nothing can be kept on this device. Stay on this page and try again.",
      now: "Try now", undo: "Do not send", on: "Go on", load: "Load again",
      late: (at) => `Your answer of ${at} has been sent.`,
      done: "Answered. Take the step again.",
      back: "What you wrote is still here.",
      gone: "Your words are still below.",
      failed: "That was not sent. Please press again.",
      left: (n) => `${n} characters left`,
      sealed: "These words are not kept on this device.",
    },
  };

  // ---- What the device keeps: the officer's own words, until they are sent -----------------------

  const device = {
    all() {
      const found = new Map();
      try {
        for (const key of Object.keys(localStorage).filter((k) => k.startsWith(PREFIX))) {
          let value = null;
          try { value = JSON.parse(localStorage.getItem(key)); } catch (problem) { /* not ours */ }
          const age = value ? Date.now() - value.at : NaN;
          if (age > -DAY && age < KEPT && value.words) found.set(key, value);
          else localStorage.removeItem(key);
        }
      } catch (problem) { /* a device that keeps nothing */ }
      return found;
    },
    get(key) { return this.all().get(key) || null; },
    put(key, value) {
      try {
        const others = [...this.all()].filter(([k]) => k !== key);
        others.sort((a, b) => a[1].at - b[1].at);
        while (others.length >= MOST) localStorage.removeItem(others.shift()[0]);
        localStorage.setItem(key, JSON.stringify(value));
        return true;
      } catch (problem) { return false; }
    },
    drop(key) { try { localStorage.removeItem(key); } catch (problem) { /* nothing kept */ } },
    only(who) {
      for (const [key, value] of this.all()) if (!who || value.who !== who) this.drop(key);
    },
  };

  // ---- The wire --------------------------------------------------------------------------------

  let isBlocked = false;
  document.addEventListener("securitypolicyviolation", (event) => {
    if (event.effectiveDirective === "connect-src" && event.blockedURI.startsWith(new URL(HOME).origin)) isBlocked = true;
  });

  async function ask(url, options) {
    const end = new AbortController();
    const timer = setTimeout(() => end.abort(), SLOW);
    try {
      return await fetch(url, { credentials: "include", signal: end.signal, ...options });
    } finally { clearTimeout(timer); }
  }

  function token() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  const text = (control) => (["checkbox", "radio"].includes(control.type) ? (control.checked ? control.value : "") : control.value);

  function write(control, words) {
    if (["checkbox", "radio"].includes(control.type)) control.checked = control.value === words;
    else control.value = words;
  }

  async function load(url) {
    const answer = await ask(url, { headers: { Accept: "text/html" } });
    const text = await answer.text();
    const policy = load.policy || (load.policy = window.trustedTypes
      ? trustedTypes.createPolicy("cleangov", { createHTML: (html) => html }) : { createHTML: (html) => html });
    const made = new DOMParser().parseFromString(policy.createHTML(text), "text/html");
    for (const [tag, name] of [["form", "action"], ["link", "href"], ["a", "href"]]) {
      for (const each of made.querySelectorAll(`${tag}[${name}]`)) each.setAttribute(name, new URL(each.getAttribute(name), url).href);
    }
    return { made, status: answer.status };
  }

  // ---- A card: one panel, or one request to a second person ------------------------------------

  class Card {
    constructor(shown, source, owner) {
      this.shown = shown; this.source = source; this.owner = owner;
      this.who = source.dataset.who || "";
      this.key = `${PREFIX}${this.who}:${source.dataset.cleangov}`;
      this.say = WORDS[(source.lang || "zh").toLowerCase().startsWith("zh") ? "zh" : "en"];
      this.isBusy = false;
      this.state = document.createElement("div");
      this.state.setAttribute("role", "status");
      const title = shown.querySelector(".cg-title, h3");
      title.after(this.state);
      this.pairs = [...shown.querySelectorAll("[form]")].map((each, at) => [each, source.querySelectorAll("[form]")[at]]);
      for (const [each, original] of this.pairs) {
        if (each.type === "submit") each.addEventListener("click", (event) => { event.preventDefault(); this.press(each, original); });
        else { each.addEventListener("input", () => this.typed(each)); this.count(each); }
      }
      this.restore();
      this.watch();
    }

    // A form sits in the light tree, where no shadow hides it from a plain browser.
    form(control) { return document.getElementById(control.getAttribute("form")); }

    name(control) {
      const prefix = `cleangov-${this.source.dataset.prompt || ""}-`;
      return `${control.getAttribute("form").replace(prefix, "")}/${control.name}`;
    }

    time(at) { return new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false }); }

    tell(text, tone, ...buttons) {
      const line = document.createElement("p");
      line.textContent = text;
      const row = document.createElement("div");
      row.className = "cg-row";
      for (const [label, act] of buttons) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = label;
        if (!row.children.length && tone === "good") button.className = "cg-first";
        button.addEventListener("click", act);
        row.append(button);
      }
      this.state.className = text ? "cg-state cg-note" : "";
      this.state.dataset.tone = tone;
      this.state.replaceChildren(...(text ? [line] : []), ...(buttons.length ? [row] : []));
    }

    // ---- Words

    typed(control) {
      this.count(control);
      if (control.hasAttribute("data-sealed")) return;
      const draft = device.get(this.key) || this.blank();
      this.note(draft, control);
      if (Object.values(draft.words).some(Boolean) || draft.sent) device.put(this.key, { ...draft, at: Date.now() });
      else device.drop(this.key);
    }

    note(draft, control) {
      if (control.type !== "radio" || control.checked) draft.words[this.name(control)] = text(control);
    }

    blank() {
      const page = this.source.dataset.page;
      return { who: this.who, at: Date.now(), page: page ? new URL(page, HOME).href : "", words: {}, sent: null };
    }

    count(control) {
      if (control.tagName !== "TEXTAREA" || control.maxLength < 1) return;
      if (!control.cgLeft) {
        control.cgLeft = document.createElement("span");
        control.cgLeft.className = "cg-left";
        control.cgLeft.setAttribute("aria-hidden", "true");
        control.after(control.cgLeft);
        if (control.hasAttribute("data-sealed")) {
          const note = document.createElement("small");
          note.textContent = `${this.say.sealed} `;
          control.cgLeft.after(note);
        }
      }
      const left = control.maxLength - control.value.length;
      control.cgLeft.textContent = left <= NEAR ? this.say.left(left) : "";
    }

    restore() {
      const draft = device.get(this.key);
      if (!draft) return;
      let isBack = false;
      for (const [each] of this.pairs) {
        const words = each.type === "submit" ? undefined : draft.words[this.name(each)];
        if (words === undefined) continue;
        write(each, words);
        this.count(each);
        const box = each.closest("details");
        if (box && words) box.open = true;
        isBack = isBack || Boolean(words);
      }
      if (draft.sent) this.again(); else if (isBack) this.tell(this.say.back, "good");
    }

    // ---- Answers

    press(button, original) {
      if (this.isBusy) return;
      const mine = this.pairs.filter(([each]) => each.getAttribute("form") === button.getAttribute("form"));
      const wrong = mine.find(([each]) => each.type !== "submit" && !each.checkValidity());
      if (wrong) { wrong[0].reportValidity(); return; }
      const form = this.form(button);
      if (!form) return;
      this.hand(mine);
      if (isBlocked) { this.plainly(form, original); return; }
      if (mine.some(([each]) => each.hasAttribute("data-sealed"))) { this.sealed(form, original); return; }
      const once = form.elements.cleangov_once;
      const sent = { form: form.id, name: button.name, value: button.value, once: once ? once.value : token(), at: Date.now() };
      const draft = device.get(this.key) || this.blank();
      for (const [each] of mine) if (each.type !== "submit") this.note(draft, each);
      device.put(this.key, { ...draft, sent });
      this.send(sent, form);
    }

    // The form takes what stands in the light tree: what was typed in the shadow goes there.
    hand(pairs) {
      for (const [each, hidden] of pairs) {
        if (each === hidden || each.type === "submit") continue;
        hidden.value = each.value;
        hidden.checked = each.checked;
      }
    }

    // Nothing of it is kept here, so the page is left only where there is a way to the server.
    async sealed(form, button) {
      this.busy(true);
      this.tell(this.say.busy, "");
      let isThere = true;
      try { await ask(new URL("whose", HOME).href, { headers: { Accept: "application/json" } }); } catch (problem) { isThere = isBlocked; }
      if (isThere) { this.plainly(form, button); return; }
      this.busy(false);
      this.tell(this.say.unkept, "bad");
    }

    // As a browser does it by itself: what is sealed leaves no trace here.
    plainly(form, button) {
      if (button.name) {
        const field = document.createElement("input");
        field.type = "hidden"; field.name = button.name; field.value = button.value;
        form.append(field);
      }
      form.submit();
    }

    async send(sent, form, isSecond) {
      this.busy(true);
      this.tell(this.say.busy, "");
      this.sent = sent;
      const body = new URLSearchParams(new FormData(form));
      if (sent.name) body.set(sent.name, sent.value);
      body.set("cleangov_once", sent.once);
      const age = Math.round((Date.now() - sent.at) / 1000);
      if (this.isLate || age > LATE / 1000) body.set("cleangov_age", String(Math.max(0, age)));
      let answer = null, told = null;
      try {
        answer = await ask(form.action, { method: "POST", body, headers: { Accept: "application/json", "Idempotency-Key": sent.once } });
        told = await answer.json();
      } catch (problem) { told = null; }
      this.busy(false);
      if (isBlocked) { this.plainly(form, { name: sent.name, value: sent.value }); return; }
      if (answer && answer.ok && told) { this.taken(sent, told, form); return; }
      if (!answer || answer.ok || answer.status >= 500) { this.wait(sent); return; }
      const isStale = !told || told.reason === "expired";
      if (isStale && !isSecond && await this.fresh(form)) { this.send(sent, form, true); return; }
      this.refused(told);
    }

    // The page stood open too long for its forms: the same forms anew, without what was typed.
    async fresh(form) {
      if (!this.source.dataset.page) return false;
      try {
        const { made } = await load(new URL(this.source.dataset.page, HOME).href);
        const other = made.getElementById(form.id);
        if (!other) return false;
        // Token, way back and way on belong together; the host's own token comes with them.
        for (const each of other.elements) {
          const field = form.elements[each.name];
          if (field && field.type === "hidden" && each.name !== "cleangov_once") field.value = each.value;
        }
        return true;
      } catch (problem) { return false; }
    }

    busy(is) {
      this.isBusy = is;
      for (const [each] of this.pairs) if (each.type === "submit") each.setAttribute("aria-disabled", String(is));
    }

    wait(sent) {
      this.isLate = true;
      const isKept = device.get(this.key) !== null;
      const text = isKept ? this.say.kept(this.time(sent.at)) : this.say.unkept;
      this.choices(false);
      this.tell(text, "bad", [this.say.now, () => this.again()], [this.say.undo, () => this.undo()]);
      clearTimeout(this.timer);
      this.pause = Math.min(60000, (this.pause || 1000) * 2);
      this.timer = setTimeout(() => this.again(), this.pause);
    }

    again() {
      const draft = device.get(this.key);
      const sent = (draft && draft.sent) || (this.isLate && this.sent);
      const form = sent && document.getElementById(sent.form);
      if (this.isBusy || !sent) return;
      clearTimeout(this.timer);
      this.isLate = true;
      this.choices(false);
      if (form) {
        this.hand(this.pairs);
        this.send(sent, form);
      } else this.dropped(draft);
    }

    // The prompt that was answered stands no longer: something changed. The words are kept.
    dropped(draft) {
      if (draft) device.put(this.key, { ...draft, sent: null });
      this.isLate = false;
      this.choices(true);
      this.tell(this.say.gone, "bad");
    }

    undo() {
      clearTimeout(this.timer);
      const draft = device.get(this.key);
      if (draft) device.put(this.key, { ...draft, sent: null });
      this.isLate = false; this.sent = null;
      this.choices(true);
      this.tell("", "");
    }

    choices(are) {
      for (const box of this.shown.querySelectorAll(".cg-choices, .cg-row, label, textarea")) {
        if (!this.state.contains(box) && (box.matches(".cg-choices") || !box.closest(".cg-choices"))) box.hidden = !are;
      }
    }

    refused(told) {
      const draft = device.get(this.key);
      if (draft) device.put(this.key, { ...draft, sent: null });
      this.isLate = false;
      this.choices(true);
      const isOver = told && ["gone", "not_offered", "waiting", "key"].includes(told.reason);
      this.tell(told && told.title ? told.title : this.say.failed, "bad", ...(isOver ? [[this.say.load, () => this.reload()]] : []));
    }

    reload() { if (this.owner && this.owner.src) this.owner.refresh(); else location.reload(); }

    taken(sent, told, form) {
      device.drop(this.key);
      this.sent = null;
      clearTimeout(this.timer);
      const put = {};
      for (const [name, value] of new FormData(form)) if (name.startsWith("cleangov_put.")) put[name.slice(13)] = value;
      const detail = { attempt_id: told.attempt_id, goes_on: told.goes_on, put, was_late: Boolean(this.isLate) };
      const host = this.owner || this.shown;
      const goes = host.dispatchEvent(new CustomEvent("cleangov-answered", { bubbles: true, composed: true, cancelable: true, detail }));
      if (!goes) { this.choices(false); this.tell(this.say.done, "good"); return; }
      if (this.owner && this.owner.src) { if (told.goes_on) { this.choices(false); this.tell(this.say.done, "good"); } else this.owner.refresh(); return; }
      const on = () => this.go(told.next, form);
      if (!this.isLate) { on(); return; }
      this.choices(false); // whoever comes back after a while says themselves whether the step is taken
      this.tell(this.say.late(this.time(sent.at)), "good", [this.say.on, on]);
    }

    go(next, form) {
      if (next.method === "POST") { form.action = next.url; form.submit(); return; }
      const to = new URL(next.url, location.href);
      if (to.origin !== location.origin) return;
      if (to.pathname + to.search !== location.pathname + location.search) { location.assign(to.href); return; }
      history.replaceState(null, "", to.href);
      location.reload();
    }

    // ---- Seen: half of it, or as much as fills half the window, for a second, in a page on top

    watch() {
      const id = this.source.dataset.prompt;
      const form = id && document.getElementById(`cleangov-${id}-seen`);
      if (!form || !window.IntersectionObserver) return;
      let timer = 0, isThere = false;
      const look = () => {
        clearTimeout(timer);
        if (isThere && document.visibilityState === "visible") timer = setTimeout(tell, SEEN);
      };
      const tell = () => {
        this.observer.disconnect();
        document.removeEventListener("visibilitychange", look);
        const body = new URLSearchParams(new FormData(form));
        ask(form.action, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } }).then((answer) => answer.text()).catch(() => { /* then it stands as shown */ });
      };
      this.observer = new IntersectionObserver((entries) => {
        const last = entries[entries.length - 1];
        const room = last.rootBounds ? last.rootBounds.height : innerHeight;
        const is = last.isIntersecting && (last.intersectionRatio >= 0.5 || last.intersectionRect.height >= room / 2);
        if (is !== isThere) { isThere = is; look(); }
      }, { threshold: [0, 0.1, 0.25, 0.5, 0.75, 1] });
      this.end = () => { clearTimeout(timer); this.observer.disconnect(); document.removeEventListener("visibilitychange", look); };
      this.observer.observe(this.shown);
      document.addEventListener("visibilitychange", look);
    }

    close() { clearTimeout(this.timer); if (this.end) this.end(); }
  }

  function style() {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = FRAME;
    return link;
  }

  // ---- The element -----------------------------------------------------------------------------

  const cards = new Set();

  function take(shown, sources, owner) {
    return sources.map((source, at) => { const card = new Card(shown[at], source, owner); cards.add(card); return card; });
  }

  class Prompts extends HTMLElement {
    static get observedAttributes() { return ["src"]; }
    static forget() { device.only(""); }
    get src() { return this.getAttribute("src") || ""; }
    set src(url) { if (url) this.setAttribute("src", url); else this.removeAttribute("src"); }

    connectedCallback() {
      this.changes = new MutationObserver(() => this.draw());
      this.changes.observe(this, { childList: true });
      if (this.src) this.refresh(); else this.draw();
    }

    disconnectedCallback() { this.changes.disconnect(); this.empty(); }

    attributeChangedCallback(name, before, after) { if (this.isConnected && this.changes && before !== after) this.refresh(); }

    empty() { for (const card of this.cards || []) { card.close(); cards.delete(card); } this.cards = []; }

    // A front end without our slots names the prompt; its page has the panel and the forms.
    async refresh() {
      const url = this.src && new URL(this.src, location.href).href;
      if (!url) { this.replaceChildren(); return; }
      try {
        const { made } = await load(url);
        if (url !== (this.src && new URL(this.src, location.href).href)) return;
        const found = [...made.querySelectorAll("link[rel=stylesheet], [data-cleangov], form[id^=cleangov-]")];
        const note = made.querySelector("main p");
        if (!made.querySelector("[data-cleangov]") && note) {
          const line = document.createElement("section");
          line.className = "cleangov cg-panel";
          line.append(document.adoptNode(note));
          found.push(line);
        }
        this.replaceChildren(...found.map((each) => document.adoptNode(each)));
        this.isNew = true;
      } catch (problem) {
        this.dispatchEvent(new CustomEvent("cleangov-unreachable", { bubbles: true, composed: true }));
        addEventListener("online", () => this.refresh(), { once: true });
      }
    }

    draw() {
      const root = this.shadowRoot || this.attachShadow({ mode: "open" });
      this.empty();
      const box = document.createElement("div");
      const parts = [...this.children].filter((each) => !["FORM", "SCRIPT"].includes(each.tagName));
      box.append(...parts.map((each) => each.cloneNode(true)), style());
      // Shown when its styles are there, so that nothing jumps.
      const styles = [...box.querySelectorAll("link[rel=stylesheet]")];
      let left = styles.length;
      const shown = () => { left -= 1; if (left === 0) { box.hidden = false; this.come(); } };
      box.hidden = true;
      for (const style of styles) for (const end of ["load", "error"]) style.addEventListener(end, shown, { once: true });
      root.replaceChildren(box);
      const sources = parts.flatMap((each) => (each.matches("[data-cleangov]") ? [each] : [...each.querySelectorAll("[data-cleangov]")]));
      this.cards = take([...box.querySelectorAll("[data-cleangov]")], sources, this);
    }

    come() {
      const panel = this.shadowRoot.getElementById("cleangov-panel");
      if (!panel || !(this.isNew || location.hash === "#cleangov-panel")) return;
      this.isNew = false;
      panel.focus({ preventScroll: true });
      panel.scrollIntoView({ block: "nearest" });
    }
  }

  // ---- Slots that stand in a page by themselves, and answers that still wait ---------------------

  function slots() {
    const found = [...document.querySelectorAll("[data-cleangov]")].filter((each) => !each.closest(NAME));
    if (!found.length) return;
    document.head.append(style());
    take(found, found, null);
  }

  async function settle() {
    if (!device.all().size) return;
    try {
      const answer = await ask(new URL("whose", HOME).href, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      device.only((await answer.json()).who);
    } catch (problem) { return; }
    const here = new Set([...cards].map((card) => card.key));
    for (const [key, draft] of device.all()) if (draft.sent && draft.page.startsWith(HOME) && !here.has(key)) await deliver(key, draft);
  }

  // The officer has gone on to another page: what they answered there is sent from here.
  async function deliver(key, draft) {
    try {
      const { made, status } = await load(draft.page);
      const form = made.getElementById(draft.sent.form);
      if (made.querySelector("[data-cleangov-done]")) { device.drop(key); return; }
      if (!form) { if (status < 500) device.put(key, { ...draft, sent: null }); return; }
      const body = new URLSearchParams(new FormData(form));
      const choice = draft.sent.form.split("-").slice(2).join("-");
      for (const [name, value] of Object.entries(draft.words)) if (name.startsWith(`${choice}/`)) body.set(name.slice(choice.length + 1), value);
      if (draft.sent.name) body.set(draft.sent.name, draft.sent.value);
      body.set("cleangov_once", draft.sent.once);
      body.set("cleangov_age", String(Math.max(0, Math.round((Date.now() - draft.sent.at) / 1000))));
      const answer = await ask(form.action, { method: "POST", body, headers: { Accept: "application/json", "Idempotency-Key": draft.sent.once } });
      if (answer.ok) device.drop(key);
      else if (answer.status < 500) device.put(key, { ...draft, sent: null });
    } catch (problem) { /* later */ }
  }

  customElements.define(NAME, Prompts);
  const start = () => { slots(); settle(); };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start); else start();
  addEventListener("online", () => { for (const card of cards) card.again(); settle(); });
  addEventListener("pageshow", (event) => { if (event.persisted) for (const card of cards) { card.busy(false); card.tell("", ""); } });
})();
