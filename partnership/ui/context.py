"""What every page's template may use without being handed it by the view."""

from django.conf import settings

from partnership.ui import brand


def facts():
    """Who the partnership is and how this portal runs: name, contact and its email and telephone (texts, empty
    where the settings give none), logo (bool), demo (bool), version (text).
    """
    return {
        "name": settings.PARTNERSHIP_NAME,
        "contact": getattr(settings, "PARTNERSHIP_CONTACT", ""),
        "email": settings.PARTNERSHIP_EMAIL,
        "telephone": settings.PARTNERSHIP_TELEPHONE,
        "logo": bool(settings.PARTNERSHIP_LOGO),
        "demo": bool(getattr(settings, "DEMO", False)),
        "version": brand.version(),
    }


def portal(request):
    """Context processor: `facts()` as `portal`. Makes no query."""
    return {"portal": facts()}
