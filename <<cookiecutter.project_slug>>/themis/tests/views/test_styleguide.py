import runpy

import pytest
from django.urls import include, path

from themis import urls
from themis.forms import TemporalInput, widgets
from themis.forms.renderer import CLASSES
from themis.tests import urls_without_api
from themis.views.styleguide import SampleForm, sample_forms


class InDevelopment:
    urlpatterns = [
        path("styleguide/", include("themis.urls.styleguide")),
        *urls_without_api.urlpatterns,
    ]


@pytest.mark.urls.with_args(InDevelopment)
def test_both_themes_are_on_the_page(client, user):
    client.force_login(user)
    response = client.get("/styleguide/")

    assert response.status_code == 200
    for theme in ("light", "dark"):
        assert f'data-theme="{theme}"' in response.text


@pytest.mark.parametrize("debug", [True, False])
def test_only_development_has_it(settings, debug):
    settings.DEBUG = debug
    patterns = runpy.run_path(urls.__file__)["urlpatterns"]

    assert ("styleguide/" in [str(one.pattern) for one in patterns]) == debug


def test_nothing_is_there_otherwise(client, user):
    client.force_login(user)
    assert client.get("/styleguide/").status_code == 404


EVERY = [
    *(getattr(widgets, name) for name in widgets.__all__ if name != "TemporalInput"),
    *(kind for kind, _classes in CLASSES),
]


@pytest.mark.parametrize("widget", EVERY)
def test_every_widget_is_shown(widget):
    shown = [field.widget for field in SampleForm().fields.values()]
    assert any(isinstance(each, widget) for each in shown), (
        f"Add a field with {widget.__name__} to the form of themis/views/styleguide.py."
    )


def test_every_calendar_is_shown():
    for field in SampleForm().fields.values():
        if isinstance(field.widget, TemporalInput):
            assert getattr(field.widget, "calendar", True)


def test_every_field_has_every_state():
    states = sample_forms("light")
    errors = states["With errors"].errors

    for name, field in SampleForm().fields.items():
        assert field.required
        assert name in errors
        assert states["Disabled"][name].field.disabled
        assert "What it is for." in states["Filled, with help"][name].help_text
