"""The arrows that import-linter cannot see: a floor names no page, model or command of an app above it."""

import re
import tomllib
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
(CONTRACT,) = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
LEVELS = [[app.strip() for app in level.split("|")] for level in CONTRACT["layers"]]  # the highest first
LAYERS = [app for level in LEVELS for app in level]
NAMES = [layer.rpartition(".")[2] for layer in LAYERS]


def upward(layer):
    """Where the code or the templates of a layer name what is above or beside it: 'file: the words'."""
    number = next(number for number, level in enumerate(LEVELS) if layer in level)
    above = [app for level in LEVELS[: number + 1] for app in level if app != layer]
    apps = "|".join(each.rpartition(".")[2] for each in above)
    commands = "|".join(name for name, app in get_commands().items() if app in above)
    named = re.compile(rf"""["'](?:(?:{apps})[:.]|(?:{commands or apps})["'])""")
    code = [path for path in (ROOT / layer.replace(".", "/")).rglob("*.py") if "migrations" not in path.parts]
    pages = (ROOT / "templates" / layer.rpartition(".")[2]).rglob("*.html")
    found = [(path.relative_to(ROOT), words) for path in (*code, *pages) for words in named.findall(path.read_text())]
    return [f"{path}: {words}" for path, words in found]


@pytest.mark.parametrize("layer", LAYERS[1:], ids=NAMES[1:])
def test_a_floor_names_nothing_above_it(layer):
    assert upward(layer) == []
