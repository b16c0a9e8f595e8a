"""The forms of the settings page. All of them are saved, or none."""

from typing import TYPE_CHECKING, Any

from themis.forms.problems import Problem, problems_of
from themis.forms.sections import SettingsSection, section_classes
from themis.forms.settings import SettingsForm

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User


class SettingsPage:
    def __init__(self, user: "User", data: Any = None, files: Any = None) -> None:
        self.form = SettingsForm(data, instance=user.profile)
        # With the same user, because each form may change it.
        self.sections: list[SettingsSection] = [
            section(data, files, user=user) for section in section_classes()
        ]

    @property
    def is_multipart(self) -> bool:
        return any(section.is_multipart() for section in self.sections)

    def is_valid(self) -> bool:
        """Return whether all forms are valid. Validate each, to show all errors."""
        answers = [form.is_valid() for form in (self.form, *self.sections)]
        return all(answers)

    @property
    def problems(self) -> list[Problem]:
        return problems_of(self.form, *self.sections)

    def save(self) -> None:
        for form in (self.form, *self.sections):
            form.save()
