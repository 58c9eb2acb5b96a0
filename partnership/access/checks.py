"""Nothing can be forgotten: system checks over every URL and every model (house.md 2.8)."""

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, Warning, register
from django.urls import get_resolver
from django.urls.resolvers import URLPattern

from partnership.access.querysets import GuardedManager
from partnership.trail.protection import FOLDER_ITSELF, Access, Retention

FOLDER = "access.Folder"
OURS = ("partnership.", "boards", "reviews", "audits", "training", "reporting")


@register("access")
def every_view_has_a_policy(app_configs=None, **kwargs):
    return [
        Error(
            f"{route!r} ({name}) has no policy.",
            hint="Put @page, @link or public(view, why=...) on it: docs/access.md.",
            id="access.E001",
        )
        for route, name, view in every_view()
        if getattr(view, "policy", None) is None
    ]


@register("access")
def every_model_declares_its_access(app_configs=None, **kwargs):
    errors = []
    for model in our_models():
        access = getattr(model, "access", None)
        if not isinstance(access, Access) or "access" not in vars(model):
            errors.append(Error(f"{model._meta.label} declares no access.", obj=model, id="access.E002"))
            continue
        if not isinstance(getattr(model, "retention", None), Retention) or "retention" not in vars(model):
            errors.append(Error(f"{model._meta.label} declares no retention class.", obj=model, id="access.E003"))
        if access.open_to_everyone and not access.why:
            errors.append(Error(f"{model._meta.label} is open to everyone without a why.", obj=model, id="access.E004"))
        if access.wide and access.folder:
            errors.append(
                Error(f"{model._meta.label} has a folder, which alone says how far a role reaches.", id="access.E007")
            )
        if access.guarded and not isinstance(model._default_manager, GuardedManager):
            errors.append(Error(f"{model._meta.label} is guarded but its manager is not.", obj=model, id="access.E005"))
        if access.guarded and access.folder not in (None, FOLDER_ITSELF):
            field = model._meta.get_field(access.folder)
            if field.related_model._meta.label != FOLDER or field.null:
                errors.append(
                    Error(
                        f"{model._meta.label}.{access.folder} must lead to a Folder and not be null.", id="access.E006"
                    )
                )
        if access.bars and not _keeps_a_folder(model._meta.get_field(access.bars)):
            errors.append(
                Error(
                    f"{model._meta.label}.{access.bars} must hold the id of a Folder and not be null.", id="access.E008"
                )
            )
    return errors


def _keeps_a_folder(field) -> bool:
    """Whether a foreign key holds the id of a Folder: it leads to one, or to a row whose own id is its folder's."""
    there = field.related_model._meta
    own = there.label if there.label == FOLDER else there.pk.related_model and there.pk.related_model._meta.label
    return own == FOLDER and not field.null


@register("access", deploy=True)
def somebody_is_told_of_emergency_access(app_configs=None, **kwargs):
    if settings.DATA_PROTECTION_OFFICER:
        return []
    return [
        Warning(
            "No data protection officer is set: nobody outside a case is told of emergency access to it.",
            hint="Set DATA_PROTECTION_OFFICER to the address of an account: docs/access.md.",
            id="access.W001",
        )
    ]


def our_models():
    """The models of the portal, without the history tables that follow their model."""
    for config in apps.get_app_configs():
        if config.name.startswith(OURS):
            for model in config.get_models():
                if not hasattr(model, "instance_type"):
                    yield model


def every_view(patterns=None, route="", namespace=""):
    """(route, full name, view) of every URL that the resolver knows."""
    patterns = get_resolver().url_patterns if patterns is None else patterns
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield here, f"{namespace}{pattern.name or ''}", pattern.callback
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from every_view(pattern.url_patterns, here, inner)
