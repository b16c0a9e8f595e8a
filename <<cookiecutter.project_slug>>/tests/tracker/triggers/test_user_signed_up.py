import pytest
from allauth.account.signals import user_signed_up
from django.urls import reverse

from accounts.models import User
from themis.models import UserProfile
from themis.testing import assert_not_notified, assert_notified
from tracker import sources, triggers

pytestmark = pytest.mark.django_db


def test_welcomes_the_user_once(stranger: User, member: User) -> None:
    user_signed_up.send(User, request=None, user=stranger)
    user_signed_up.send(User, request=None, user=stranger)

    source = (sources.APP, sources.WELCOME, stranger.pk)
    notification = assert_notified(stranger, source=source, times=1)
    assert notification.url == reverse("themis:settings")
    assert_not_notified(member)


def test_uses_the_language_of_the_form(
    stranger: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sign-up saves it after the user, whose cached profile is older."""
    welcomed: list[User] = []
    monkeypatch.setattr(triggers, "user_signed_up", welcomed.append)
    assert stranger.profile.language != "xx"
    UserProfile.objects.filter(user=stranger).update(language="xx")

    user_signed_up.send(User, request=None, user=stranger)

    assert [user.profile.language for user in welcomed] == ["xx"]
