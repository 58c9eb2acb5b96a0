"""The navigation: a registry that wings fill, shown by the powers that a person holds somewhere."""

from dataclasses import dataclass

from django.urls import reverse

from partnership.access.reach import reach_of
from partnership.access.scope import current
from partnership.people.roles import Perm
from partnership.ui.parts import SubNavItem


@dataclass(frozen=True)
class NavItem:
    text: str
    url_name: str
    perm: Perm
    order: int


_items: list[NavItem] = []


def add_to_navigation(text, url_name, perm, *, order):
    """Called once by a wing's AppConfig.ready."""
    item = NavItem(text, url_name, perm, order)
    if item not in _items:
        _items.append(item)
        _items.sort(key=lambda each: each.order)


# kind of folder -> (the URL name of its page, which takes the folder's id; the wing's own tabs)
_folder_pages: dict[str, tuple] = {}


def register_folder_page(kind, url_name, tabs=None):
    """Called once by the wing whose folders these are, so that a floor's page can lead back to it.

    tabs(user, folder, held) -> (text, address) pairs: the wing's own pages of a folder, by the powers held on it.
    """
    _folder_pages[kind] = (url_name, tabs)


def folder_page(folder) -> str:
    """The address of a folder's own page, or nothing for a kind without one."""
    name, _ = _folder_pages.get(folder.kind, ("", None))
    return reverse(name, args=[folder.pk]) if name else ""


def folder_tabs(user, folder, held, *, here) -> list[SubNavItem]:
    """The pages of one folder: the wing's own, then the two that every folder has. here: the URL name of this one."""
    _, wing = _folder_pages.get(folder.kind, ("", None))
    tabs = [SubNavItem(text, href) for text, href in (wing(user, folder, held) if wing else ())]
    for text, name, perm in (
        ("People with access", "access:people", Perm.FOLDER_VIEW),
        ("What happened", "access:folder_story", Perm.TRAIL_READ),
    ):
        if perm in held:
            tabs.append(SubNavItem(text, reverse(name, args=[folder.pk]), active=name == here))
    return tabs


def navigation(request):
    """`nav` for base.html: only what this person can open. Error pages outside a request's scope show none."""
    user = getattr(request, "user", None)
    if current() is None or user is None or not user.is_authenticated:
        return {"nav": []}
    match = getattr(request, "resolver_match", None)
    reach = reach_of(user)
    shown = [(item, reverse(item.url_name)) for item in _items if reach.holds(item.perm)]
    here = _where(shown, match.namespace if match else "", request.path)
    return {"nav": [{"text": item.text, "href": href, "active": item is here} for item, href in shown]}


def _where(shown, namespace, path):
    """The item of this namespace; of several, the one whose address the path goes on from, else the first."""
    ours = [(item, href) for item, href in shown if item.url_name.split(":")[0] == namespace]
    before = [(len(href), item) for item, href in ours if path.startswith(href)]
    return max(before, key=lambda each: each[0])[1] if before else ours[0][0] if ours else None
