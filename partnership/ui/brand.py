"""The partnership's name, logo and colour, from the settings PARTNERSHIP_NAME, PARTNERSHIP_LOGO and PARTNERSHIP_COLOUR.

A council's portal is not GOV.UK, so the colour is a custom property in a stylesheet of three lines, which the content
security policy allows (an inline style it does not), and the logo is a file on the server's disk.
"""

import hashlib
import re
from base64 import b64encode
from pathlib import Path

from django.conf import settings
from django.core.checks import Error
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

TELEPHONE = re.compile(r"\+?[0-9][0-9 ]{4,20}[0-9]")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
LOGO_TYPES = {".png": "image/png", ".svg": "image/svg+xml", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
LOGO_BYTES = 200_000
INK = "#0b0c0c"
PAPER = "#ffffff"


def luminance(colour):
    """Relative luminance from 0 to 1 of '#rrggbb' (WCAG 2.2, definition of relative luminance)."""
    channels = []
    for start in (1, 3, 5):
        part = int(colour[start : start + 2], 16) / 255
        channels.append(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
    red, green, blue = channels
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """Contrast ratio from 1 to 21 of two '#rrggbb' colours (WCAG 2.2, success criterion 1.4.3)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def colour():
    """The partnership's colour as '#rrggbb', in lower case."""
    return settings.PARTNERSHIP_COLOUR.lower()


def text_colour():
    """White or near-black: whichever reads better on the partnership's colour (never below 4.5 to 1)."""
    return max((PAPER, INK), key=lambda candidate: contrast(candidate, colour()))


def stylesheet():
    """The CSS that carries the brand: one rule of custom properties."""
    return f":root{{--govuk-brand-colour:{colour()};--portal-brand-text:{text_colour()}}}\n"


def logo_path():
    """Path of the logo's file, or None where the partnership has none."""
    return Path(settings.PARTNERSHIP_LOGO) if settings.PARTNERSHIP_LOGO else None


def logo_data() -> str:
    """The logo as a data: address, the only kind that a PDF may use; empty where there is none."""
    path = logo_path()
    if path is None or not path.is_file():
        return ""
    return f"data:{LOGO_TYPES[path.suffix.lower()]};base64,{b64encode(path.read_bytes()).decode()}"


def version():
    """A short digest of the brand, for addresses that may be cached for a year."""
    logo = logo_path()
    stamp = f"{logo.stat().st_mtime_ns}" if logo and logo.exists() else ""
    return hashlib.sha256(f"{stylesheet()}{logo}{stamp}".encode()).hexdigest()[:12]


def check_settings(app_configs=None, **kwargs):
    """System check: a colour that is '#rrggbb', a logo that exists, is small and of a type that pages can show, and an
    email address and telephone number that people can use.
    """
    problems = []
    if not COLOUR.fullmatch(settings.PARTNERSHIP_COLOUR):
        problems.append(
            Error(
                f"PARTNERSHIP_COLOUR must be a colour like #5b2d8e, not {settings.PARTNERSHIP_COLOUR!r}.", id="ui.E001"
            )
        )
    logo = logo_path()
    if logo and logo.suffix.lower() not in LOGO_TYPES:
        problems.append(Error(f"PARTNERSHIP_LOGO must be a PNG, SVG or JPEG file, not {logo.name!r}.", id="ui.E002"))
    elif logo and not (logo.is_file() and logo.stat().st_size <= LOGO_BYTES):
        problems.append(Error(f"PARTNERSHIP_LOGO must be a file of at most {LOGO_BYTES // 1000} KB.", id="ui.E003"))
    if settings.PARTNERSHIP_EMAIL:
        try:
            validate_email(settings.PARTNERSHIP_EMAIL)
        except ValidationError:
            problems.append(
                Error(f"PARTNERSHIP_EMAIL must be an email address, not {settings.PARTNERSHIP_EMAIL!r}.", id="ui.E004")
            )
    if settings.PARTNERSHIP_TELEPHONE and not TELEPHONE.fullmatch(settings.PARTNERSHIP_TELEPHONE):
        problems.append(
            Error(
                f"PARTNERSHIP_TELEPHONE must be a number like 01782 000000, not {settings.PARTNERSHIP_TELEPHONE!r}.",
                id="ui.E005",
            )
        )
    return problems
