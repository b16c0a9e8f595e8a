from django.contrib.auth import get_user

from themis.formatting import current_profile
from themis.http.authentication import AuthenticationBackend


def test_user_comes_with_the_profile(user, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = AuthenticationBackend().get_user(user.pk)
        assert found.profile == user.profile


def test_user_without_a_profile_has_the_defaults(
    db, django_user_model, django_assert_num_queries
):
    [user] = django_user_model.objects.bulk_create([django_user_model(username="eve")])
    with django_assert_num_queries(1):
        found = AuthenticationBackend().get_user(user.pk)
        assert found.profile.language == current_profile().language


def test_nobody_else(user, django_user_model):
    user.is_active = False
    user.save()
    assert AuthenticationBackend().get_user(user.pk) is None
    assert AuthenticationBackend().get_user(0) is None


def test_session_names_this_backend(client, user):
    client.force_login(user)
    assert get_user(client).is_authenticated
    name = f"{AuthenticationBackend.__module__}.{AuthenticationBackend.__name__}"
    assert client.session["_auth_user_backend"] == name
