"""Where an action arose: a registry that wings fill. What is said of a source follows the source's own row rule."""

from collections.abc import Callable
from dataclasses import dataclass

from partnership.access.models import Folder
from partnership.actions.models import Action


@dataclass(frozen=True)
class Source:
    """One kind of row that actions come from.

    label: "Recommendation of a review", said to those alone who may see the row. model: the row's model, guarded.
    tell: (user, ids) -> {id: (words, address)} of those rows that `user` may see; one query however many ids.
    """

    label: str
    model: type
    tell: Callable


_sources: dict[str, Source] = {}


def register_source(source: Source) -> None:
    """Called once from an AppConfig.ready. The kind is the model's label."""
    _sources[source.model._meta.label_lower] = source


def known_source(row) -> bool:
    """Whether actions can be added for rows like this one."""
    return row._meta.label_lower in _sources


def source_folder(row) -> Folder | None:
    """The folder in which an action arose, where that is another than its own. Nobody is shown it."""
    if row.source_kind not in _sources or not row.source_id:
        return None
    rows = _sources[row.source_kind].model.objects.unscoped("whose words and bars an action keeps to")
    folders = Folder.objects.unscoped("as above").exclude(pk=row.folder_id)
    return folders.filter(pk__in=rows.filter(pk=row.source_id).values("folder_id")).first()


@dataclass(frozen=True)
class Told:
    """A source as a reader who may see it is told of it."""

    label: str
    words: str
    url: str


def sources_of(user, actions) -> dict:
    """action.pk -> Told, for those of `actions` whose source `user` may see; one query a kind of source."""
    wanted: dict[str, set] = {}
    for each in actions:
        if each.source_kind in _sources and each.source_id:
            wanted.setdefault(each.source_kind, set()).add(each.source_id)
    found = {kind: _sources[kind].tell(user, ids) for kind, ids in wanted.items()}
    return {
        each.pk: Told(_sources[each.source_kind].label, *found[each.source_kind][each.source_id])
        for each in actions
        if each.source_id in found.get(each.source_kind, ())
    }


def actions_of(user, row):
    """The actions that came from `row`, of those that `user` may see."""
    rows = Action.objects.visible_to(user).filter(source_kind=row._meta.label_lower, source_id=row.pk)
    return rows.select_related("agency", "owner").order_by("parent_id", "due_on", "reference")
