"""Edits of `config/settings.py` and of variables."""

import re
from pathlib import Path

from tests.documents import run
from tests.owner_edits.editing import append, replace, set_variable
from tests.owner_edits.registry import edit

SETTINGS = Path("config/settings.py")
TESTS = (
    "tests/accounts",
    "tests/config/test_authorization.py",
    "tests/config/test_base_template.py",
    "tests/config/test_security.py",
)
ALL = ("tests/accounts", "tests/config", "tests/deploy", "tests/tracker")


def set_value(project: Path, name: str, value: str) -> None:
    """Change a setting that is assigned on one line."""
    text = (project / SETTINGS).read_text(encoding="utf-8")
    [line] = re.findall(rf"^{name}\b.* = .*$|^{name} = .*$", text, re.MULTILINE)
    replace(project / SETTINGS, f"{line}\n", f"{name} = {value}\n")


@edit(*ALL)
def setting_read_from_the_environment(project: Path) -> None:
    """Read a variable, and use it."""
    append(
        project / SETTINGS,
        "\n# Ours\n\n"
        'WIKI_URL = env.str("WIKI_URL", default="https://wiki.example.com/")\n'
        'TEAM_SIZE = env.int("TEAM_SIZE", default=12)\n',
    )


@edit("tests/config/test_env.py", "tests/deploy")
def other_env_example(project: Path) -> None:
    """Explain one variable in more detail, and others no longer."""
    example = project / ".env.example"
    append(example, "\n# Where the wiki is.\n#WIKI_URL=https://wiki.example.com/\n")
    text = example.read_text(encoding="utf-8")
    [part] = re.findall(r"# Port on which gunicorn serves.*?#METRICS_PORT=9000\n", text, re.DOTALL)
    replace(example, part, "")


@edit(*ALL)
def variables_of_a_developer(project: Path) -> None:
    """Set a broker, a cache and everything else in .env, on the owner's machine."""
    for name, value in {
        "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
        "CACHE_URL": "redis://127.0.0.1:1/1",
        "EMAIL_URL": "smtp://127.0.0.1:1",
        "SIGNUP_OPEN": "True",
        "DEBUG_TOOLBAR": "True",
        "BROWSER_RELOAD": "True",
        "ADMIN_PATH": "back-office/",
        "METRICS_PORT": "9999",
        "TRUSTED_PROXY_COUNT": "2",
        "THEMIS_HEALTH_TOKEN": "a-token-of-a-monitor",
        "SITE_URL": "https://tasks.example.com",
        "STAFF_NEED_SECOND_FACTOR": "True",
        "SESSION_HOURS": "8",
        "SESSION_IDLE_HOURS": "1",
        "THEMIS_NOTIFICATION_POLL_INTERVAL": "0",
        "THEMIS_NOTIFICATION_MAX_AGE_DAYS": "7",
        "THEMIS_API_REQUESTS_PER_MINUTE": "5",
        "THEMIS_API_FAILURES_PER_MINUTE": "5",
    }.items():
        set_variable(project / ".env", name, value)


@edit(*ALL, together=False)
def other_formats(project: Path) -> None:
    """Offer a seventh date format and other number formats, as the defaults."""
    append(
        project / SETTINGS,
        """
THEMIS_DATE_FORMATS = ["d-m-Y", "Y-m-d", "d.m.Y", "d/m/Y", "m/d/Y", "j M Y", "M j, Y"]
THEMIS_TIME_FORMATS = ["g:i A", "H:i"]
THEMIS_NUMBER_FORMATS = ["1.234.567,89", "1,234,567.89"]
THEMIS_DEFAULTS = {
    "date_format": "d.m.Y",
    "first_day_of_week": 7,
    "theme": "dark",
    "notification_retention_days": 30,
}
""",
    )


@edit(*ALL)
def another_language_and_zone(project: Path) -> None:
    """Use German by default, and the time zone of Tokyo."""
    set_value(project, "LANGUAGE_CODE", '"de"')
    set_value(project, "TIME_ZONE", '"Asia/Tokyo"')


@edit(*TESTS)
def open_signup(project: Path) -> None:
    """Let everybody sign up."""
    set_value(project, "SIGNUP_OPEN", 'env.bool("SIGNUP_OPEN", default=True)')


@edit(*TESTS, together=False)
def login_with_an_address(project: Path) -> None:
    """Ask for an address, but no name."""
    set_value(project, "ACCOUNT_LOGIN_METHODS", '{"email"}')
    set_value(project, "ACCOUNT_SIGNUP_FIELDS", '["email*", "password1*", "password2*"]')
    set_value(project, "ACCOUNT_MAX_EMAIL_ADDRESSES", "1")


@edit(*TESTS, "tests/tracker/test_admin.py", "tests/deploy")
def another_admin_path(project: Path) -> None:
    """Move the admin to another path."""
    set_value(project, "ADMIN_PATH", 'env.str("ADMIN_PATH", default="back-office/")')


@edit(*ALL, "tests/api")
def other_paths_of_themis(project: Path) -> None:
    """Serve the mailbox, the keys and the API at other paths."""
    for before, after in (
        ('path("", include("themis.urls"))', 'path("inbox/", include("themis.urls"))'),
        ('"settings/api-keys/"', '"keys/"'),
        ('"api/v1/"', '"rest/"'),
    ):
        replace(project / "config/urls.py", before, after)


@edit(*TESTS)
def another_page_after_login(project: Path) -> None:
    """Start at the list of tasks, and ask for the password more often."""
    set_value(project, "LOGIN_REDIRECT_URL", '"tracker:task-list"')
    append(project / SETTINGS, "\nACCOUNT_REAUTHENTICATION_TIMEOUT = 60\n")
    append(project / SETTINGS, 'ACCOUNT_RATE_LIMITS = {"login_failed": "12/m/ip,9/5m/key"}\n')


@edit(*TESTS)
def middleware_of_ones_own(project: Path) -> None:
    """Add a header to every response."""
    append(
        project / "accounts/middleware.py",
        """\
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class TeamMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["X-Team"] = "ACME"
        return response
""",
    )
    replace(
        project / SETTINGS,
        "MIDDLEWARE = [\n",
        'MIDDLEWARE = [\n    "accounts.middleware.TeamMiddleware",\n',
    )


@edit("tests/config/test_security.py")
def other_hosts_in_the_policy(project: Path) -> None:
    """Load images and scripts from other sites."""
    replace(project / SETTINGS, '"\'self\'", "data:"]', '"\'self\'", "data:", "blob:"]')
    replace(
        project / SETTINGS,
        '"script-src": ["\'self\'"]',
        '"script-src": ["\'self\'", "https://js.example.com"]',
    )
    replace(
        project / SETTINGS, '"frame-ancestors": ["\'none\'"]', '"frame-ancestors": ["\'self\'"]'
    )


@edit(
    "tests/config/test_security.py",
    says="script-src of the content security policy in config/settings.py allows 'unsafe-inline'",
)
def scripts_in_pages(project: Path) -> None:
    """Allow inline scripts."""
    replace(
        project / SETTINGS,
        '"script-src": ["\'self\'"]',
        '"script-src": ["\'self\'", "\'unsafe-inline\'"]',
    )


@edit("tests/config/test_security.py")
def less_strict_production(project: Path) -> None:
    """Start with an hour of HSTS, and let other sites open windows."""
    replace(
        project / "config/security.py",
        '"SECURE_HSTS_SECONDS": 365 * 24 * 60 * 60',
        '"SECURE_HSTS_SECONDS": 3600',
    )
    replace(
        project / SETTINGS,
        'SECURE_REFERRER_POLICY = SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"',
        'SECURE_REFERRER_POLICY = "strict-origin"\n'
        'SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin-allow-popups"',
    )


@edit("tests/config/test_celery.py", "tests/config/test_mail.py", "tests/deploy")
def longer_tasks_and_mails(project: Path) -> None:
    """Give tasks 20 minutes, and mail servers 30 seconds."""
    append(
        project / SETTINGS,
        "\nCELERY_TASK_SOFT_TIME_LIMIT = 1180\nCELERY_TASK_TIME_LIMIT = 1200\n"
        'CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}\n',
    )
    replace(project / "config/mail.py", "TIMEOUT = 10", "TIMEOUT = 30")


@edit("tests/config/test_translations.py", "tests/accounts", "tests/deploy")
def dependency(project: Path) -> None:
    """Add a dependency, and lock it."""
    replace(
        project / "pyproject.toml", '    "whitenoise>=', '    "sqlparse>=0.5",\n    "whitenoise>='
    )
    run(project, "make lock")
