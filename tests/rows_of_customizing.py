"""Test each row of docs/customizing.md. A test of the template wrote this file.

The first line of each test is the first cell of its row.
"""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core import mail
from django.test import Client
from themis.notifications import notify_user

from accounts.models import Newsletter, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return User.objects.create_user("ada", "ada@example.com", "secret")


@pytest.fixture
def page(client: Client, user: User) -> str:
    """The settings page."""
    client.force_login(user)
    return client.get("/settings/").text


def found(path: str) -> Path:
    """The static file that is served."""
    return Path(str(finders.find(path)))


def test_formats(page: str) -> None:
    """formats of dates, times, numbers"""
    assert '<option value="l, j F Y">Thursday, 31 December 2026</option>' in page
    assert '<option value="G.i">14.30</option>' in page
    assert '<option value="1 234 567,89">1 234 567,89</option>' in page


def test_defaults(user: User) -> None:
    """the default preferences"""
    assert user.profile.first_day_of_week == 7
    assert user.profile.notification_retention_days == 30


def test_preference(client: Client, user: User, page: str) -> None:
    """what the settings page asks"""
    assert ">Newsletter</h2>" in page
    form = client.get("/settings/").context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value()}
    response = client.post("/settings/", data | {"NewsletterSection-is_weekly": "on"})
    assert response.status_code == 302
    assert Newsletter.objects.get(user=user).is_weekly


def test_user_field(client: Client, user: User, page: str) -> None:
    """the fields of users"""
    form = client.get("/settings/").context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value()}
    response = client.post("/settings/", data | {"PhoneSection-phone": "+49 30 1234"})
    assert response.status_code == 302
    assert User.objects.get(phone="+49 30 1234") == user


def test_poll_interval(page: str) -> None:
    """how often the bell polls"""
    assert 'data-interval="17"' in page


def test_retention(page: str) -> None:
    """how long notifications are kept"""
    assert "At most 12 days on this site." in page


def test_operations(client: Client, user: User) -> None:
    """what the API offers"""
    client.force_login(user)
    assert "/orders/" in client.get("/api/v1/openapi.json").text


def test_checks(client: Client, settings: Any) -> None:
    """what the health report checks"""
    settings.THEMIS_HEALTH_TOKEN = "secret"
    report = client.get("/healthz/", headers={"Authorization": "Bearer secret"})
    assert any(name.startswith("storage") for name in report.json()["checks"])


def test_sign_up(client: Client) -> None:
    """who can sign up"""
    assert 'name="password1"' in client.get("/accounts/signup/").text


def test_language(client: Client) -> None:
    """the languages"""
    response = client.get("/accounts/login/", headers={"accept-language": "es"})
    assert '<html lang="es"' in response.text


def test_wording(page: str) -> None:
    """Themis' wording"""
    assert "Keep me posted" in page
    assert "Send me notifications" not in page


def test_colors(page: str) -> None:
    """the colors"""
    assert "--color-primary: light-dark(" in found("site.css").read_text()
    assert 0 < page.index("/static/themis/themis.css") < page.index("/static/site.css")


def test_logo() -> None:
    """the logo and the icon"""
    assert found("themis/favicon.svg").read_text() == "<svg><!-- Ours --></svg>"


def test_layout(page: str) -> None:
    """the header, the menu, the footer"""
    assert "<footer>Made in Berlin</footer>" in page
    assert '<a class="nav-link" href="/wiki/">Wiki</a>' in page


def test_home_page(client: Client) -> None:
    """the home page"""
    assert "Welcome home" in client.get("/").text


def test_template(client: Client, user: User) -> None:
    """a page or a part of Themis"""
    notify_user(user, "Hello")
    client.force_login(user)
    assert 'class="our-row" data-id' in client.get("/settings/").text


def test_style_sheet() -> None:
    """CSS classes in your templates"""
    assert found("themis/themis.css") == Path(settings.BASE_DIR, "static/themis/themis.css")


def test_script(client: Client) -> None:
    """the behavior of pages"""
    response = client.get("/")
    assert '<script type="module" src="/static/site.js"></script>' in response.text
    assert found("site.js").exists()
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]


def test_mail(client: Client, user: User) -> None:
    """the emails about accounts"""
    client.post("/accounts/password/reset/", {"email": user.email})
    assert "Our words" in mail.outbox[0].body


def test_error_page(client: Client) -> None:
    """the error pages"""
    response = client.get("/nothing/")
    assert response.status_code == 404
    assert "Lost?" in response.text


def test_admin(admin_client: Client) -> None:
    """the admin pages of Themis"""
    page = admin_client.get("/admin/themis/userprofile/").text
    assert "column-theme" in page
    assert "column-notification_min_level" not in page
