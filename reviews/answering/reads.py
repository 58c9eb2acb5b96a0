"""What the page of a return shows to whom: its words, its earlier versions, what stands beside them."""

from dataclasses import dataclass, field

from django.urls import reverse

from partnership.access.rows import powers
from partnership.documents.reads import Enclosure
from partnership.people.roles import Perm
from partnership.ui.forms import in_words
from reviews import forms, naming, own_account, returns
from reviews.answering import beside
from reviews.flow import RETURN
from reviews.models import AgencyReturn, Coordinator, ReturnFile, ReturnPassage, ReturnVersion, Review
from reviews.whom import belonging

S = AgencyReturn.Status
CALLED = "the name or the title of a file"


@dataclass(frozen=True)
class File(Enclosure):
    """lost: refused before the return was submitted, so that it does not go with it. called: all that it is called."""

    place: int
    main: bool
    called: str


@dataclass(frozen=True)
class Passage:
    pk: object
    heading: str
    mark: str
    label: str
    words: str


@dataclass
class ReturnPage:
    """What one reader sees of a return. words: the row or the version whose words may be read now, None for none."""

    row: AgencyReturn
    held: frozenset
    role: str  # author, helper, signer, coordinator or "" for those on the case
    words: AgencyReturn | ReturnVersion | None
    versions: list = field(default_factory=list)
    files: list = field(default_factory=list)
    passages: list = field(default_factory=list)
    signer_gone: bool = False
    settled: bool = False  # the report was sent, or the review ended
    withheld: bool = False  # others' answers, while this reader writes their own

    @property
    def steps(self):
        """Once the review is settled, nothing that was submitted is opened again."""
        shut = ("send_back", "change") if self.settled else ()
        return [code for code, _ in RETURN.open_with(self.held, self.row) if code not in shut]

    @property
    def answers(self):
        return answers_of(self.words) if self.words else []

    @property
    def earlier(self):
        """The versions before the one that is read."""
        shown = self.words.number if self.words else None
        return [each for each in self.versions if each.number != shown]

    @property
    def newest(self):
        return self.versions[0] if self.versions else None

    @property
    def drafting(self):
        """Whether this reader writes the words that are not submitted yet."""
        return self.role in ("author", "helper") and self.row.status == S.ASKED


def may_read_draft(user, row) -> bool:
    """Whether this person reads what is not submitted yet: its author always, others by their part in it."""
    if row.author_id == user.pk:
        return row.owed
    if row.status == S.ASKED:
        return row.helper_id == user.pk
    return row.status == S.TO_SIGN and row.signer_id == user.pk


def role_of(user, row) -> str:
    for name in ("author", "helper", "signer", "coordinator"):
        if getattr(row, f"{name}_id") == user.pk:
            return name
    return ""


def return_page(user, row) -> ReturnPage:
    """The facts of one return, whose people are loaded. The page has asked for RETURN_VIEW."""
    versions = versions_of(row)
    page = ReturnPage(row, powers(user, [row])[row.pk], role_of(user, row), _shown(user, row, versions), versions)
    page.settled = row.status == S.SUBMITTED and is_settled(row)
    page.withheld = own_account.return_withheld(user, row, held=page.held)
    if page.withheld:
        page.words, page.versions = None, []
        return page
    # What is being written has no number of its own yet: its files are those that were not taken off.
    number = None if page.drafting or page.words is row or page.words is None else page.words.number
    if page.words is not None or page.drafting:
        page.files = show_files(row, beside.files_of(row, number=number))
    page.passages = passages_of(user, page, number)
    if row.status == S.TO_SIGN and page.role == "author":
        page.signer_gone = not belonging(user=row.signer_id, agency=row.agency_id).exists()
    return page


def may_read(user, row) -> bool:
    """Whether this person, who may see the return, has what it says; others' accounts wait for their own return."""
    return not own_account.return_withheld(user, row, held=powers(user, [row])[row.pk])


def is_settled(row) -> bool:
    why = "whether its return may still be opened again; nothing of the review is shown"
    return Review.objects.unscoped(why).filter(pk=row.review_id, status__in=Review.SETTLED).exists()


def versions_of(row) -> list[ReturnVersion]:
    rows = ReturnVersion.objects.unscoped("the page has asked for its return").filter(answer=row)
    found = list(rows.select_related("author", "signer", "recorded_by").order_by("-number"))
    for each in found:
        each.answer = row  # says for which body a guest declared it, without a query
    return found


def _shown(user, row, versions):
    if row.status == S.SUBMITTED or (row.status == S.TO_SIGN and may_read_draft(user, row)):
        return row
    return versions[0] if versions and row.owed else None


def passages_of(user, page, number) -> list[Passage]:
    """Passages go to the author and the signer of the words they belong to; what is to be read out to those who carry
    the case on, what is for the case lead only to those who let people in."""
    if Perm.REVIEW_MANAGE in page.held and page.role not in ("author", "signer"):
        rows = ReturnPassage.objects.visible_to(user).filter(answer=page.row)
        if Perm.FOLDER_GRANT not in page.held:
            rows = rows.exclude(mark=ReturnPassage.Mark.LEAD)
        at = page.words.number if page.words else 0
        rows = rows.filter(since__lte=at).exclude(until__lte=at)
    elif page.role == "author" or (page.role == "signer" and page.words is page.row):
        rows = beside.passages_of(page.row, number=number)
    else:
        return []
    return passages_in(rows)


def passages_in(rows) -> list[Passage]:
    labels = {name: field.label for name, field in forms.ReturnForm.base_fields.items()}
    return [Passage(row.pk, labels[row.heading], row.mark, row.get_mark_display(), row.words) for row in rows]


def show_files(row, files) -> list[File]:
    files = list(files)
    newest = beside.newest_of(files) if files else {}
    return [_file(row, each, newest[each.document_id]) for each in files]


def _file(row, each, version) -> File:
    return File.of(
        version,
        reverse("reviews:return_file", args=[row.pk, each.place]),
        place=each.place,
        main=each.main,
        lost=version.lost and not each.given,
        called=called_of(version),
    )


def called_of(version) -> str:
    """Everything that a file is called by."""
    return f"{version.document.title}\n{version.name}"


def named_in(user, row) -> list:
    """Advice about the words of a return as they are saved, and about what its files are called."""
    newest = beside.newest_of(beside.files_of(row)).values()
    called = [(CALLED, called_of(each)) for each in newest]
    return naming.in_saved(user, row, forms.ReturnForm.base_fields, also=called)


def file_for(user, row, place):
    """The version behind a file of a return that this person may have, None where she may not."""
    files = ReturnFile.objects.unscoped("the page has asked for its return").filter(answer=row, place=place)
    file = files.first()
    if file is None or not may_read(user, row):
        return None
    if not (file.given or (file.until is None and may_read_draft(user, row))):
        return None
    return beside.newest_of([file]).get(file.document_id)


def answers_of(words) -> list:
    """(label, value in words) of what was answered, in the order of the form."""
    fields = forms.ReturnForm.base_fields
    found = [(fields[name].label, in_words(fields[name], getattr(words, name))) for name in returns.WRITTEN]
    return [(label, value) for label, value in found if value]


def changes(earlier, later) -> list:
    """(label, earlier, later) of the answers that differ between two versions."""
    fields = forms.ReturnForm.base_fields
    pairs = (
        (fields[name].label, *(in_words(fields[name], getattr(each, name)) for each in (earlier, later)))
        for name in (*returns.WRITTEN, "records_secured")
    )
    found = [(label, was, now) for label, was, now in pairs if was != now]
    if earlier.nil_return != later.nil_return:
        words = {True: "No record of this child or family", False: "There is a record"}
        found.insert(0, ("Whether there is a record", words[earlier.nil_return], words[later.nil_return]))
    return found


def coordinators(user, review) -> list[Coordinator]:
    rows = Coordinator.objects.visible_to(user).filter(review=review, ended_at=None)
    return list(rows.select_related("agency", "user", "named_by"))
