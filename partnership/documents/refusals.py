"""Why a file is refused: a code that is kept, and the two sentences that a person reads."""

from dataclasses import dataclass

from django.conf import settings

MB = 1024 * 1024


def most_bytes() -> int:
    return settings.DOCUMENTS_MAX_MB * MB


@dataclass(frozen=True)
class Reason:
    """wrong: what is wrong. do: what to do about it. Sentences."""

    wrong: str
    do: str

    def __str__(self):
        return f"{self.wrong} {self.do}"


PDF = "Save it as PDF and upload that."
AGAIN = "Upload it again."
ZIPPED = "Unpack it and upload each file by itself."
REASONS = {
    "too_large": Reason(
        "The file is too large: at most {most} MB can be kept.", "Save a smaller copy and upload that."
    ),
    "empty": Reason("The file is empty.", "Check that it opens on your computer, then upload it again."),
    "cut_off": Reason("The file is not whole: its end is missing.", AGAIN),
    "lost": Reason("The file did not arrive.", AGAIN),
    "not_allowed": Reason("Files of this type cannot be kept.", PDF),
    "zip": Reason("Zip files and other archives cannot be kept.", ZIPPED),
    "html": Reason("This file is a web page, whatever its name says.", PDF),
    "svg": Reason("This file is an SVG drawing, whatever its name says.", "Save it as PNG or PDF and upload that."),
    "other_type": Reason("This file is not what its name says.", f"Open it in the program that made it. {PDF}"),
    "two_in_one": Reason("This file is two kinds of file in one.", PDF),
    "old_office": Reason(
        "This file is in an old Office format or has a password.",
        "Take the password off, save it as DOCX, XLSX, PPTX or PDF and upload that.",
    ),
    "password": Reason(
        "This file has a password, so it cannot be checked.", "Save it without a password and upload that."
    ),
    "macros": Reason("This file has macros, which can harm a computer.", PDF),
    "remote": Reason(
        "This file fetches something from elsewhere when it is opened: a template, a picture, data or another file.",
        PDF,
    ),
    "objects": Reason("This file has another file or program inside.", PDF),
    "nested": Reason("This file has an archive inside.", PDF),
    "formulas": Reason(
        "This CSV file has a formula, which a spreadsheet program would run.",
        "Take the ‘=’ out of the beginning of the cell, or save it as XLSX, and upload that.",
    ),
    "scripts": Reason(
        "This PDF runs something when it is opened.", "Print it to PDF (‘Microsoft Print to PDF’) and upload that."
    ),
    "attachments": Reason(
        "This PDF has other files inside.", "Save each of them by itself and upload them one by one."
    ),
    "bomb": Reason("This file unpacks to far more than it should.", PDF),
    "zip_names": Reason("This file has parts inside whose names lead out of it.", PDF),
    "picture_too_large": Reason("This picture has too many pixels.", "Save it smaller and upload that."),
    "too_many_pages": Reason("This PDF has too many pages or parts.", "Split it and upload the parts one by one."),
    "unreadable": Reason("This file cannot be opened: it is damaged.", f"Check that it opens on your computer. {PDF}"),
    "not_scanned": Reason("The virus scanner could not look into all of this file.", PDF),
    "test_virus": Reason(
        "This file contains a test virus.", "Do not send it on. Ask your IT department who put it there."
    ),
    "virus": Reason(
        "This file contains a virus.",
        "Do not open it. Ask your IT department to check the computer that it came from.",
    ),
}


class Refused(Exception):
    """The file cannot be kept; `code` names the reason."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def reason_of(code) -> Reason:
    """What a person is told. A code of an older release is 'Files of this type cannot be kept'."""
    reason = REASONS.get(code, REASONS["not_allowed"])
    return Reason(reason.wrong.format(most=settings.DOCUMENTS_MAX_MB), reason.do)
