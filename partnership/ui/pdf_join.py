"""Several tagged PDFs as one that is still tagged: a long document is drawn in parts, so that memory stays bounded.

Each part keeps its own tree of tags; the trees hang side by side under one root. What a reader of tags looks up by
number or by name (ISO 32000-1, 14.7.4: the parent tree, the /ID of a heading cell and the /Headers that name it) is
unique within a part alone, so it is numbered anew. The parts are of partnership.ui.pdf.
"""

import io

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, IndirectObject, NameObject, NumberObject, TextStringObject

TREE, PARENTS, KIDS = "/StructTreeRoot", "/ParentTree", "/K"
PAGE, OBJECT = "/StructParents", "/StructParent"


def join(parts) -> bytes:
    """The pages of all `parts` (bytes, in order, at least one); language, title and metadata are the first one's."""
    parts = iter(parts)
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(next(parts))))
    for number, content in enumerate(parts, start=2):
        _append(writer, PdfReader(io.BytesIO(content)), f"{number}-")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def pages_of(content) -> int:
    return len(PdfReader(io.BytesIO(content)).pages)


def _append(writer, reader, prefix):
    tree, theirs = writer.root_object[TREE], reader.root_object[TREE]
    numbers = tree[PARENTS][NameObject("/Nums")]
    beyond = max((int(key) for key in numbers[::2]), default=-1) + 1
    first = len(writer.pages)
    for source in reader.pages:
        _renumber(source, writer.add_page(source), beyond)
    # Whatever points up at the tree of the part points at the one tree from now on.
    writer._id_translated[id(reader)][reader.root_object.raw_get(TREE).idnum] = tree.indirect_reference.idnum
    top = theirs.raw_get(KIDS)
    for kid in top.get_object() if isinstance(top.get_object(), ArrayObject) else [top]:
        added = kid.clone(writer)
        tree[KIDS].append(added)
        _rename(added.get_object(), prefix)
    given = theirs[PARENTS]["/Nums"]
    for at in range(0, len(given), 2):
        numbers.append(NumberObject(int(given[at]) + beyond))
        numbers.append(given[at + 1].clone(writer))
    for item in reader.outline[:1]:
        writer.add_outline_item(title=item.title, page_number=first)


def _renumber(source, page, beyond):
    if PAGE in source:
        page[NameObject(PAGE)] = NumberObject(int(source[PAGE]) + beyond)
    for note in page.get("/Annots", ()):
        note = note.get_object()
        if OBJECT in note:
            note[NameObject(OBJECT)] = NumberObject(int(note[OBJECT]) + beyond)


def _rename(top, prefix):
    waiting = [top]
    while waiting:
        part = waiting.pop()
        if "/ID" in part:
            part[NameObject("/ID")] = TextStringObject(prefix + _words(part["/ID"]))
        given = part.get("/A")
        given = given.get_object() if given is not None else {}
        if "/Headers" in given:
            named = [TextStringObject(prefix + _words(each)) for each in given["/Headers"]]
            given[NameObject("/Headers")] = ArrayObject(named)
        kids = part.get(KIDS, ())
        kids = kids.get_object() if isinstance(kids, IndirectObject) else kids
        for kid in kids if isinstance(kids, ArrayObject) else [kids]:
            kid = kid.get_object()
            if hasattr(kid, "get") and kid.get("/S"):
                waiting.append(kid)


def _words(value) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
