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


BLOCK = re.compile(r"{%\s*(block|endblock)\b\s*(\w*)")
SET = re.compile(r"{%[^%]*\bas (\w+)\s*%}")


def lost(text):
    """(name, block) of what a block uses and only another block sets: a block's own names end with it."""
    spans, place, around = {}, 0, []
    for found in BLOCK.finditer(text):
        spans[around[-1] if around else ""] = spans.get(around[-1] if around else "", "") + text[place : found.start()]
        place = found.start()
        around = [*around, found[2]] if found[1] == "block" else around[:-1]
    spans[""] = spans.get("", "") + text[place:]
    names = {block: set(SET.findall(span)) for block, span in spans.items()}
    return [
        (name, block)
        for block, span in spans.items()
        for name in set().union(*names.values()) - names[block] - names[""]
        if re.search(rf"\b{name}\b", span)
    ]


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


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_block_uses_no_name_that_only_another_block_sets(name):
    """Django answers such a name with nothing: a link that leads nowhere."""
    assert lost((ROOT / name).read_text(encoding="utf-8")) == []
