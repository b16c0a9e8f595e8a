"""Each row of docs/customizing.md works: its edit is made, and its promise is tested."""

import ast
import re
import struct
from pathlib import Path

import pytest

from tests.documents import a_copy, put, run
from tests.fragments import FOLDER
from tests.test_documents import after_first_trigger, played

__all__ = ["after_first_trigger", "played"]

DOCUMENT = Path("docs", "customizing.md")
ROWS = Path(__file__).with_name("rows_of_customizing.py")
VARIABLES = {
    "SIGNUP_OPEN": "True",
    "THEMIS_NOTIFICATION_MAX_AGE_DAYS": "12",
    "THEMIS_NOTIFICATION_POLL_INTERVAL": "17",
}


@pytest.fixture(scope="session")
def customized(played: Path, shared_folder: Path) -> Path:
    """A project whose owner followed all documents, and made the edits of all rows."""
    return a_copy(played, "customized", shared_folder, make_edits)


def make_edits(project: Path) -> None:
    """Make the edits of rows that have no code block."""
    put(
        project,
        "accounts/models.py",
        "# accounts/models.py\n"
        "class User(AbstractUser):\n"
        '    phone = models.CharField("phone", max_length=30, blank=True)\n',
    )
    put(
        project,
        "accounts/forms.py",
        "# accounts/forms.py\n"
        "from accounts.models import User\n\n\n"
        "class PhoneSection(SettingsSection):\n"
        '    title = "How to reach you"\n\n'
        "    class Meta:\n"
        "        model = User\n"
        '        fields = ["phone"]\n',
    )
    put(
        project,
        "config/settings.py",
        "# config/settings.py\n"
        'THEMIS_SETTINGS_FORMS = ["accounts.forms.NewsletterSection", '
        '"accounts.forms.PhoneSection"]\n',
    )
    run(project, "python manage.py makemigrations accounts")
    replace(project / "config/settings.py", "LANGUAGES = [", 'LANGUAGES = [("es", "Español"), ')
    write_catalog(
        project / "locale/en/LC_MESSAGES/django.mo", {"Send me notifications": "Keep me posted"}
    )
    write(project / "static/themis/favicon.svg", "<svg><!-- Ours --></svg>")
    base = project / "templates/base.html"
    base.write_text(
        re.sub("(?s)<footer.*</footer>", "<footer>Made in Berlin</footer>", base.read_text())
    )
    menu = project / "templates/navigation.html"
    write(menu, menu.read_text() + '<li><a class="nav-link" href="/wiki/">Wiki</a></li>\n')
    replace(
        project / "config/urls.py",
        "urlpatterns = [",
        'urlpatterns = [\n    path("", TemplateView.as_view(template_name="home.html")),',
    )
    replace(
        project / "config/urls.py",
        "from django.urls import",
        "from django.views.generic import TemplateView\nfrom django.urls import",
    )
    write(
        project / "templates/home.html",
        '{% extends "base.html" %}{% load static %}'
        "{% block content %}Welcome home{% endblock %}"
        '{% block extra_body %}<script type="module" src="{% static "site.js" %}"></script>'
        "{% endblock %}",
    )
    write(project / "static/site.js", "export {};\n")
    row = (project / "themis/templates/themis/bell_row.html").read_text()
    write(
        project / "templates/themis/bell_row.html",
        re.sub('<li class="[^"]*"', '<li class="our-row"', row),
    )
    write(project / "static/themis/themis.css", "/* What make css writes. */\n")
    write(
        project / "templates/account/email/password_reset_key_message.txt",
        "Our words: {{ password_reset_url }}\n",
    )
    page = project / "templates/404.html"
    page.write_text(re.sub("<h1.*?</h1>", "<h1>Lost?</h1>", page.read_text(), flags=re.S))
    write(project / FOLDER / "test_rows_of_customizing.py", ROWS.read_text(encoding="utf-8"))


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{file.name} does not have: {old}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def write_catalog(file: Path, texts: dict[str, str]) -> None:
    """Write a compiled catalog as msgfmt does (GNU gettext, "The Format of GNU MO Files")."""
    texts = {"": "Content-Type: text/plain; charset=UTF-8\n"} | texts
    keys = [text.encode() for text in sorted(texts)]
    values = [texts[key.decode()].encode() for key in keys]
    start = 28 + 16 * len(texts)
    table, data = b"", b""
    for text in [*keys, *values]:
        table += struct.pack("<II", len(text), start + len(data))
        data += text + b"\0"
    header = struct.pack("<7I", 0x950412DE, 0, len(texts), 28, 28 + 8 * len(texts), 0, start)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(header + table + data)


def rows(document: Path) -> list[str]:
    """Return the first cells of the table."""
    text = document.read_text(encoding="utf-8")
    return re.findall(r"^\| (?!to change)([^|]+?) \|", text, re.M)


def test_each_row_has_a_test(project: Path) -> None:
    functions = [
        node
        for node in ast.parse(ROWS.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    assert [ast.get_docstring(node) for node in functions] == rows(project / DOCUMENT)


def test_each_row_does_what_it_says(customized: Path) -> None:
    printed = run(
        customized,
        f"pytest -q -p no:cacheprovider -n0 {FOLDER}/test_rows_of_customizing.py",
        **VARIABLES,
    )
    assert f"{len(rows(customized / DOCUMENT))} passed" in printed


@pytest.mark.heavy
def test_all_rows_together_are_sound(customized: Path) -> None:
    """The types are checked together with those of all documents."""
    run(customized, "python manage.py check", **VARIABLES)
    run(customized, "python manage.py makemigrations --check --dry-run")
    run(customized, "mypy .")


def test_document_is_short(project: Path) -> None:
    assert len((project / DOCUMENT).read_text(encoding="utf-8").splitlines()) <= 120
