"""A pack as a PDF: cover, contents and agenda, then each paper, one after another, with a number on every page.

Called by a worker. Papers are read one at a time; what is held is the document that is made (documents.binding).
"""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied

from boards.agenda import packs, reads
from boards.models import Pack
from partnership.access import scope
from partnership.documents.binding import Binding, Unbindable
from partnership.documents.models import Marking
from partnership.documents.services import Damaged, NotReady, read
from partnership.ui import pdf
from partnership.ui.pdf_join import pages_of

ROUNDS = 3
MARKINGS = {Marking.OFFICIAL: "OFFICIAL", Marking.SENSITIVE: "OFFICIAL-SENSITIVE"}


@dataclass(frozen=True)
class Drawn:
    content: bytes
    pages: list
    last_page: int
    marking: str
    made_of: str
    number: int
    first_page: int


class Changed(RuntimeError):
    """The front has another number of pages than it was thought to have."""


def make(pack, *, by, progress) -> Drawn:
    """The `make` of the job. Raises PermissionDenied for somebody who no longer sees all that the pack is made of."""
    progress(2, "Collecting the agenda")
    with scope.entered():
        pack = Pack.objects.visible_to(by).select_related("meeting__folder", "meeting__group", "folder").get(pk=pack.pk)
        if not packs.seen_by(by, pack):
            raise PermissionDenied("pack.make")
        lines = packs.lines_for(pack.restricted, reads.agenda(by, pack.meeting))
        made_of, marking = packs.state_of(pack.meeting, lines), packs.marking_of(pack.meeting, lines)
        if pack.number:
            earlier = packs.series_of(pack)
            lines = _only(lines, packs.new_since(earlier, lines))
        parts = [[line for line in lines if line.item.restricted == part] for part in (False, True)]
        drawing = _Drawing(pack, by, marking, progress, sum(len(line.papers) for line in lines))
        content = drawing.draw([part for part in parts if part])
    return Drawn(content, drawing.pages, drawing.last, marking, made_of, pack.number, pack.first_page)


def _only(lines, new) -> list:
    """The lines of a supplement: those with something new, and that alone."""
    papers = {}
    for line, each in new:
        papers.setdefault(line.item.pk, []).append(each)
    kept = [line for line in lines if line.item.pk in papers]
    for line in kept:
        line.papers = papers[line.item.pk]
    return kept


class _Drawing:
    """pages: as Pack.pages. last: the number of the last page."""

    def __init__(self, pack, by, marking, progress, papers):
        self.pack, self.by, self.marking, self.progress = pack, by, marking, progress
        self.papers, self.done, self.fronts = max(1, papers), 0, {}
        self.pages, self.last = [], 0

    def draw(self, parts) -> bytes:
        for _ in range(ROUNDS):
            try:
                return self._draw(parts)
            except Changed:
                self.done = 0
        raise Changed

    def _draw(self, parts) -> bytes:
        words = (
            f"{MARKINGS[self.marking]}     Page {{}} of the pack{' with restricted items' * bool(self.pack.restricted)}"
        )
        binding = Binding(words.format)
        self.pages, marks, page = [], [], self.pack.first_page
        for number, lines in enumerate(parts):
            if number not in self.fronts:  # how many pages the front takes: its numbers are not known yet
                self.fronts[number] = pages_of(self._front(lines, page, {}, number))
            first = page
            page, found = self._bind(binding, lines, page + self.fronts[number])
            front = self._front(lines, first, found, number)
            if pages_of(front) != self.fronts[number]:
                self.fronts[number] = pages_of(front)
                raise Changed
            binding.add(front, first)
            marks.append((self._called(lines), first, 0))
            marks += self._note(lines, found, first)
        for mark in marks:
            binding.mark(*mark)
        self.last = page - 1
        self.progress(95, "Keeping the pack")
        return binding.finish(self._title())

    def _bind(self, binding, lines, page) -> tuple:
        """The papers of these lines, from `page` on. Returns (the next page, {paper's id: (first, last)})."""
        found = {}
        for line in lines:
            for each in line.papers:
                self.done += 1
                self.progress(5 + 85 * self.done // self.papers, f"Paper {self.done} of {self.papers}")
                if each.pdf is None:
                    continue
                try:
                    last = binding.add(read(each.pdf), page)
                except (Unbindable, Damaged, NotReady):
                    last = binding.add(self._missing(line, each, page), page)
                found[each.paper.pk] = (page, last)
                page = last + 1
        return page, found

    def _note(self, lines, found, front):
        """The pages of items and papers, and their bookmarks: an item without a paper leads to the agenda."""
        for line in lines:
            mine = [(each, *found[each.paper.pk]) for each in line.papers if each.paper.pk in found]
            first = mine[0][1] if mine else front
            yield f"{line.number}. {line.item.title}", first, 0
            self.pages.append([str(line.item.pk), first, mine[-1][2] if mine else front, None])
            for each, page, last in mine:
                yield each.paper.title, page, 1
                self.pages.append([str(each.paper.pk), page, last, str(each.pdf.pk)])

    def _title(self):
        return f"{'Supplement to the p' if self.pack.number else 'P'}ack for {self.pack.meeting.title}"

    def _called(self, lines):
        if lines[0].item.restricted:
            return "Part 2: restricted items"
        return "Supplement" if self.pack.number else "Agenda"

    def _front(self, lines, first, found, number) -> bytes:
        for line in lines:
            for each in line.papers:
                each.page = found.get(each.paper.pk, (None,))[0] if found else 888
        title = self._title() if number == 0 else self._called(lines)
        return pdf.render("boards/pack_pdf.html", self._context(title, first) | {
            "lines": lines, "cover": number == 0, "restricted": bool(self.pack.restricted), "pack": self.pack,
            "called": self._called(lines), "meeting": self.pack.meeting, "made_by": self.by,
        })  # fmt: skip

    def _missing(self, line, each, page) -> bytes:
        context = self._context(each.paper.title, page) | {"line": line, "paper": each.paper}
        return pdf.render("boards/pack_missing_pdf.html", context)

    def _context(self, title, first):
        return {"title": title, "marking": MARKINGS[self.marking], "first_page": first}
