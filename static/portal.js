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
  for (const form of scope.querySelectorAll("form[data-autosave]")) autosave(form);
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
const PATIENCE = 30000;  // for an answer, where the network takes what it is given and brings nothing back
const AGAIN = [5000, 15000, 30000, 60000];  // how long to wait after each attempt that failed

function clock(iso) {
  const moment = iso ? new Date(iso) : new Date();
  return moment.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });
}

function autosave(form) {
  if (form.dataset.autosaveOn) return;
  form.dataset.autosaveOn = "yes";
  // A page may have several of these forms, each with what became of it inside.
  const status = form.querySelector("[data-autosave-status]") ?? document.querySelector("[data-autosave-status]");
  status?.setAttribute("role", "status");
  const quiet = form.dataset.autosave === "quick" ? QUICK : QUIET;
  let timer = null;
  let since = null;
  let failed = 0;
  let unreached = false;
  let unsure = null;
  let saved = snapshot(form);
  let busy = false;
  let stopped = false;
  let leaving = false;
  let waiting = null;

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

  async function save() {
    window.clearTimeout(timer);
    if (stopped || (snapshot(form) === saved && !unsure)) return;
    if (busy) {
      timer = window.setTimeout(save, quiet);
      return;
    }
    since ??= new Date().toISOString();
    busy = true;
    // What no answer came to may have been saved all the same: it is sent again as it was, before what was typed since.
    const { now, body } = unsure ??= { now: snapshot(form), body: new FormData(form) };
    try {
      body.set("autosave", "1");
      const answer = await fetch(form.getAttribute("action") || window.location.href, {
        method: "POST", body, credentials: "same-origin", redirect: "manual",
        headers: { "HX-Request": "true", "HX-Current-URL": window.location.href, Accept: "application/json" },
        signal: AbortSignal.timeout(PATIENCE),
      });
      unreached = false;
      unsure = null;
      await read(answer, now);
    } catch {
      unreached = true;
      later("the portal could not be reached");
    } finally {
      busy = false;
      if (leaving) form.requestSubmit(waiting);
    }
  }

  async function read(answer, sent) {
    const elsewhere = answer.headers.get("HX-Redirect");
    if (elsewhere) {
      stopped = true;
      const kept = new URL(elsewhere, window.location.origin).searchParams.get("next")?.includes("kept=");
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
    if (!answer.ok) {
      later("the portal had a problem");
      return;
    }
    const reply = await answer.json();
    saved = sent;
    failed = 0;
    since = snapshot(form) === sent ? null : new Date().toISOString();
    if (since && !leaving) timer = window.setTimeout(save, quiet);
    const version = form.elements.namedItem("version");
    if (version && reply.version !== undefined) version.value = reply.version;
    for (const [name, value] of Object.entries(reply.read ?? {})) form.elements.namedItem(name).value = value;
    for (const [name, words] of Object.entries(reply.live ?? {})) tell(name, words);
    const when = `Saved at ${clock(reply.saved_at)}`;
    const told = reply.error ? `${when}, but not everything: ${reply.error}.` : when;
    say(reply.advice ? `${told.replace(/\.$/, "")}. ${reply.advice}` : told, Boolean(reply.error || reply.advice));
  }

  form.addEventListener("input", () => {
    since ??= new Date().toISOString();
    if (unreached) return;  // it waits for its next attempt
    window.clearTimeout(timer);
    timer = window.setTimeout(save, quiet);
  });
  form.addEventListener("focusout", () => { if (!unreached) save(); });
  window.addEventListener("online", () => { if (form.isConnected) save(); });
  form.addEventListener("submit", (event) => {
    if (unreached || !navigator.onLine) {
      // A page that cannot be fetched would take the place of this one, and of the words on it.
      event.preventDefault();
      if (stopped) say("Not sent: the portal cannot be reached now. Your words are still on this page: try again.", true);
      else save();
      return;
    }
    stopped = leaving = true;
    window.clearTimeout(timer);
    if (!busy) return;
    // The saving under way changes the version that this form must name: it goes first.
    event.preventDefault();
    waiting = event.submitter;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && form.isConnected && snapshot(form) !== saved) event.preventDefault();
  });
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

function snapshot(form) {
  const typed = [...new FormData(form).entries()]
    .filter(([name, value]) => !ours(name) && typeof value === "string");
  return JSON.stringify(typed);
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
