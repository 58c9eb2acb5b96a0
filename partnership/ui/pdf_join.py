"""Several tagged PDFs as one that is still tagged: a long document is drawn in parts, so that memory stays bounded.

The parts are of partnership.ui.pdf. One at a time is read, its objects are written on under new numbers, and it is
forgotten: what is held is the document that is made, a part, and where each object stands. Each part keeps its own tree
of pages and of tags; they hang side by side under one root. What a reader of tags looks up by number or by name (ISO
32000-1, 14.7.4: the parent tree, the /ID of a heading cell and the /Headers that name it) is unique within a part
alone, so it is numbered anew.
"""

import hashlib
import io
from array import array

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    TextStringObject,
)

TREE, PARENTS, KIDS, NUMBERS = "/StructTreeRoot", "/ParentTree", "/K", "/Nums"
PAGE, OBJECT = "/StructParents", "/StructParent"


def join(parts) -> bytes:
    """The pages of all `parts` (bytes, in order, at least one); language, title and metadata are the first one's."""
    parts = iter(parts)
    joined = _Joined(PdfReader(io.BytesIO(next(parts))))
    for number, content in enumerate(parts, start=2):
        joined.add(PdfReader(io.BytesIO(content)), f"{number}-")
    return joined.finish()


def pages_of(content) -> int:
    return len(PdfReader(io.BytesIO(content)).pages)


class Written:
    """A document as it grows, object by object: what is held is its bytes, and where each object stands."""

    beyond = 0

    def __init__(self, header):
        self.out, self.places = io.BytesIO(), array("Q", [0])  # number of an object -> where it stands
        self.out.write(f"{header}\n".encode() + b"%\xe2\xe3\xcf\xd3\n")

    def number(self) -> int:
        self.places.append(0)
        return len(self.places) - 1

    def put(self, number, thing) -> None:
        self.places[number] = self.out.tell()
        self.out.write(b"%d 0 obj\n" % number)
        (NullObject() if thing is None else thing).write_to_stream(self.out)
        self.out.write(b"\nendobj\n")

    def closed(self, root, info=None) -> bytes:
        """root: the number of the catalogue; info: what points at the document's facts."""
        start, size = self.out.tell(), len(self.places)
        self.out.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
        for place in self.places[1:]:
            self.out.write(b"%010d 00000 n \n" % place)
        name = ByteStringObject(hashlib.sha256(self.out.getbuffer()).digest()[:16])
        trailer = DictionaryObject({
            NameObject("/Size"): NumberObject(size), NameObject("/Root"): to(root),
            NameObject("/ID"): ArrayObject([name, name]),
        })  # fmt: skip
        if info is not None:
            trailer[NameObject("/Info")] = info
        self.out.write(b"trailer\n")
        trailer.write_to_stream(self.out)
        self.out.write(b"\nstartxref\n%d\n%%%%EOF\n" % start)
        return self.out.getvalue()


class _Joined(Written):
    """What later parts still change of the first one is held back until the end."""

    def __init__(self, first):
        super().__init__(first.pdf_header)
        self.pages, self.tree, self.parents = self.number(), self.number(), self.number()
        self.beyond, self.kids, self.count, self.tops, self.numbers = 0, [], 0, [], []
        part = self._take(first, "")
        catalog, tree = _copy(first.root_object), _copy(first.root_object[TREE])
        for name in ("/Pages", TREE):
            del catalog[name]
        for name in (KIDS, PARENTS):
            del tree[name]
        outlines = catalog.pop("/Outlines", None)
        self.catalog, self.struct = part.moved(catalog), part.moved(tree)
        self.info = part.moved(first.trailer.raw_get("/Info")) if "/Info" in first.trailer else None
        self.marks = part.hold(outlines)
        self.last = part.hold(self.marks[1].raw_get("/Last")) if self.marks else None
        part.write()

    def add(self, reader, prefix) -> None:
        part = self._take(reader, prefix)
        if title := next((item.title for item in reader.outline[:1]), None):
            self._mark(title, part.at(reader.pages[0].indirect_reference))
        part.write()

    def _take(self, reader, prefix):
        """Let the trees of a part hang under ours; what they lead to is written by the part."""
        root = reader.root_object
        part = Part(self, reader, prefix)
        part.known[root.raw_get(TREE).idnum] = self.tree
        part.above[root.raw_get("/Pages").idnum] = self.pages
        self.kids.append(part.moved(root.raw_get("/Pages")))
        self.count += len(reader.pages)
        tree = root[TREE]
        tops = tree[KIDS]
        self.tops += [part.moved(kid) for kid in (tops if isinstance(tops, ArrayObject) else [tree.raw_get(KIDS)])]
        given, beyond = tree[PARENTS][NUMBERS], self.beyond
        for key, value in zip(given[::2], list.__iter__(given[1::2]), strict=True):
            self.beyond = max(self.beyond, beyond + int(key) + 1)
            self.numbers += [NumberObject(beyond + int(key)), part.apart(value)]
        return part

    def _mark(self, title, page) -> None:
        """One more bookmark behind the last."""
        if self.marks is None:
            self.marks = self.number(), DictionaryObject()
        (root, marks), number = self.marks, self.number()
        item = DictionaryObject({
            NameObject("/Title"): TextStringObject(title), NameObject("/Parent"): to(root),
            NameObject("/Dest"): ArrayObject([page, NameObject("/Fit")]),
        })  # fmt: skip
        if self.last:
            before, was = self.last
            was[NameObject("/Next")], item[NameObject("/Prev")] = to(number), to(before)
            self.put(before, was)
        else:
            marks[NameObject("/First")] = to(number)
        marks[NameObject("/Last")] = to(number)
        marks[NameObject("/Count")] = NumberObject(int(marks.get("/Count", 0)) + 1)
        self.last = number, item

    def finish(self) -> bytes:
        self.put(self.pages, DictionaryObject({
            NameObject("/Type"): NameObject("/Pages"), NameObject("/Kids"): ArrayObject(self.kids),
            NameObject("/Count"): NumberObject(self.count),
        }))  # fmt: skip
        self.put(self.parents, DictionaryObject({NameObject(NUMBERS): ArrayObject(self.numbers)}))
        self.struct |= {NameObject(KIDS): ArrayObject(self.tops), NameObject(PARENTS): to(self.parents)}
        self.struct[NameObject("/ParentTreeNextKey")] = NumberObject(self.beyond)
        self.put(self.tree, self.struct)
        self.catalog |= {NameObject("/Pages"): to(self.pages), NameObject(TREE): to(self.tree)}
        for held in filter(None, (self.marks, self.last)):
            self.put(*held)
        if self.marks:
            self.catalog[NameObject("/Outlines")] = to(self.marks[0])
        root = self.number()
        self.put(root, self.catalog)
        return self.closed(root, self.info)


class Part:
    """One part on its way into the document. known: its number of an object -> ours; above: -> the page tree above."""

    def __init__(self, joined, reader, prefix):
        self.joined, self.reader, self.prefix, self.beyond = joined, reader, prefix, joined.beyond
        self.known, self.above, self.waiting, self.held, self.seen = {}, {}, [], set(), set()

    def at(self, pointer) -> IndirectObject:
        """What points at the same object in the document; it is written in its turn."""
        if pointer.idnum not in self.known:
            self.known[pointer.idnum] = self.joined.number()
            self.waiting.append(pointer)
        return to(self.known[pointer.idnum])

    def hold(self, pointer):
        """(number, thing) of an object that is not written yet, for later parts change it; None for none."""
        if pointer is None:
            return None
        if pointer.pdf is None:  # it was moved already, as part of another
            theirs = {ours: number for number, ours in self.known.items()}
            pointer = IndirectObject(theirs[pointer.idnum], 0, self.reader)
        number = self.at(pointer).idnum
        self.held.add(pointer.idnum)
        return number, self.moved(pointer.get_object())

    def apart(self, value) -> IndirectObject:
        """What points at `value`, which is written as an object of its own if it is none."""
        if isinstance(value, IndirectObject):
            return self.at(value)
        number = self.joined.number()
        self.joined.put(number, self.moved(value))
        return to(number)

    def write(self) -> None:
        while self.waiting:
            pointer = self.waiting.pop()
            if pointer.idnum in self.held:
                continue
            thing = self.moved(pointer.get_object())
            if pointer.idnum in self.above:
                thing[NameObject("/Parent")] = to(self.above[pointer.idnum])
            self.joined.put(self.known[pointer.idnum], thing)

    def moved(self, thing):
        """`thing` as it stands in the document: every reference, number and name in it is the document's."""
        if isinstance(thing, IndirectObject):
            return self.at(thing)
        if id(thing) in self.seen:
            return thing
        if isinstance(thing, DictionaryObject):  # a stream too
            self.seen.add(id(thing))
            self._renumber(thing)
            for key, value in list(dict.items(thing)):
                thing[key] = self.moved(value)
        elif isinstance(thing, ArrayObject):
            self.seen.add(id(thing))
            thing[:] = [self.moved(each) for each in list.__iter__(thing)]
        return thing

    def _renumber(self, thing):
        for key in (PAGE, OBJECT):
            if key in thing:
                thing[NameObject(key)] = NumberObject(int(thing[key]) + self.beyond)
        if self.prefix and "/ID" in thing and "/S" in thing:
            thing[NameObject("/ID")] = self._named(thing["/ID"])
        if self.prefix and "/Headers" in thing:
            thing[NameObject("/Headers")] = ArrayObject(self._named(each) for each in thing["/Headers"])

    def _named(self, value):
        words = value.decode("latin-1") if isinstance(value, bytes) else str(value)
        return TextStringObject(self.prefix + words)


def _copy(thing) -> DictionaryObject:
    return DictionaryObject(dict(dict.items(thing)))


def to(number) -> IndirectObject:
    return IndirectObject(number, 0, None)
