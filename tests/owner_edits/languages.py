"""Edits of the languages and of translations."""

import re
from pathlib import Path

from tests.documents import run
from tests.owner_edits.editing import append, replace
from tests.owner_edits.registry import edit

TESTS = "tests/config/test_translations.py"
ALL = (
    "tests/accounts",
    "tests/config/test_base_template.py",
    "tests/tracker",
    TESTS,
)
GERMAN = Path("locale/de/LC_MESSAGES/django.po")


@edit(*ALL, together=False)
def english_alone(project: Path) -> None:
    """Keep one language."""
    settings = project / "config/settings.py"
    text = settings.read_text(encoding="utf-8")
    [line] = re.findall(r"^LANGUAGES = .*$", text, re.MULTILINE)
    replace(settings, line, 'LANGUAGES = [("en", _("English"))]')


@edit(*ALL, together=False)
def german_alone(project: Path) -> None:
    """Keep one language other than that of the source texts."""
    settings = project / "config/settings.py"
    text = settings.read_text(encoding="utf-8")
    for name, value in (("LANGUAGES", '[("de", _("German"))]'), ("LANGUAGE_CODE", '"de"')):
        [line] = re.findall(rf"^{name} = .*$", text, re.MULTILINE)
        replace(settings, line, f"{name} = {value}")


@edit(*ALL)
def spanish(project: Path) -> None:
    """Offer Spanish, following docs/languages.md, and translate some of the texts."""
    settings = project / "config/settings.py"
    replace(settings, '("fr", _("French"))]', '("fr", _("French")), ("es", _("Spanish"))]')
    run(project, "ruff format --quiet config")
    document = (project / "docs/languages.md").read_text(encoding="utf-8")
    for name in ("makemessages --locale es", "compilemessages"):
        [command] = re.findall(rf"^ *(python manage\.py {name}.*)$", document, re.MULTILINE)
        run(project, command)
        for po in project.glob("*/**/es/LC_MESSAGES/django.po"):
            text = po.read_text(encoding="utf-8")
            for english, spanish in SPANISH.items():
                entry = f'msgid "{english}"\nmsgstr ""\n'
                text = text.replace(entry, entry.replace('""', f'"{spanish}"'))
            po.write_text(text, encoding="utf-8")


SPANISH = {
    "Task assigned: {task}": "Tarea asignada: {task}",
    "Projects": "Proyectos",
    "Skip to content": "Saltar al contenido",
    "Spanish": "Español",
}


@edit(TESTS)
def text_without_a_translation(project: Path) -> None:
    """Show a text that no catalog has."""
    append(
        project / "accounts/greetings.py",
        "from django.utils.translation import gettext_lazy as _\n\n"
        'GREETING = _("Welcome back, %(name)s")\n',
    )


@edit(TESTS, together=False)
def text_that_is_not_translated_yet(project: Path) -> None:
    """Run makemessages, and leave the translation for later."""
    append(project / GERMAN, '\n#: accounts/models.py\nmsgid "Welcome back"\nmsgstr ""\n')
    append(project / GERMAN, '\n#, fuzzy\nmsgid "Good bye"\nmsgstr "Guten Tag"\n')


@edit(TESTS, says="is older than its .po file: run `python manage.py compilemessages")
def translation_that_is_not_compiled(project: Path) -> None:
    """Translate a text, and forget to compile."""
    append(project / GERMAN, '\nmsgid "Welcome back"\nmsgstr "Willkommen zurück"\n')


@edit(TESTS, says="which cannot be filled: write the placeholders as they are")
def translation_with_a_wrong_placeholder(project: Path) -> None:
    """Translate the name of a placeholder too."""
    append(project / GERMAN, '\nmsgid "Hello, %(name)s"\nmsgstr "Hallo, %(wer)s"\n')
