"""Many PDFs as one that is read from its first page to its last: a pack of papers, as a printer binds them.

A page keeps what it shows, its size and its links to the outside; below it a strip is added, so that the number of the
pack hides nothing of the paper, and the reader's mark (copies.py) has room beside it. Tags, named destinations, forms
and layers of a paper belong to its own file and are not taken over. One paper at a time is read, written on and
forgotten, as in partnership.ui.pdf_join.
"""

import io

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    RectangleObject,
    TextStringObject,
)

from partnership.documents.copies import HEIGHT, WIDTH, inherited, place_at_foot
from partnership.ui.pdf_join import Part, Written, to

STRIP = 2 * HEIGHT + 4  # points, for a page of A4: the mark below, the number of the page above it
NOT_TAKEN = ("/Parent", "/StructParents", "/B", "/TrimBox", "/BleedBox", "/ArtBox", "/Tabs", "/Metadata", "/PieceInfo")
FOOT = "/PortalFoot"
DAMAGES = (
    PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, OSError, ArithmeticError,
    NotImplementedError, AssertionError,
)  # fmt: skip


class Unbindable(RuntimeError):
    """This PDF cannot be bound; nothing of it was taken."""


class Binding(Written):
    """foot(number) -> the words below a page, of Latin letters and digits."""

    def __init__(self, foot):
        super().__init__("%PDF-1.7")
        self.foot, self.sheets, self.marks = foot, {}, []
        self.tree, self.font, self.begin = self.number(), self.number(), self.number()
        self.put(self.font, _dictionary(Type="/Font", Subtype="/Type1", BaseFont="/Helvetica-Bold"))
        self.put(self.begin, _stream(b"q\n"))

    def add(self, content: bytes, first: int) -> int:
        """Put the pages of a PDF in from the page `first` on. Returns the number of its last. Raises Unbindable."""
        size, places = self.out.tell(), len(self.places)
        try:
            return self._add(PdfReader(io.BytesIO(content)), first)
        except DAMAGES as error:
            self.out.truncate(size)
            self.out.seek(size)
            del self.places[places:]
            self.sheets = {page: number for page, number in self.sheets.items() if number < places}
            raise Unbindable(type(error).__name__) from error

    def _add(self, reader, first) -> int:
        part, pages = Part(self, reader, ""), list(reader.pages)
        part.kept = []  # a part knows what it moved by its place in memory, so nothing is forgotten before its end
        if not pages or reader.is_encrypted:
            raise ValueError("no pages")
        numbers = [self.number() for _ in pages]
        for page, number in zip(pages, numbers, strict=True):
            part.known[page.indirect_reference.idnum] = number  # a link to another page leads to that page of ours
        for place, (page, number) in enumerate(zip(pages, numbers, strict=True), start=first):
            self.put(number, self._sheet(part, page, place))
            self.sheets[place] = number
        part.write()
        return first + len(pages) - 1

    def _sheet(self, part, page, place) -> DictionaryObject:
        crop = page.cropbox
        left, low, right, high = (float(each) for each in (crop.left, crop.bottom, crop.right, crop.top))
        if right <= left or high <= low:
            raise ValueError("a page without a size")
        # What lies outside the page, and would show in the strip, stays hidden.
        clip = f"{left:.3f} {low:.3f} {right - left:.3f} {high - low:.3f} re W n\n"
        longer = _with_strip(page, left, low, right, high)
        page.mediabox = page.cropbox = RectangleObject(longer)
        matrix = " ".join(f"{each:.4f}" for each in place_at_foot(page))
        resources = DictionaryObject(dict(dict.items(inherited(page, "/Resources"))))
        objects = DictionaryObject(dict(dict.items(_resolved(resources, "/XObject"))))
        resources.pop("/XObject", None)
        own = page.raw_get("/Contents") if "/Contents" in page else None
        parts = own.get_object() if own is not None else None
        parts = list(list.__iter__(parts)) if isinstance(parts, ArrayObject) else [own] if parts is not None else []
        sheet = DictionaryObject({key: value for key, value in dict.items(page) if key not in NOT_TAKEN})
        for name in ("/Contents", "/Resources", "/MediaBox", "/CropBox", "/Rotate"):
            sheet.pop(name, None)
        part.kept += [sheet, resources, objects]
        sheet, resources, objects = part.moved(sheet), part.moved(resources), part.moved(objects)
        parts = [part.moved(each) for each in parts]
        objects[NameObject(FOOT)] = self._written(self._foot(place))
        resources[NameObject("/XObject")] = objects
        after = _stream(f"\nQ\nQ\n/Artifact BMC\nq {matrix} cm {FOOT} Do Q\nEMC\n".encode())
        sheet[NameObject("/Contents")] = ArrayObject(
            [to(self.begin), self._written(_stream(clip.encode() + b"q\n")), *parts, self._written(after)]
        )
        sheet[NameObject("/Resources")] = resources
        sheet[NameObject("/MediaBox")] = sheet[NameObject("/CropBox")] = ArrayObject(map(FloatObject, longer))
        sheet[NameObject("/Rotate")] = NumberObject((page.rotation or 0) % 360)
        sheet[NameObject("/Type")], sheet[NameObject("/Parent")] = NameObject("/Page"), to(self.tree)
        return sheet

    def _written(self, thing):
        number = self.number()
        self.put(number, thing)
        return to(number)

    def _foot(self, place) -> DecodedStreamObject:
        words = self.foot(place).encode("latin-1", "replace").replace(b"\\", b"").replace(b"(", b"").replace(b")", b"")
        form = _stream(b"BT /F1 8 Tf 40 %d Td (%b) Tj ET" % (HEIGHT + 6, words))
        form.update(_dictionary(Type="/XObject", Subtype="/Form"))
        form[NameObject("/BBox")] = ArrayObject(map(FloatObject, (0, 0, WIDTH, STRIP)))
        fonts = DictionaryObject({NameObject("/F1"): to(self.font)})
        form[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        return form

    def mark(self, title, page, level=0) -> None:
        """A bookmark, in the order of the pages; level 1 stands below the last of level 0."""
        self.marks.append((title, page, level))

    def finish(self, title) -> bytes:
        """The document. The pages stand in the order of their numbers, whatever the order they came in."""
        kids = [to(number) for _, number in sorted(self.sheets.items())]
        tree = _dictionary(Type="/Pages")
        tree |= {NameObject("/Kids"): ArrayObject(kids), NameObject("/Count"): NumberObject(len(kids))}
        self.put(self.tree, tree)
        catalog = _dictionary(Type="/Catalog", PageMode="/UseOutlines")
        catalog |= {NameObject("/Pages"): to(self.tree), NameObject("/Lang"): TextStringObject("en-GB")}
        catalog[NameObject("/ViewerPreferences")] = DictionaryObject(
            {NameObject("/DisplayDocTitle"): BooleanObject(True)}
        )
        if self.marks:
            catalog[NameObject("/Outlines")] = to(self._outline())
        root = self.number()
        self.put(root, catalog)
        return self.closed(root, self._written(DictionaryObject({NameObject("/Title"): TextStringObject(title)})))

    def _outline(self) -> int:
        """The bookmarks as two levels (ISO 32000-1, 12.3.3). Returns the number of their root."""
        root, tops = self.number(), []
        for title, page, level in self.marks:
            if level == 0 or not tops:
                tops.append(((title, page), []))
            else:
                tops[-1][1].append((title, page))
        numbers = [self.number() for _ in tops]
        for place, ((facts, below), number) in enumerate(zip(tops, numbers, strict=True)):
            item = self._bookmark(facts, root, numbers, place)
            if below:
                mine = [self.number() for _ in below]
                item |= _family(mine, -len(mine))
                for at, each in enumerate(below):
                    self.put(mine[at], self._bookmark(each, number, mine, at))
            self.put(number, item)
        self.put(root, DictionaryObject(_dictionary(Type="/Outlines") | _family(numbers, len(numbers))))
        return root

    def _bookmark(self, facts, parent, siblings, place) -> DictionaryObject:
        title, page = facts
        item = DictionaryObject({
            NameObject("/Title"): TextStringObject(title), NameObject("/Parent"): to(parent),
            NameObject("/Dest"): ArrayObject([to(self.sheets[page]), NameObject("/Fit")]),
        })  # fmt: skip
        if place:
            item[NameObject("/Prev")] = to(siblings[place - 1])
        if place + 1 < len(siblings):
            item[NameObject("/Next")] = to(siblings[place + 1])
        return item


def _with_strip(page, left, low, right, high) -> tuple:
    """The box of the page, longer at the edge that a reader sees at the foot, however the page is turned."""
    turned = (page.rotation or 0) % 360
    across = right - left if turned in (0, 180) else high - low
    more = STRIP * max(0.2, across / WIDTH)
    if turned == 90:
        return left, low, right + more, high
    if turned == 180:
        return left, low, right, high + more
    return (left - more, low, right, high) if turned == 270 else (left, low - more, right, high)


def _family(numbers, count) -> DictionaryObject:
    return DictionaryObject({
        NameObject("/First"): to(numbers[0]), NameObject("/Last"): to(numbers[-1]),
        NameObject("/Count"): NumberObject(count),
    })  # fmt: skip


def _dictionary(**facts) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{key}"): NameObject(value) for key, value in facts.items()})


def _stream(content) -> DecodedStreamObject:
    stream = DecodedStreamObject()
    stream.set_data(content)
    return stream


def _resolved(dictionary, name) -> DictionaryObject:
    found = dictionary.get(name)
    return found.get_object() if found is not None else DictionaryObject()
