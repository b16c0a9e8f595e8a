"""Sections of the settings page for a project's own settings."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib.auth import get_user_model
from django.db import models
from django.utils.module_loading import import_string

from themis import conf

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User
    from django.utils.functional import _StrOrPromise as Text

__all__ = ["SettingsSection", "link_to_user", "section_classes"]


class SettingsSection(forms.ModelForm):
    """A project's own form on the settings page.

        class NewsletterSection(SettingsSection):
            title = _("Newsletter")

            class Meta:
                model = Newsletter
                fields = ["weekly"]

    Its model is the user model, or one with a OneToOneField to it, whose row is created
    when the user saves the page. List the class in THEMIS_SETTINGS_FORMS.
    """

    title: ClassVar["Text"]

    def __init__(self, data: Any = None, files: Any = None, *, user: "User") -> None:
        row = _row_of(user, self._meta.model)
        super().__init__(data, files, instance=row, prefix=type(self).__name__)


def section_classes() -> list[type[SettingsSection]]:
    """Return the classes that THEMIS_SETTINGS_FORMS names."""
    return [import_string(path) for path in conf.settings_forms()]


def link_to_user(model: type[models.Model]) -> str:
    """Return the name of the model's OneToOneField to the user, or an empty string."""
    for field in model._meta.concrete_fields:
        if field.one_to_one and field.related_model is get_user_model():
            return field.name
    return ""


def _row_of(user: "User", model: type[models.Model]) -> models.Model:
    if isinstance(user, model):
        return user
    of_user = {link_to_user(model): user}
    return model._default_manager.filter(**of_user).first() or model(**of_user)
