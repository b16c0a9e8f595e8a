"""Edits of users and their preferences."""

import re
from pathlib import Path

from tests.documents import run
from tests.owner_edits.editing import append, replace
from tests.owner_edits.registry import edit

MODELS = Path("accounts/models.py")
TESTS = (
    "tests/accounts",
    "tests/config/test_authorization.py",
    "tests/config/test_base_template.py",
    "tests/tracker/test_sample_data.py",
)


@edit(*TESTS)
def field_of_users(project: Path) -> None:
    """Add a phone number to users, in the admin too."""
    replace(
        project / MODELS,
        "class User(AbstractUser):\n",
        "class User(AbstractUser):\n"
        '    phone = models.CharField(_("phone"), max_length=30, blank=True)\n\n',
    )
    replace(
        project / MODELS,
        "from django.contrib.auth.models import AbstractUser\n",
        "from django.contrib.auth.models import AbstractUser\n"
        "from django.db import models\n"
        "from django.utils.translation import gettext_lazy as _\n",
    )
    run(project, "python manage.py makemigrations accounts --name phone")


@edit(*TESTS)
def preference_of_ones_own(project: Path) -> None:
    """Offer a newsletter on the settings page."""
    append(
        project / "accounts/newsletters.py",
        """\
from themis.forms import SettingsSection
from tracker.models import Newsletter


class NewsletterSection(SettingsSection):
    title = "Newsletter"

    class Meta:
        model = Newsletter
        fields = ("is_weekly",)
""",
    )
    append(
        project / "tracker/models/newsletter.py",
        """\
from django.conf import settings
from django.db import models


class Newsletter(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    is_weekly = models.BooleanField("write to me every week", default=False)

    def __str__(self) -> str:
        return str(self.user)
""",
    )
    models = project / "tracker/models/__init__.py"
    text = models.read_text(encoding="utf-8")
    models.write_text(
        text.replace("__all__ = [", '__all__ = [\n    "Newsletter",'), encoding="utf-8"
    )
    replace(
        models,
        "from tracker.models.project import",
        "from tracker.models.newsletter import Newsletter\nfrom tracker.models.project import",
    )
    append(
        project / "config/settings.py",
        '\nTHEMIS_SETTINGS_FORMS = ["accounts.newsletters.NewsletterSection"]\n',
    )
    run(project, "python manage.py makemigrations tracker --name newsletter")
    run(project, "ruff format --quiet tracker")


@edit("tests/accounts")
def rule_for_signing_up(project: Path) -> None:
    """Ask for a first name on sign-up, and reject some names."""
    append(
        project / "accounts/forms.py",
        """\
from django import forms
from django.http import HttpRequest

from accounts.models import User


class SignupForm(forms.Form):
    first_name = forms.CharField(max_length=30)
    born = forms.DateField()
    terms = forms.BooleanField()

    def signup(self, request: HttpRequest, user: User) -> None:
        user.first_name = self.cleaned_data["first_name"]
        user.save()
""",
    )
    append(
        project / "config/settings.py",
        '\nACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"\n'
        'ACCOUNT_USERNAME_BLACKLIST = ["admin", "root"]\n',
    )


@edit("tests/accounts", "tests/api", "tests/config", "tests/tracker", together=False)
def users_with_uuids(project: Path) -> None:
    """Give users UUIDs as keys, before the first migration."""
    models = project / MODELS
    replace(
        models,
        "from django.contrib.auth.models import AbstractUser\n",
        "import uuid\n\nfrom django.contrib.auth.models import AbstractUser\n"
        "from django.db import models\n",
    )
    replace(
        models,
        "class User(AbstractUser):\n",
        "class User(AbstractUser):\n"
        "    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)\n\n",
    )
    (project / "accounts/migrations/0001_initial.py").unlink()
    run(project, "python manage.py makemigrations accounts")


@edit("tests/accounts", "tests/config", "tests/tracker", together=False)
def no_second_factors(project: Path) -> None:
    """Do without second factors and passkeys, and delete their tests."""
    drop(project / "config/settings.py", r'^ *"allauth\.mfa",\n|^MFA_.*\n')
    adapter = project / "accounts/adapter.py"
    drop(adapter, r"^from allauth\.mfa.*\n|\n\nclass MFAAdapter(.|\n)*")
    run(project, f"ruff check --fix --quiet {adapter.relative_to(project)}")
    page = project / "templates/account/login.html"
    drop(page, r"^  {% element hr (.|\n)*?(?=  {% if signup)|^{% block extra_body (.|\n)*")
    (project / "tests/accounts/test_second_factors.py").unlink()


def drop(file: Path, pattern: str) -> None:
    text, count = re.subn(pattern, "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert count > 1
    file.write_text(text, encoding="utf-8")
