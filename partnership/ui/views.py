"""The brand's stylesheet and logo, and the gallery of components."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partnership.ui import brand, samples

FOR_A_YEAR = "public, max-age=31536000, immutable"
FOR_A_MINUTE = "public, max-age=60"


def _cache(request, response):
    current = request.GET.get("v") == brand.version()
    response["Cache-Control"] = FOR_A_YEAR if current else FOR_A_MINUTE
    return response


@require_safe
def brand_css(request):
    """The partnership's colour as a stylesheet of custom properties; cached for a year under the current `v`."""
    return _cache(request, HttpResponse(brand.stylesheet(), content_type="text/css; charset=utf-8"))


@require_safe
def logo(request):
    """The partnership's logo; 404 where it has none."""
    path = brand.logo_path()
    if path is None or not path.is_file():
        raise Http404("no logo")
    response = FileResponse(path.open("rb"), content_type=brand.LOGO_TYPES[path.suffix.lower()])
    # An SVG opened by its own address must not run what it carries.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    return _cache(request, response)


@require_safe
def gallery(request):
    """Every component and every kind of field, empty and with errors: what a page can be made of."""
    return render(request, "ui/gallery.html", samples.gallery(request))
