"""PDFs: a template and its facts to the bytes of a tagged PDF/UA-1 document. Call it in a job, never in a request.

Nothing is fetched but `data:` URIs: a template or a person's text that names a file or an address fails the whole
document, because WeasyPrint would otherwise embed what the server can read: with its default fetcher
`<link rel=attachment href=file:///…>` puts any file of the server into the PDF.
"""

from django.template.loader import render_to_string

MARKINGS = ("OFFICIAL", "OFFICIAL-SENSITIVE")


class Refused(Exception):
    """The document asked for something outside itself; the message names the kind of address, never its content."""


def _fetcher():
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class DataOnly(URLFetcher):
        def __init__(self):
            super().__init__(allowed_protocols={"data"}, allow_redirects=False)

        def fetch(self, url, headers=None):
            if not url.lower().startswith("data:"):
                scheme = url.split(":", 1)[0][:20]
                raise FatalURLFetchingError(f"a PDF may only use data: addresses, not {scheme}:")
            return super().fetch(url, headers)

    return DataOnly()


def from_html(html, *, variant="pdf/ua-1"):
    """Bytes of a PDF/UA-1 document drawn from a whole HTML page. Raises `Refused` for anything but data: URIs.

    variant: None for a part that is put into another document, which brings the tags.
    """
    # Imported late: WeasyPrint takes half a second to load and no page needs it.
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    try:
        return HTML(string=html, url_fetcher=_fetcher(), base_url=None).write_pdf(pdf_variant=variant)
    except FatalURLFetchingError as problem:
        raise Refused(str(problem)) from problem


def render(template, context):
    """Bytes of the PDF of `template` (it extends pdf_base.html) with `context`.

    `context` gives `title` (the document's name, also its metadata) and may give `marking`, one of MARKINGS;
    left out it is OFFICIAL-SENSITIVE. Raises `Refused` as `from_html` does, ValueError for a missing title or an
    unknown marking.
    """
    marking = context.get("marking", "OFFICIAL-SENSITIVE")
    if not context.get("title"):
        raise ValueError("a PDF needs a title: readers announce it, and PDF/UA asks for it")
    if marking not in MARKINGS:
        raise ValueError(f"unknown marking {marking!r}")
    return from_html(render_to_string(template, {**context, "marking": marking}))
