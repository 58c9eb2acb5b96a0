"""What may be kept is what it says it is; everything else is refused in a sentence that says what to do."""

import io

import pytest
from PIL import Image

from partnership.documents.contents import kinds, zips
from partnership.documents.names import clean_name, title_of
from partnership.documents.refusals import REASONS, Refused, reason_of
from tests.documents import bad_files
from tests.documents.bad_files import MB


def made(content):
    return content() if callable(content) else content


@pytest.mark.parametrize("name, content", bad_files.GOOD, ids=[name for name, _ in bad_files.GOOD])
def test_a_good_file_passes(name, content):
    assert kinds.look(clean_name(name), made(content))


@pytest.mark.parametrize("limit", [0, 1])
def test_the_limit_is_met_exactly(limit, settings):
    settings.DOCUMENTS_MAX_MB = 1
    content = b"a" * (MB + limit)
    if not limit:
        assert kinds.look("x.txt", content) == content
        return
    with pytest.raises(Refused) as refused:
        kinds.look("x.txt", content)
    assert str(reason_of(refused.value.code)).startswith("The file is too large: at most 1 MB can be kept.")


def test_a_photograph_loses_its_place_its_camera_and_its_words_and_stands_upright():
    kept = kinds.look("x.jpg", bad_files.photograph())
    with Image.open(io.BytesIO(kept)) as picture:
        assert (dict(picture.getexif()), picture.size) == ({}, (30, 40))
        assert not {"exif", "comment", "xmp", "icc_profile"} & set(picture.info)
    assert b"Camera of somebody" not in kept and b"taken at home" not in kept and b"GPS" not in kept


def test_a_picture_that_is_a_script_or_an_archive_too_is_a_picture_alone():
    for name, kind in (("x.png", "PNG"), ("x.jpg", "JPEG")):
        hidden = b"<script>alert(1)</script>" + bad_files.zipped({"a.js": b"hidden words"})
        kept = kinds.look(name, bad_files.picture(kind) + hidden)
        assert b"<script>" not in kept and b"PK" not in kept


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_png_of_any_sort_keeps_its_pixels(mode):
    written = io.BytesIO()
    Image.new("RGBA", (5, 4), (1, 2, 3, 128)).convert("RGBA" if mode == "I;16" else mode).save(written, "PNG")
    with Image.open(io.BytesIO(kinds.look("x.png", written.getvalue()))) as kept, Image.open(written) as sent:
        assert kept.convert("RGBA").tobytes() == sent.convert("RGBA").tobytes()


def test_a_bomb_is_refused_before_any_part_of_it_is_unpacked(monkeypatch):
    content = bad_files.bomb()
    assert len(content) < MB
    monkeypatch.setattr(zips, "_read_through", lambda archive: pytest.fail("a part was opened"))
    with pytest.raises(Refused, match="bomb"):
        kinds.look("x.xlsx", content)


def test_a_part_that_lies_about_its_size_is_refused():
    content = bytearray(bad_files.office("docx", {"word/a.xml": b"a" * 5000}))
    at = content.find(b"PK\x01\x02")
    while content[at + 46 :].find(b"word/a.xml"):
        at = content.find(b"PK\x01\x02", at + 4)
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    with pytest.raises(Refused, match="unreadable"):
        kinds.look("x.docx", bytes(content))


@pytest.mark.parametrize("code", REASONS)
def test_every_reason_says_what_is_wrong_and_what_to_do(code):
    reason = reason_of(code)
    assert reason.wrong.endswith(".") and reason.do.endswith(".") and "{" not in str(reason)


@pytest.mark.parametrize(
    "name, shown",
    [
        ("=cmd|'/C calc'!A0.pdf", "C calc'!A0.pdf"),
        ("=cmd|' calc'!A0.pdf", "cmd_' calc'!A0.pdf"),
        ("..\\..\\x.pdf", "x.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
        ("report\u202efdp.exe", "reportfdp.exe"),
        ("a\0b.pdf", "ab.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("com1.tar.pdf", "_com1.tar.pdf"),
        ("report 📄 final.pdf", "report 📄 final.pdf"),
        ('a"\r\nSet-Cookie: x=1.pdf', "a_Set-Cookie_ x=1.pdf"),
        (".pdf", "file.pdf"),
        ("...", "file"),
        ("", "file"),
        ("Zoë\u0308 Ní.pdf", "Zoë̈ Ní.pdf"),
        ("half \ud800.pdf", "half.pdf"),
    ],
)
def test_any_name_becomes_a_harmless_one(name, shown):
    assert clean_name(name) == shown
    assert len(clean_name(name)) <= 120


def test_a_title_comes_from_the_name():
    assert title_of("Minutes_3_May.docx") == "Minutes 3 May"
