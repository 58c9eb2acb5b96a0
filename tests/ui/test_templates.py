"""Every template keeps to the content security policy and to what htmx 2 and 4 both accept."""

import re
from pathlib import Path

import pytest
from django.template import engines

ROOT = Path(__file__).resolve().parent.parent.parent / "templates"
TEMPLATES = sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*.html"))
# WeasyPrint draws these; no browser and no policy is involved.
PDFS = {"pdf_base.html"}

FORBIDDEN = {
    "an inline script": r"<script(?![^>]*\bsrc=)",
    "an inline stylesheet": r"<style\b",
    "an inline style": r"\sstyle\s*=",
    "an event handler": r"\son[a-z]+\s*=\s*[\"']",
    "hx-on": r"\bhx-on\b",
    "hx-vars": r"\bhx-vars\b",
    "evaluated values": r"[\"'](?:js|javascript):",
    "a trigger filter": r"hx-trigger=[\"'][^\"']*\[",
    "an address of another site": r"(?:src|href|action|hx-get|hx-post)=[\"'](?:https?:)?//",
}


POSTING = re.compile(r"<form\b[^>]*method=[\"']post[\"'].*?</form>", re.IGNORECASE | re.DOTALL)


def problems(name):
    """What is wrong with one template, as words."""
    text = (ROOT / name).read_text(encoding="utf-8")
    found = [what for what, pattern in FORBIDDEN.items() if re.search(pattern, text, re.IGNORECASE)]
    if any("csrf_token" not in form for form in POSTING.findall(text)):
        found.append("a form that posts without its token")
    # Without JavaScript there must be a plain way to the same place.
    if any(element != "form" for element in re.findall(r"<(\w+)[^>]*\bhx-post=", text)):
        found.append("hx-post on something that is no form")
    if "hx-get=" in text and not re.search(r"<a\b[^>]*href=|<form\b", text):
        found.append("hx-get without a link or a form")
    return found


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_keeps_to_the_policy(name):
    assert problems(name) == (["an inline stylesheet"] if name in PDFS else [])
    assert engines["django"].get_template(name).template.name == name
