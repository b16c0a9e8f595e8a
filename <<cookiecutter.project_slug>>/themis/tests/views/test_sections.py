"""A project's own sections of the settings page."""

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from themis.tests.testapp.forms import EmailSection, NewsletterSection
from themis.tests.testapp.models import Newsletter, Shelf
from themis.tests.views.test_settings import CHOSEN

PAGE = reverse("themis:settings")
FORMS = "themis.tests.testapp.forms"
OWN = {
    "NewsletterSection-is_weekly": "on",
    "EmailSection-email": "ada@example.org",
}


@pytest.fixture(autouse=True)
def logged_in(client, user, settings):
    settings.THEMIS_SETTINGS_FORMS = [
        f"{FORMS}.NewsletterSection",
        f"{FORMS}.EmailSection",
    ]
    client.force_login(user)


def test_are_shown_below_the_others(client):
    html = client.get(PAGE).text

    titles = ["Notifications", "Our newsletter", "Reach me", "Save"]
    places = [html.rindex(f">{title}<") for title in titles]
    assert places == sorted(places)
    assert 'aria-labelledby="section-NewsletterSection"' in html
    assert 'id="section-NewsletterSection"' in html
    assert 'name="NewsletterSection-is_weekly"' in html
    assert 'class="input validator w-full"' in html.partition("Reach me")[2]


def test_show_what_is_stored(client, user):
    Newsletter.objects.create(user=user, is_weekly=True)

    newsletter, email = client.get(PAGE).context["sections"]
    assert newsletter["is_weekly"].value() is True
    assert email["email"].value() == "ada@example.com"


def test_get_writes_nothing(client):
    client.get(PAGE)

    assert not Newsletter.objects.exists()


def test_save_a_row_of_ones_own(client, user, other_user):
    shelf = Shelf.objects.create(name="Poetry")
    response = client.post(
        PAGE, CHOSEN | OWN | {"NewsletterSection-shelves": [shelf.pk]}
    )

    assert response.headers["Location"] == PAGE
    newsletter = Newsletter.objects.get()
    assert (newsletter.user, newsletter.is_weekly) == (user, True)
    assert list(newsletter.shelves.all()) == [shelf]


def test_save_into_the_row_that_is_there(client, user):
    newsletter = Newsletter.objects.create(user=user, is_weekly=True)
    client.post(PAGE, CHOSEN | {"EmailSection-email": ""})

    newsletter.refresh_from_db()
    assert not newsletter.is_weekly


def test_save_the_user_and_the_preferences(client, user):
    client.post(PAGE, CHOSEN | OWN)

    user.refresh_from_db()
    assert user.email == "ada@example.org"
    assert (user.first_name, user.profile.theme) == ("Ada", "dark")


def test_other_users_are_unchanged(client, other_user):
    client.post(PAGE, CHOSEN | OWN)

    other_user.refresh_from_db()
    assert other_user.email == "bob@example.com"


@pytest.mark.parametrize(
    "bad", [{"EmailSection-email": "@"}, {"timezone": ""}], ids=["own", "Themis'"]
)
def test_nothing_is_saved_unless_all_is_valid(client, user, bad):
    response = client.post(PAGE, CHOSEN | OWN | bad)

    assert response.status_code == 200
    user.refresh_from_db()
    assert (user.email, user.first_name) == ("ada@example.com", "")
    assert user.profile.theme == "system"
    assert not Newsletter.objects.exists()


def test_errors_of_all_are_shown(client):
    response = client.post(PAGE, CHOSEN | {"EmailSection-email": "@", "timezone": ""})

    assert "Enter a valid email address." in response.text
    assert "This field is required." in response.text
    assert 'id="id_EmailSection-email_error"' in response.text
    assert 'href="#id_timezone"' in response.text
    assert 'href="#id_EmailSection-email"' in response.text


def test_error_of_a_section_alone_begins_the_title(client):
    html = client.post(PAGE, CHOSEN | OWN | {"EmailSection-email": "@"}).text
    assert "<title>Error: Settings" in html


def test_errors_of_a_whole_section_are_shown(client, monkeypatch):
    def clean(self):
        self.add_error(None, "Not on Mondays.")

    monkeypatch.setattr(NewsletterSection, "clean", clean)
    html = client.post(PAGE, CHOSEN | OWN).text

    assert "Not on Mondays." in html.partition("Our newsletter")[2]


def test_bad_input_changes_no_page_yet(client, monkeypatch):
    """The page with the errors shows the stored user."""

    def clean(self):
        self.add_error(None, "No.")

    monkeypatch.setattr(NewsletterSection, "clean", clean)
    response = client.post(PAGE, CHOSEN | OWN)

    assert response.context["user"].email == "ada@example.com"


def test_failure_of_one_undoes_the_others(client, user, monkeypatch):
    def save(self, commit=True):
        raise RuntimeError("The disk is full.")

    monkeypatch.setattr(EmailSection, "save", save)
    with pytest.raises(RuntimeError):
        client.post(PAGE, CHOSEN | OWN)

    user.refresh_from_db()
    assert user.first_name == ""
    assert user.profile.theme == "system"
    assert not Newsletter.objects.exists()


def test_columns_that_no_section_has_stay(client, user, monkeypatch):
    """A form on the user model writes every column, so it needs the current user."""
    is_valid = EmailSection.is_valid

    def locked_out_meanwhile(self):
        get_user_model().objects.filter(pk=user.pk).update(last_name="Byron")
        return is_valid(self)

    request_user = get_user_model().objects.get(pk=user.pk)
    get_user_model().objects.filter(pk=user.pk).update(is_staff=True)
    assert not request_user.is_staff
    monkeypatch.setattr(EmailSection, "is_valid", locked_out_meanwhile)
    client.post(PAGE, CHOSEN | OWN)

    user.refresh_from_db()
    assert user.is_staff


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite locks the whole database."
)
def test_user_is_locked_before_they_are_changed(client):
    with CaptureQueriesContext(connection) as queries:
        client.post(PAGE, CHOSEN | OWN)

    locking = [q["sql"] for q in queries if "FOR NO KEY UPDATE" in q["sql"]]
    assert len(locking) == 1


def test_files(client, user, settings):
    settings.THEMIS_SETTINGS_FORMS = [f"{FORMS}.PictureSection"]
    picture = SimpleUploadedFile("picture.txt", b"Lovelace")

    assert ' enctype="multipart/form-data"' in client.get(PAGE).text
    sent = CHOSEN | {"PictureSection-picture": picture, "last_name": "Byron"}
    client.post(PAGE, sent)
    user.refresh_from_db()
    assert user.last_name == "Lovelace"


def test_no_files(client):
    assert "enctype" not in client.get(PAGE).text


def test_queries(client, django_assert_num_queries):
    client.get(PAGE)
    # session, user with profile, bell, newsletter, shelves
    with django_assert_num_queries(5):
        client.get(PAGE)
