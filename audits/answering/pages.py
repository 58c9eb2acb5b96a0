"""What the page of a section draws: each question with its boxes or its answer, and what became of a saving."""

import json
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone

from audits.answering import values as valued
from audits.answering.forms import READ, AnswersForm, key_of, taken_over
from partnership.access.replies import Clash, conflict_page, who_did


@dataclass
class Line:
    """One question. fields: its boxes, none where it is only read. said: the answer in words. before: (year, answer
    in words) of last time. clash: both texts of a stale edit. shows: rows of Shown, what stands under it."""

    wording: object
    key: str
    asked: bool
    fields: tuple
    answer: object
    said: str
    before: tuple
    clash: Clash | None = None
    shows: tuple = ()

    @property
    def still(self):
        return next((each for each in self.fields if each.name.endswith("_still")), None)

    @property
    def boxes(self):
        return [each for each in self.fields if not each.name.endswith("_still")]


def lines(wordings, answers, *, asked, before=None, forms=None, clashes=None, shows=None) -> list[Line]:
    """asked: ids of the wordings that are asked by the answers so far. forms: key -> the form that draws it."""
    found = []
    for wording in wordings:
        key, answer = key_of(wording), answers.get(wording.question_id)
        form = (forms or {}).get(key)
        said, clash = valued.in_words(wording, answer), (clashes or {}).get(wording.pk)
        last = (before or {}).get(wording.question_id, ())
        found.append(
            Line(
                wording,
                key,
                wording.pk in asked,
                _fields(form, key),
                answer,
                said,
                last,
                clash,
                (shows or {}).get(answer and answer.pk, ()),
            )
        )
    return found


def _fields(form, key) -> tuple:
    if form is None:
        return ()
    inside = {child for children in form.reveals.get(f"{key}_code", {}).values() for child in children}
    return tuple(form[name] for name in form.names[key] if name not in inside)


@dataclass
class Sent:
    """What was sent for a whole page. form: bound, or None on a plain GET. done: what was saved of it, if anything."""

    form: AnswersForm | None = None
    done: object = None

    @property
    def unsaved(self) -> set:
        """Keys of what was typed and is not saved: it is drawn again as it was typed."""
        if self.form is None:
            return set()
        touched = {key_of(each.wording) for each in self.form.typed()}
        saved = {pk.hex for pk in self.done.saved} if self.done else set()
        return (touched | self.wrong) - saved

    @property
    def wrong(self) -> set:
        return {key for key in self.form.wordings if key not in self.form.valid}

    @property
    def status(self) -> int:
        """200 where something was saved: the transaction of an answer of 400 and more is taken back."""
        if self.form is None or not self.unsaved or (self.done and self.done.saved):
            return 200
        return 409 if self.done and self.done.stale else 422

    def clashes(self, user) -> dict:
        """wording id -> Clash, of what somebody else saved meanwhile."""
        found = {}
        for pk, fresh in (self.done.stale if self.done else {}).items():
            by, at = (fresh.changed_by, fresh.changed_at) if fresh else (None, None)
            happened = who_did(user, by, at, "saved another answer") if fresh else "This answer was changed meanwhile."
            found[pk] = Clash(happened, self.form.differing(self.form.wordings[pk.hex], fresh))
        return found

    def drawn(self, fresh) -> dict:
        """key -> the form that draws each question: what is not saved as it was typed, the rest as it is saved now.
        fresh: the unbound form, which carries the marks."""
        unsaved = self.unsaved
        if unsaved:
            stale = {pk.hex for pk in self.done.stale} if self.done else set()
            marks = json.loads(fresh.initial[READ])
            # What another changed is, sent again, an edit of that.
            marks |= {key: self.form.read[key] for key in unsaved - stale if key in self.form.read}
            fresh.initial[READ] = json.dumps(marks)
        return {key: self.form if key in unsaved else fresh for key in fresh.wordings}


def one_of(request, wordings) -> AnswersForm | None:
    """The form of the one question that the page saves by itself."""
    key = request.POST["part"]
    wording = next((each for each in wordings if key_of(each) == key), None)
    if wording is None:
        return None
    read = {key: request.POST.get("version", "")}
    return AnswersForm(request.POST, wordings=[wording], read=read, user=request.user)


def save_one(form, save) -> tuple:
    """(what `save` wrote, or None where it was saved already; the refusal, or None) of the form of one question."""
    if form is None:
        return None, JsonResponse({"error": "This question is not asked here"}, status=422)
    if not form.is_valid():
        return None, refused(next(errors[0] for errors in form.errors.values()))
    try:
        done = save(form.typed())
    except ValidationError as wrong:
        return None, refused(wrong.messages[0])
    if done.stale:
        return None, JsonResponse({"error": "Somebody else saved another answer"}, status=409)
    return done, None


def saved(form, done, **more):
    """What the page is told of the one question that was saved: when, and the mark to send next time."""
    key, wording = next(iter(form.wordings.items()))
    answer = done.saved.get(wording.pk)
    at = answer.changed_at if answer and answer.version else timezone.now()
    mark = form.mark(key, answer.version) if answer else form.read[key]
    return JsonResponse({"saved_at": at.isoformat(), "version": mark, **more})


def still_shown(form, done) -> dict:
    """Whether 'Still so' of the one question that was saved has its place any more, and whether it still waits to be
    confirmed; nothing where it was not taken over."""
    key, wording = next(iter(form.wordings.items()))
    answer = done.saved.get(wording.pk)
    if not form.asks_still(key) or answer is None:
        return {}
    answer.source = answer.of_trust or answer.taken_from
    still = taken_over(answer) and (answer.to_confirm or form.still(key))
    return {f"{key}-still": still, f"{key}-waits": answer.to_confirm}


def back_to(request, url) -> str:
    """Where a page goes once all of it is saved: to the table that asked for more rows, or to its beginning."""
    then = request.POST.get("then", "")
    key = then.removeprefix("row:")
    return f"{url}?more={key}#q-{key}" if then.startswith("row:") and key.isalnum() else url


def refused(words):
    return JsonResponse({"error": words.rstrip(".")}, status=422)


def given_back(request, why, form, url):
    """What was typed has no place any more: it is shown, to be copied (409)."""
    touched = [each.wording for each in form.typed()]
    touched += [wording for key, wording in form.wordings.items() if key not in form.valid]
    rest = AnswersForm(request.POST, wordings=touched, read=form.read, user=request.user)
    rest.is_valid()
    return conflict_page(request, why, rest, url)


def tell(request, sent, confirmed=0):
    """Say what was saved, and what was not."""
    saved = len(sent.done.saved) if sent.done else 0
    parts = [
        f"{saved} answer{'' if saved == 1 else 's'} saved" if saved else "",
        f"{confirmed} confirmed" * bool(confirmed),
    ]
    said = ", ".join(filter(None, parts))
    if sent.unsaved:
        some = f"{said}. {len(sent.unsaved)} not saved" if said else "Nothing was saved"
        clash = "Somebody else answered meanwhile: both answers stand below." if sent.done and sent.done.stale else ""
        wrong = "What you typed stands below, with what to put right." if sent.wrong else ""
        messages.warning(request, " ".join(filter(None, [f"{some}.", clash, wrong])))
    else:
        messages.success(request, f"{said}." if said else "Everything on this page is saved.")


def draw(request, template, sent, **context):
    status = sent.status if request.method == "POST" else 200  # what was kept is drawn on a GET
    return render(request, template, {"form": sent.form, **context}, status=status)
