"""The line between two zones: Themis does not depend on the project around it.

`themis/` comes from the template, and updates replace it. Everything else belongs to
the project's owner, who may change or delete it.
"""

from pathlib import Path

import pytest
from django.apps import apps

import themis
from themis.tests.references import imported, named, packages

THEMIS = Path(themis.__file__).parent


def leaks(project: Path) -> list[str]:
    """Return where a project's themis/ refers to code outside it."""
    around = packages(project) - {"themis"}
    # A name such as "auth.User" refers to the installed app of that name.
    other_apps = around - {config.label for config in apps.get_app_configs()}
    found = []
    for file in sorted(project.joinpath("themis").rglob("*")):
        references = set()
        if file.suffix == ".py":
            references = {
                name for name in imported(file) if name.partition(".")[0] in around
            }
        if other_apps and file.suffix in {".py", ".html", ".txt", ".js"}:
            references |= named(file, other_apps)
        place = file.relative_to(project)
        found += [f"{place}: {reference}" for reference in sorted(references)]
    return found


def test_themis_imports_nothing_else():
    assert leaks(THEMIS.parent) == [], (
        "Themis works in any project, so it must not know this one. Move what it needs "
        "from there into themis/, or move this code out of themis/, into the app that "
        "it is about, which may import Themis: see the settings THEMIS_…, the signals "
        "and the registrations that let an app take part."
    )


def test_nothing_but_tests_imports_tests():
    """They are not in the image."""
    files = set(THEMIS.rglob("*.py")) - set(THEMIS.joinpath("tests").rglob("*.py"))
    assert files
    assert [
        file.relative_to(THEMIS)
        for file in files
        if any(name.startswith("themis.tests") for name in imported(file))
    ] == []


@pytest.fixture
def project(tmp_path):
    """A project with an app, a script, and an empty themis/."""
    for name in ("shop/orders/models.py", "scripts.py", "themis/__init__.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


@pytest.mark.parametrize(
    ("name", "text", "reference"),
    [
        ("a.py", "import shop", "shop"),
        ("a.py", "import shop.orders as orders", "shop.orders"),
        ("a.py", "def late():\n    import scripts", "scripts"),
        ("tests/a.py", 'PATH = "shop.health.check"', "shop.health.check"),
        ("a.py", 'reverse("shop:home")', "shop:home"),
        ("a.py", 'render(request, "shop/home.html")', "shop/home.html"),
        ("a.py", 'in_process("import shop")', "import shop"),
        ("a.html", '{% url "shop:order" order.pk %}', "shop:order"),
        ("a.html", '{% extends "shop/base.html" %}', "shop/base.html"),
        ("static/a.js", 'import "shop/a.js"', "shop/a.js"),
    ],
)
def test_a_leak_is_found(project, name, text, reference):
    file = project / "themis" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)

    assert leaks(project) == [f"themis/{name}: {reference}"]


def test_both_names_of_a_leak_are_found(project):
    (project / "themis" / "a.py").write_text("from shop.orders import models")

    assert leaks(project) == [
        "themis/a.py: shop.orders",
        "themis/a.py: shop.orders.models",
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", "from themis.models import UserProfile"),
        ("a.py", "from . import shop"),
        ("a.py", '"""Such as `shop.health.check`, or "shop:home"."""'),
        ("a.py", 'path("shop/", home)'),
        ("a.py", 'text = "A shop. Such as scripts.py."'),
        ("a.html", "<p>shop/base.html</p>"),
    ],
)
def test_no_leak_is_found(project, name, text):
    (project / "themis" / name).write_text(text)

    assert leaks(project) == []


def test_app_sharing_a_package_name_is_not_a_leak(project):
    (project / "auth.py").touch()
    (project / "themis" / "a.py").write_text('MODEL = "auth.User"')

    assert leaks(project) == []
