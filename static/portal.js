// The portal's own script: components in the page and in every swapped part, announcements, focus, autosave.
// Pages work without it. The two libraries are named by <link rel="modulepreload"> so that their addresses may be hashed.

const library = (name) => import(document.getElementById(`library-${name}`).href);
const libraries = Promise.all([library("govuk"), library("moj")]);
const announcer = document.getElementById("portal-status");

// Components mark their element, and warn on the console when they are asked for twice.
const PARTS = ["Button", "CharacterCount", "Checkboxes", "ErrorSummary", "FileUpload", "NotificationBanner", "Radios",
  "ServiceNavigation", "SkipLink"];

async function initialise(scope) {
  const [govuk, moj] = await libraries;
  for (const name of PARTS) govuk.createAll(govuk[name], undefined, scope);
  moj.initAll(scope);
  for (const part of scope.querySelectorAll("form[data-autosave], [data-autosave-part]")) autosave(part);
}

function announce(words) {
  if (!announcer || !words) return;
  announcer.textContent = "";
  // A box that changes twice in one go is read once: the pause lets the emptying be noticed.
  window.setTimeout(() => { announcer.textContent = words; }, 100);
}

function announceWithin(element) {
  const said = element.matches("[data-announce]") ? element : element.querySelector("[data-announce]");
  if (said) announce(said.dataset.announce);
}

// --- swapped parts ----------------------------------------------------------------------------------------------------

let focused = null;
document.addEventListener("htmx:beforeRequest", () => { focused = document.activeElement?.id || null; });

document.addEventListener("htmx:afterSettle", (event) => {
  const part = event.detail.elt;
  if (!(part instanceof Element)) return;
  initialise(part);
  announceWithin(part);
  const kept = focused && document.getElementById(focused);
  if (kept && document.activeElement !== kept) kept.focus();
});

document.addEventListener("htmx:responseError", () => announce("The page could not be updated. Reload it and try again."));
document.addEventListener("htmx:sendError", () => announce("The portal could not be reached. Check your connection."));

// --- autosave ---------------------------------------------------------------------------------------------------------

const QUIET = 2000;
const QUICK = 400;  // a tick is a whole answer
const LONGEST = 10000;  // for whoever types on and on
const UNSAVED = "Not saved yet";
const PATIENCE = 30000;  // for an answer, where the network takes what it is given and brings nothing back
const AGAIN = [5000, 15000, 30000, 60000];  // how long to wait after each attempt that failed

function clock(iso) {
  const moment = iso ? new Date(iso) : new Date();
  return moment.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });
}

// Each form that saves itself, or whose parts do: the ways of those parts to be asked and told of a submit.
const forms = new WeakMap();

// part: a form with one version, or an element with data-autosave-part in a form: one question of many, which is posted
// alone under that name, and whose version stands in the form's field read_answers.
function autosave(part) {
  if (part.dataset.autosaveOn) return;
  part.dataset.autosaveOn = "yes";
  const form = part.closest("form");
  const name = part.dataset.autosavePart;
  // A page may have several of these, each with what became of it inside.
  const status = part.querySelector("[data-autosave-status]") ?? document.querySelector("[data-autosave-status]");
  status?.setAttribute("role", "status");
  const quiet = part.dataset.autosave === "quick" ? QUICK : QUIET;
  let timer = null;
  let since = null;
  let failed = 0;
  let unreached = false;
  let unsure = null;
  let saved = snapshot(part);
  let busy = false;
  let stopped = false;
  let leaving = false;
  let typing = null;  // since when somebody types without a pause
  let before = status?.textContent ?? "";  // what was said while nothing waited to be saved

  const say = (words, wrong = false) => {
    if (!status || status.textContent === words) return;
    status.textContent = words;
    status.classList.toggle("portal-autosave--failed", wrong);
  };

  // The words stay on the page, and nowhere else in the browser; it is tried again, ever more rarely, and at once when
  // the network is back.
  const later = (why) => {
    say(`Not saved since ${clock(since)}: ${why}. Your words are still on this page, and are sent again by themselves.`, true);
    window.clearTimeout(timer);
    timer = window.setTimeout(save, AGAIN[Math.min(failed, AGAIN.length - 1)]);
    failed += 1;
  };

  const body = () => {
    if (!name) return new FormData(form);
    const one = new FormData();
    for (const [key, value] of entries(part)) one.append(key, value);
    one.set("csrfmiddlewaretoken", form.elements.namedItem("csrfmiddlewaretoken").value);
    one.set("part", name);
    one.set("version", marks(form)[name] ?? "");
    return one;
  };

  async function save() {
    window.clearTimeout(timer);
    typing = null;
    if (stopped) return;
    if (snapshot(part) === saved && !unsure) {
      if (status?.textContent === UNSAVED) say(before);
      since = null;
      return;
    }
    if (busy) {
      timer = window.setTimeout(save, quiet);
      return;
    }
    since ??= new Date().toISOString();
    busy = true;
    // What no answer came to may have been saved all the same: it is sent again as it was, before what was typed since.
    const sent = unsure ??= { now: snapshot(part), body: body() };
    try {
      sent.body.set("autosave", "1");
      const answer = await fetch(form.getAttribute("action") || window.location.href, {
        method: "POST", body: sent.body, credentials: "same-origin", redirect: "manual",
        headers: { "HX-Request": "true", "HX-Current-URL": window.location.href, Accept: "application/json" },
        signal: AbortSignal.timeout(PATIENCE),
      });
      unreached = false;
      unsure = null;
      await read(answer, sent.now);
    } catch {
      unreached = true;
      later("the portal could not be reached");
    } finally {
      busy = false;
      if (leaving) forms.get(form).goOn();
    }
  }

  async function read(answer, sent) {
    const elsewhere = answer.headers.get("HX-Redirect");
    if (elsewhere) {
      stopped = true;
      const kept = new URL(elsewhere, window.location.origin).searchParams.get("next")?.includes("kept=");
      if (name) {
        say("Not saved: you have been signed out. Press Save: what you typed is kept while you sign in.", true);
        return;
      }
      say(kept
        ? "Not saved: you have been signed out. What you typed is kept for 30 minutes: sign in, check it and save it."
        : "Not saved: you have been signed out. Copy what you typed, then sign in again.", true);
      showSignIn(status, elsewhere);
      return;
    }
    if (answer.status === 409) {
      stopped = true;
      say("Not saved: this was changed in another window or by somebody else. Save to see both versions; yours is kept.", true);
      return;
    }
    if (answer.status === 422) {
      const problem = await answer.json().catch(() => ({}));
      say(`Not saved: ${problem.error || "something on this page needs to be put right"}.`, true);
      return;
    }
    if (answer.status === 403 || answer.status === 404) {
      stopped = true;
      say("Not saved: you can no longer write here, or somebody else has signed in in this browser. Copy what you typed.", true);
      return;
    }
    if (answer.status === 400) {  // sent again it would be refused again
      say("Not saved: this is too long, or cannot be read. Shorten it, or copy what you typed and open the page again.", true);
      return;
    }
    if (!answer.ok) {
      later("the portal had a problem");
      return;
    }
    const reply = await answer.json();
    saved = sent;
    failed = 0;
    since = snapshot(part) === sent ? null : new Date().toISOString();
    if (since && !leaving) timer = window.setTimeout(save, quiet);
    if (reply.version !== undefined) known(reply.version);
    for (const [field, value] of Object.entries(reply.read ?? {})) form.elements.namedItem(field).value = value;
    for (const [place, words] of Object.entries(reply.live ?? {})) tell(place, words);
    for (const [key, asked] of Object.entries(reply.show ?? {})) show(key, asked);
    const when = `Saved at ${clock(reply.saved_at)}`;
    const told = reply.error ? `${when}, but not everything: ${reply.error}.` : when;
    before = reply.advice ? `${told.replace(/\.$/, "")}. ${reply.advice}` : told;
    say(since ? UNSAVED : before, Boolean(!since && (reply.error || reply.advice)));
  }

  const known = (version) => {
    if (name) {
      form.elements.namedItem("read_answers").value = JSON.stringify({ ...marks(form), [name]: version });
      return;
    }
    const field = form.elements.namedItem("version");
    if (field) field.value = version;
  };

  part.addEventListener("input", (event) => {
    since ??= new Date().toISOString();
    if (unreached || stopped) return;  // it waits for its next attempt, or is saved by itself no more
    say(UNSAVED);
    window.clearTimeout(timer);
    typing ??= Date.now();
    const wait = name && ["radio", "checkbox"].includes(event.target.type) ? QUICK : quiet;
    timer = window.setTimeout(save, Math.min(wait, Math.max(0, typing + LONGEST - Date.now())));
  });
  part.addEventListener("focusout", () => { if (!unreached) save(); });
  window.addEventListener("online", () => { if (part.isConnected) save(); });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && part.isConnected && snapshot(part) !== saved) event.preventDefault();
  });
  submitting(form).parts.push({
    away: () => unreached || !navigator.onLine,
    stay: () => {
      if (stopped) say("Not sent: the portal cannot be reached now. Your words are still on this page: try again.", true);
      else save();
    },
    leave: () => {
      stopped = leaving = true;
      window.clearTimeout(timer);
    },
    busy: () => busy,
  });
}

// What a form does when it is sent, once for all of its parts.
function submitting(form) {
  if (forms.has(form)) return forms.get(form);
  let waiting = null;
  const parts = [];
  const all = { parts, goOn: () => { if (!parts.some((part) => part.busy())) form.requestSubmit(waiting); } };
  forms.set(form, all);
  form.addEventListener("submit", (event) => {
    if (parts.some((part) => part.away())) {
      // A page that cannot be fetched would take the place of this one, and of the words on it.
      event.preventDefault();
      for (const part of parts) part.stay();
      return;
    }
    for (const part of parts) part.leave();
    if (!parts.some((part) => part.busy())) return;
    // The saving under way changes the version that this form must name: it goes first.
    event.preventDefault();
    waiting = event.submitter;
  });
  return all;
}

// The versions of a form's parts, by their names.
function marks(form) {
  return JSON.parse(form.elements.namedItem("read_answers").value || "{}");
}

// A question that is asked after another's answer, or what stands beside one.
function show(key, asked) {
  const part = document.getElementById(`q-${key}`);
  if (!part || part.hidden === !asked) return;
  part.hidden = !asked;
  if (asked && part.matches("[data-autosave-part]")) announce("A further question is asked below.");
}

// Words elsewhere on the page that follow from what was saved.
function tell(name, words) {
  for (const place of document.querySelectorAll(`[data-live="${name}"]`)) {
    if (place.textContent === words) continue;
    place.textContent = words;
    announce(words);
  }
}

// What people typed: the token, the version and what was read are ours.
const ours = (name) => name === "csrfmiddlewaretoken" || name === "version" || name.startsWith("read_");

function snapshot(part) {
  const typed = entries(part).filter(([name, value]) => !ours(name) && typeof value === "string");
  return JSON.stringify(typed);
}

// What a form, or a part of one, would send.
function entries(part) {
  if (part instanceof HTMLFormElement) return [...new FormData(part).entries()];
  const chosen = (field) => !["radio", "checkbox"].includes(field.type) || field.checked;
  const fields = [...part.querySelectorAll("input, select, textarea")];
  return fields.filter((field) => field.name && !field.disabled && chosen(field)).map((field) => [field.name, field.value]);
}

function showSignIn(status, address) {
  if (!status) return;
  const link = document.createElement("a");
  link.className = "govuk-link";
  // Only the path: an answer must not send people to another site.
  const { pathname, search } = new URL(address, window.location.origin);
  link.href = pathname + search;
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = "Sign in (opens in a new tab)";
  status.append(" ", link);
}

initialise(document).then(() => { document.documentElement.dataset.portalReady = "yes"; });
