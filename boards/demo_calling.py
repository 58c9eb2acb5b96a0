"""Demo material: meetings to which people are called, what some of them answered, an assistant."""

from datetime import timedelta

from django.utils import timezone

from boards.calling import answering, assistants, services
from boards.models import Assistant, Invitee, Meeting

WHY = "the demo calls to its own meetings"
AHEAD = timedelta(days=120)
# group: (who, answer, words)
ANSWERS = {
    "quality": (
        ("panel_icb", "coming", "I join online."),
        ("author_police", "apologies", "On leave that week."),
        ("lead_uhnm", "coming", ""),
    ),
    "exec": (("dsp_icb", "coming", ""),),
}
PROPOSED = ("quality", "lead_uhnm", "Discharge letters after the first visit", "Three of ten came late this quarter.")
SAID = "Two more health visitors begin in the spring. The ward for children is being rebuilt until the summer."


def fill_calling(people) -> None:
    """Call to the next meeting of two groups, once; a meeting to which somebody is called stays as it is."""
    if Invitee.objects.unscoped(WHY).exists():
        return
    rows = Meeting.objects.unscoped(WHY).filter(
        group__ref__in=ANSWERS, status=Meeting.Status.PLANNED, starts_at__range=(timezone.now(), timezone.now() + AHEAD)
    )
    found = {}
    for row in rows.select_related("folder", "group").order_by("starts_at"):
        found.setdefault(row.group.ref, row)
    for ref, row in found.items():
        services.call(row, by=people["officer"])
        for key, answer, words in ANSWERS[ref]:
            _reply(row, people[key], answer, words, proposes=(ref, key) == PROPOSED[:2])
    if not Assistant.objects.exists():
        assistants.name_assistant(people["lead_uhnm"], assistant=people["colleague_uhnm"])


def _reply(meeting, user, answer, words, *, proposes):
    rows = Invitee.objects.unscoped(WHY).select_related("meeting__folder", "seat__agency", "user")
    row = rows.get(meeting=meeting, user=user)
    said = {"title": PROPOSED[2], "why": PROPOSED[3], "highlight": SAID} if proposes else {}
    answering.reply(
        row, by=user, read=answering.mark_of(answering.as_saved(row)),
        attendance={"answer": answer, "words": words}, **said,
    )  # fmt: skip
