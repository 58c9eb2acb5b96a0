"""The report by section as people read it. Every function takes the user first and shows what the row rule allows."""

from dataclasses import dataclass

from django.utils import timezone

from reviews import reads
from reviews.models import AgencyReturn, ReportSection, Review, ScrutinyComment
from reviews.report.blocks import blocks, mark_of
from reviews.report.drafting import drafts
from reviews.return_reads import standing

Code = ReportSection.Code
ASKED = {
    Code.NOTIFIED: "The incident as it was notified to the Panel.",
    Code.FACTS: "What happened when, with an analysis of the key practice episodes.",
    Code.LIVES: "Include racism and other inequality, and what they meant for practice.",
    Code.AGENCIES: "Which agencies knew the family, and what each says of its own practice.",
    Code.IMMEDIATE: "What was done at once for these children and others, and which learning was shared.",
    Code.KNOWN: "Earlier reviews here and national ones with the same learning, and what was done about it.",
    Code.FAMILY: "What the family says; or why nobody could ask them yet.",
    Code.IMPROVEMENTS: "Themes and recommendations, and how one will see that they changed something.",
    Code.NEXT: "The decision, and why, by the criteria of regulation 11 of the 2018 Regulations (SI 2018/789).",
}


@dataclass
class Shown:
    """One section in reading order. draft: what the sources give now, None where this was not asked for."""

    number: int
    row: ReportSection
    draft: str | None = None

    @property
    def title(self):
        return self.row.get_code_display()

    @property
    def asked(self):
        return ASKED[self.row.code]

    @property
    def state(self) -> str:
        """'written' by somebody, a 'draft' from the sources, or 'empty'."""
        if not self.row.text.strip():
            return "empty"
        return "written" if self.row.typed else "draft"

    @property
    def sources_changed(self) -> bool:
        """Whether the sources give another text than when this was drafted last."""
        return bool(self.row.draft_mark and self.draft is not None and mark_of(self.draft) != self.row.draft_mark)

    @property
    def blocks(self):
        return blocks(self.row.text)

    @property
    def drafted(self):
        return blocks(self.draft or "")

    @property
    def undrafted(self) -> bool:
        """Whether somebody wrote here without what the sources hold: the report has both, so that nothing is left out.

        The decision stands in a part of its own.
        """
        return bool(self.row.typed and not self.row.draft_mark and self.draft and self.row.code != Code.NEXT)

    @property
    def printed(self):
        """What the report says here: what stands in the section, with what the sources give where nobody drafted it."""
        if not self.row.text.strip():
            return self.drafted
        return [*self.blocks, *self.drafted] if self.undrafted else self.blocks


def sections(user, folder, *, review=None) -> list[Shown]:
    """In reading order; with `review`, what its sources give now stands beside each."""
    rows = ReportSection.objects.visible_to(user).filter(folder=folder).select_related("saved_by")
    found = {row.code: row for row in rows}
    given = drafts(user, review) if review is not None and found else {}
    ordered = [code for code in Code if code in found]
    return [Shown(number, found[code], given.get(code)) for number, code in enumerate(ordered, start=1)]


def progress(states) -> str:
    """'4 of 9 sections are written, 3 are drafts from the sources'. states: as `Shown.state`."""
    written, drafted = states.count("written"), states.count("draft")
    words = f"{written} of {len(states)} sections {'is' if written == 1 else 'are'} written"
    if not drafted:
        return words
    return f"{words}, {drafted} {'is a draft' if drafted == 1 else 'are drafts'} from the sources"


def gone(folders) -> set:
    """Ids of those of these folders whose report was sent. Whoever scrutinises it sees no status of the case, and may
    know that what he reads has gone; his page has asked for the folders."""
    rows = Review.objects.unscoped("of a report that is read: whether it has gone").filter(folder__in=folders)
    return set(rows.filter(sending__isnull=False).values_list("folder_id", flat=True))


def comments(user, folder) -> list:
    return list(ScrutinyComment.objects.visible_to(user).filter(folder=folder).select_related("by"))


def report(user, review) -> dict:
    """What the report says, in its sections: pseudonyms and age bands only, never an identity.

    A section in which nothing stands takes what the sources give at that moment, so that a report which has to go says
    all that is there.
    """
    review = (
        Review.objects.visible_to(user)
        .select_related("folder", "notification__authority", "sending__sent_by", "sending__version")
        .get(pk=review.pk)
    )
    page = reads.review_page(user, review)
    found = sections(user, review.folder, review=review)
    asked = [row for row in page.returns if row.status != AgencyReturn.Status.WITHDRAWN]
    return {
        "page": page,
        "review": review,
        "title": f"Rapid review {review.folder.reference}",
        "made_at": timezone.now(),
        "sections": found,
        # The rationale stands under the last heading where nobody wrote there: it is not printed twice.
        "decision_told": any(each.row.code == Code.NEXT and each.state != "written" for each in found),
        "comments": comments(user, review.folder),
        "asked": len(asked),
        "returned": standing(user, [row for row in asked if row.stands]),
        "outstanding": [row for row in asked if not row.stands],
    }
