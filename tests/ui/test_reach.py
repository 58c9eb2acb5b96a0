"""Reaching the business unit: the settings’ address and number where people are sent to it, never an empty one."""

import pytest
from django.template import Context, Template
from django.test import Client

from partnership.ui.brand import check_settings

EMAIL, NUMBER = "unit@portal.example", "01632 960123"
PAGES = ("/help", "/accessibility", "/privacy", "/no/such/page")


def words(path):
    return Client().get(path).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_the_address_and_the_number_stand_where_people_are_sent_to_the_unit(path, settings):
    settings.PARTNERSHIP_EMAIL, settings.PARTNERSHIP_TELEPHONE = EMAIL, NUMBER
    assert f'href="mailto:{EMAIL}"' in words(path)
    assert f'href="tel:01632960123">{NUMBER}<' in words(path)


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_without_them_nothing_empty_is_promised(path, settings):
    settings.PARTNERSHIP_EMAIL = settings.PARTNERSHIP_TELEPHONE = ""
    assert "mailto:" not in words(path) and "tel:" not in words(path) and "()" not in words(path)


@pytest.mark.django_db
def test_the_help_page_says_how_else_to_reach_the_unit(settings):
    settings.PARTNERSHIP_EMAIL = settings.PARTNERSHIP_TELEPHONE = ""
    assert "No email address or telephone number has been entered" in words("/help")
    settings.PARTNERSHIP_TELEPHONE = NUMBER
    assert "No email address" not in words("/help")


def test_one_alone_is_said_alone(settings):
    settings.PARTNERSHIP_EMAIL, settings.PARTNERSHIP_TELEPHONE = "", NUMBER
    said = Template("{% reach %}").render(Context())
    assert said == f' (<a class="govuk-link" href="tel:01632960123">{NUMBER}</a>)'


@pytest.mark.parametrize(
    "name, value, wrong",
    [
        ("EMAIL", "", False), ("EMAIL", EMAIL, False), ("EMAIL", "the unit", True),
        ("TELEPHONE", "", False), ("TELEPHONE", "+44 1632 960123", False), ("TELEPHONE", "ring us", True),
    ],
)  # fmt: skip
def test_an_address_or_number_that_nobody_can_use_is_refused_at_the_start(settings, name, value, wrong):
    setattr(settings, f"PARTNERSHIP_{name}", value)
    assert bool(check_settings()) is wrong
