"""What every page's template may use without being handed it by the view."""

from django.conf import settings

from partnership.ui import brand


def facts():
    """Who the partnership is and how this portal runs: name, contact, logo (bool), demo (bool), version (text)."""
    return {
        "name": settings.PARTNERSHIP_NAME,
        "contact": getattr(settings, "PARTNERSHIP_CONTACT", ""),
        "logo": bool(settings.PARTNERSHIP_LOGO),
        "demo": bool(getattr(settings, "DEMO", False)),
        "version": brand.version(),
    }


def portal(request):
    """Context processor: `facts()` as `portal`. Makes no query."""
    return {"portal": facts()}
