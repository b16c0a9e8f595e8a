import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from themis.models import UserNotification
from themis.notifications import notify_user, notify_users

LIST = reverse("admin:themis_usernotification_changelist")


@pytest.fixture(autouse=True)
def logged_in(admin_client):
    return admin_client


def test_notifications_are_listed_without_a_query_each(
    admin_client, django_assert_max_num_queries
):
    users = [get_user_model()(username=f"user{number}") for number in range(30)]
    notify_users(get_user_model().objects.bulk_create(users), "Hello")

    with django_assert_max_num_queries(8):
        assert admin_client.get(LIST).status_code == 200


@pytest.mark.parametrize("state", ["unread", "read", "dismissed", "expired"])
def test_filter_by_state(admin_client, user, state):
    notify_user(user, "unread")
    notify_user(user, "read").mark_read()
    notify_user(user, "dismissed").dismiss()
    expired = notify_user(user, "expired")
    UserNotification.objects.filter(pk=expired.pk).update(expires_at=expired.created_at)

    response = admin_client.get(LIST, {"state": state})
    assert [str(row) for row in response.context["cl"].queryset] == [state]


def test_search(admin_client, user):
    notify_user(user, "Deploy")
    notify_user(user, "Review")

    response = admin_client.get(LIST, {"q": "ada deploy"})
    assert [str(row) for row in response.context["cl"].queryset] == ["Deploy"]


def test_notifications_cannot_be_added(admin_client):
    url = reverse("admin:themis_usernotification_add")
    assert admin_client.get(url).status_code == 403


def test_notifications_cannot_be_changed(admin_client, user):
    notification = notify_user(user, "Hello")
    url = reverse("admin:themis_usernotification_change", args=[notification.pk])

    assert admin_client.get(url).status_code == 200
    assert admin_client.post(url, {"title": "Changed"}).status_code == 403
    assert UserNotification.objects.get().title == "Hello"


def test_profiles_are_listed(admin_client, user):
    response = admin_client.get(reverse("admin:themis_userprofile_changelist"))

    assert user.profile in response.context["cl"].queryset
