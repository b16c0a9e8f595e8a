"""Checks of the project's own sections of the settings page."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

from themis import conf
from themis.forms.sections import SettingsSection, link_to_user


@register("themis")
def check_settings_forms(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[CheckMessage]:
    """`themis.E008`: a section of the settings page cannot be shown or saved."""
    paths = conf.settings_forms()
    if not isinstance(paths, list | tuple):
        return [_error(f"is {paths!r}, not a list of dotted paths.")]
    names = [str(path).rpartition(".")[2] for path in paths]
    return [
        _error(f"has {path!r}: {problem}")
        for path, name in zip(paths, names, strict=True)
        if (problem := _problem(path))
        or (problem := "another has that name." if names.count(name) > 1 else "")
    ]


def _problem(path: object) -> str:
    try:
        section = import_string(str(path))
    except ImportError as error:
        return f"it cannot be imported: {error}"
    if not (isinstance(section, type) and issubclass(section, SettingsSection)):
        return "it is not a subclass of themis.forms.SettingsSection."
    if not getattr(section, "title", ""):
        return "it has no title."
    model = section._meta.model
    if model is None:
        return "its Meta names no model."
    if not (issubclass(get_user_model(), model) or link_to_user(model)):
        return f"{model.__name__} has no OneToOneField to the user model."
    return ""


def _error(problem: str) -> Error:
    return Error(
        f"THEMIS_SETTINGS_FORMS {problem}",
        hint='Set it to a list such as ["yourapp.forms.NewsletterSection"].',
        id="themis.E008",
    )
