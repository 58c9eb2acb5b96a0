"""Folders in which nothing new begins, as those of groups that meet no more: a registry that wings fill."""

from collections.abc import Callable

_sources: list[Callable] = []


def register_over(ids: Callable) -> None:
    """ids() -> a queryset of the ids of such folders. Called once from an AppConfig.ready."""
    if ids not in _sources:
        _sources.append(ids)


def going_on(folders):
    """Those of `folders` in which something new may begin."""
    for ids in _sources:
        folders = folders.exclude(pk__in=ids())
    return folders


def is_over(folder) -> bool:
    return any(ids().filter(pk=folder.pk).exists() for ids in _sources)
