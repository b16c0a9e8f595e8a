"""Edits of the look of pages and emails."""

import re
from pathlib import Path

from tests.owner_edits.editing import append, replace
from tests.owner_edits.registry import edit

BASE = Path("templates/base.html")
TESTS = (
    "tests/config/test_base_template.py",
    "tests/config/test_error_pages.py",
    "tests/config/test_security.py",
    "tests/accounts",
)
HOME = """\
{% extends "base.html" %}
{% block title %}Welcome{% endblock %}
{% block content %}
  <h1>Tasks for teams</h1>
{% endblock %}
"""


@edit(*TESTS)
def brand(project: Path) -> None:
    """Choose other colors, and write another header and footer."""
    append(
        project / "static/site.css",
        ":root {\n  --color-primary: light-dark(#7c2d12, #fdba74);\n}\n",
    )
    base = project / BASE
    text = base.read_text(encoding="utf-8")
    [footer] = re.findall(r"<footer.*?</footer>", text, re.DOTALL)
    replace(base, footer, "<footer>Made by ACME in Berlin</footer>")
    replace(base, '{% translate "Skip to content" %}', "Jump")
    replace(base, 'href="#content"', 'href="#main"')
    replace(base, 'id="content"', 'id="main"')


@edit("tests/tracker", "tests/config/test_authorization.py", "tests/accounts")
def home_page(project: Path) -> None:
    """Show visitors and users another home page."""
    urls = project / "config/urls.py"
    replace(
        urls,
        "\nurlpatterns = [\n",
        "\nurlpatterns = [\n"
        '    path("", TemplateView.as_view(template_name="home.html"), name="home"),\n',
    )
    replace(
        urls,
        "from django.urls import include, path\n",
        "from django.urls import include, path\nfrom django.views.generic import TemplateView\n",
    )
    append(project / "templates/home.html", HOME)


@edit(
    "tests/config/test_base_template.py",
    says='Add {% include "themis/bell.html" %} to templates/base.html.',
)
def base_template_without_the_bell(project: Path) -> None:
    """Forget the bell in a new header."""
    replace(project / BASE, '            {% include "themis/bell.html" %}\n', "")


@edit(
    "tests/config/test_base_template.py",
    says="Add {% block extra_body %}{% endblock %} to templates/base.html",
)
def base_template_without_a_block(project: Path) -> None:
    """Forget a block that pages fill."""
    replace(project / BASE, "    {% block extra_body %}{% endblock %}\n", "")


@edit(*TESTS)
def error_pages(project: Path) -> None:
    """Write new error pages, and leave one to Django."""
    (project / "templates/404.html").write_text(
        '{% extends "base.html" %}\n{% block content %}\n  <h1>Lost?</h1>\n{% endblock %}\n',
        encoding="utf-8",
    )
    (project / "templates/500.html").write_text(
        '{% load i18n %}\n<!doctype html>\n<html lang="en">\n  <head>\n    <title>Sorry</title>\n'
        '    <meta name="description" content="Sorry">\n  </head>\n'
        "  <body>\n    We are on it.\n  </body>\n</html>\n",
        encoding="utf-8",
    )
    (project / "templates/403_csrf.html").unlink()


@edit(*TESTS)
def mails(project: Path) -> None:
    """Sign emails as the team, and rewrite the one about passwords."""
    (project / "templates/account/email/base_message.txt").write_text(
        "{% autoescape off %}Hello,\n\n{% block content %}{% endblock %}\n\n"
        "Your team{% endautoescape %}\n",
        encoding="utf-8",
    )
    append(
        project / "templates/account/email/password_reset_key_message.txt",
        '{% extends "account/email/base_message.txt" %}\n'
        "{% block content %}Choose another password: {{ password_reset_url }}{% endblock %}\n",
    )
    append(
        project / "templates/account/email/password_reset_key_subject.txt",
        "A new password\n",
    )


@edit(*TESTS)
def pages_of_allauth(project: Path) -> None:
    """Rewrite the sign-out page, and add a hint to the sign-in page."""
    append(
        project / "templates/account/logout.html",
        """\
{% extends "base.html" %}
{% block content %}
  <form method="post">
    {% csrf_token %}
    <button type="submit" class="btn">Bye</button>
  </form>
{% endblock %}
""",
    )
    replace(
        project / "templates/account/login.html",
        "{% block content %}\n",
        "{% block content %}\n  <p>Ask the service desk for an account.</p>\n",
    )


@edit("tests/config/test_base_template.py", "tests/tracker/views")
def menu(project: Path) -> None:
    """Rewrite the menu, with a link to another site."""
    (project / "templates/navigation.html").write_text(
        '{% load i18n %}\n<li>\n  <a class="nav-link" href="{% url "tracker:task-list" %}">'
        '{% translate "Tasks" %}</a>\n</li>\n<li>\n  <a class="nav-link" '
        'href="https://wiki.example.com/">Wiki</a>\n</li>\n',
        encoding="utf-8",
    )


@edit("tests/tracker/test_admin.py", "tests/config/test_authorization.py")
def admin_of_ones_own(project: Path) -> None:
    """Name the admin, and show other columns."""
    append(
        project / "accounts/admin.py",
        '\nadmin.site.site_header = "ACME"\nadmin.site.index_title = "Tasks"\n',
    )
    replace(
        project / "tracker/admin.py",
        'list_display = ("name", "owner", "created_at")',
        'list_display = ("name", "created_at")',
    )
