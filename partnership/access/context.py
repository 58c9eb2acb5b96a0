"""The navigation: a registry that wings fill, shown by the powers that a person holds somewhere."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.urls import get_script_prefix, reverse

from partnership.access.emergency import read_until
from partnership.access.mine import is_own_page
from partnership.access.models import Folder
from partnership.access.reach import reach_of
from partnership.access.scope import current
from partnership.people.roles import Perm
from partnership.ui.parts import SubNavItem


@dataclass(frozen=True)
class NavItem:
    """A page of the menu. group: the word that it stands behind, with others, as one of the tabs of their pages."""

    text: str
    url_name: str
    perm: Perm
    order: int
    group: str = ""


_items: list[NavItem] = []


def add_to_navigation(text, url_name, perm, *, order, group=""):
    """Called once by a wing's AppConfig.ready. group: see NavItem."""
    item = NavItem(text, url_name, perm, order, group)
    if item not in _items:
        _items.append(item)
        _items.sort(key=lambda each: each.order)


def _address(item) -> str:
    return _reversed(item.url_name, settings.ROOT_URLCONF, get_script_prefix())


@cache
def _reversed(name, urlconf, prefix):
    # Every page asks for all of them, and they change with neither the page nor the person.
    return reverse(name)


_doors: list[tuple] = []


def add_public_door(text, url_name, *, order):
    """Called once by the AppConfig.ready of whoever has a page that everybody reads: the sign-in page leads to it."""
    door = (order, text, url_name)
    if door not in _doors:
        _doors.append(door)
        _doors.sort()


def public_doors() -> list[tuple]:
    """(words, address) of the pages that take no sign-in."""
    return [(text, reverse(url_name)) for _, text, url_name in _doors]


# (words, URL name, the power that it takes): after a wing's own.
OF_EVERY_FOLDER = (
    ("People with access", "access:people", Perm.FOLDER_VIEW),
    ("What happened", "access:folder_story", Perm.TRAIL_READ),
)
# kind of folder -> (the URL name of its page, which takes the folder's id; the wing's own tabs)
_folder_pages: dict[str, tuple] = {}


def register_folder_page(kind, url_name, tabs=None):
    """Called once by the wing whose folders these are, so that a floor's page can lead back to it.

    tabs(user, folder, held) -> (text, URL name, id, group) of the wing's own pages of a folder, by the powers held on
    it: the main ones without a group, then those of a second line, under its name.
    """
    _folder_pages[kind] = (url_name, tabs)


def folder_page(folder) -> str:
    """The address of a folder's own page, or nothing for a kind without one."""
    name, _ = _folder_pages.get(folder.kind, ("", None))
    return reverse(name, args=[folder.pk]) if name else ""


def folder_tabs(user, folder, held, *, here) -> list[SubNavItem]:
    """The pages of one folder: the wing's own, then the two that every folder has, on the second line if there is one.

    here: the URL name of this one.
    """
    pages = _pages_of(user, folder, held)
    return [SubNavItem(text, reverse(name, args=[pk]), name == here, group) for text, name, pk, group in pages]


def page_names(user, folder, held) -> dict:
    """URL name -> what the page is called, of the pages of one folder."""
    return {name: text for text, name, _, _ in _pages_of(user, folder, held)}


def _pages_of(user, folder, held) -> list:
    _, wing = _folder_pages.get(folder.kind, ("", None))
    pages = list(wing(user, folder, held)) if wing else []
    group = pages[-1][3] if pages else ""
    return pages + [(text, name, folder.pk, group) for text, name, perm in OF_EVERY_FOLDER if perm in held]


def navigation(request):
    """`nav`, `nav_tabs` with their `nav_group`, `may_search`, `suspended_at` and `emergency_until` for base.html: only
    what this person can open.

    Error pages outside a scope show none.
    """
    user = getattr(request, "user", None)
    if current() is None or user is None or not user.is_authenticated:
        return {"nav": []}
    suspended_at = getattr(user, "suspended_at", None)
    reach = reach_of(user)
    shown = [(item, _address(item)) for item in _items if reach.holds(item.perm)]
    match = getattr(request, "resolver_match", None)
    here = None
    for app in (match.namespace if match else "", _app_of(current().about)):
        if is_own_page(match):
            break  # one's account stands at the top of the page, not in the menu
        of_app = [pair for pair in shown if app and pair[0].url_name.startswith(f"{app}:")]
        if here := _of_a_group(shown, app, request.path) or _here(of_app, request.path):
            break
    group = here.group if here and request.path == _address(here) else ""
    tabs = {"nav_tabs": _tabs(shown, group, here), "nav_group": group}
    until = _emergency_until(user, current().about)
    return {
        "nav": _menu(shown, here), **tabs, "may_search": reach.holds(Perm.DIRECTORY_VIEW),
        "suspended_at": suspended_at, "emergency_until": until,
    }  # fmt: skip


def _emergency_until(user, row):
    """Until when the case of this page is read by emergency access."""
    return read_until(user, row.pk if isinstance(row, Folder) else getattr(row, "folder_id", None))


def _of_a_group(shown, app, path) -> NavItem | None:
    """The page of a group that this one goes on from; whoever may not open that page is still in the group."""
    of_app = [(item, _address(item)) for item in _items if item.url_name.startswith(f"{app}:")]
    going_on = [(len(href), item) for item, href in of_app if path.startswith(href)]
    found = max(going_on, key=lambda pair: pair[0])[1] if going_on else None
    if found is None or not found.group:
        return None
    return next((item for item, _ in shown if item is found), None) or next(
        (item for item, _ in shown if item.group == found.group), None
    )


def _menu(shown, here) -> list[dict]:
    """One line an item, and one a group: it leads to the first of its pages."""
    menu, groups = [], set()
    for item, href in shown:
        if item.group in groups:
            continue
        groups |= {item.group} - {""}
        active = here is not None and (here.group == item.group if item.group else item is here)
        menu.append({"text": item.group or item.text, "href": href, "active": active})
    return menu


def _tabs(shown, group, here) -> list[SubNavItem]:
    """The pages of a group, above each of them; nothing where there is only one."""
    tabs = [SubNavItem(item.text, href, active=item is here) for item, href in shown if group and item.group == group]
    return tabs if len(tabs) > 1 else []


def _app_of(row) -> str:
    """The wing to whose folder a floor's page belongs: people with access, what happened, a job."""
    folder = row if isinstance(row, Folder) else row._state.fields_cache.get("folder") if row is not None else None
    return _folder_pages[folder.kind][0].split(":")[0] if folder and folder.kind in _folder_pages else ""


def _here(pairs, path) -> NavItem | None:
    """The one item whose page this is: of an app's several items that whose address the path goes on from furthest."""
    going_on = [(len(href), item) for item, href in pairs if path.startswith(href)]
    if going_on:
        return max(going_on, key=lambda pair: pair[0])[1]
    return pairs[0][0] if pairs else None
