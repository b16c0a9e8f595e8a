import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate, get_user
from django.contrib.auth.hashers import MD5PasswordHasher

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


def test_inactive_and_unknown_users(user, django_user_model):
    user.is_active = False
    user.save()
    assert AuthenticationBackend().get_user(user.pk) is None
    assert AuthenticationBackend().get_user(0) is None


def test_session_names_this_backend(client, user):
    client.force_login(user)
    assert get_user(client).is_authenticated
    name = f"{AuthenticationBackend.__module__}.{AuthenticationBackend.__name__}"
    assert client.session["_auth_user_backend"] == name


@pytest.fixture
def hashes(monkeypatch):
    """The passwords that are hashed from now on."""
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda *args: hashed.append(args[1]) or encode(*args),
    )
    return hashed


@pytest.fixture
def by_name_or_address(settings):
    settings.ACCOUNT_LOGIN_METHODS = {"username", "email"}


@pytest.mark.parametrize(
    "login",
    [
        {"username": "eve"},
        {"username": "nobody"},
        # What the form passes for an address, which may also be a name.
        {"username": "eve@example.com", "email": "eve@example.com"},
        {"username": "no@example.com", "email": "no@example.com"},
        {"username": "same@example.com", "email": "same@example.com"},
        {"username": "gone"},
    ],
)
@pytest.mark.parametrize("password", ["right", "wrong"])
def test_every_sign_in_attempt_takes_one_hash(
    db, django_user_model, by_name_or_address, hashes, login, password
):
    create = django_user_model.objects.create_user
    create("eve", "eve@example.com", "right")
    create("gone", "gone@example.com", "right", is_active=False)
    for name in ("a", "b"):
        create(name, "same@example.com", "other")
    hashes.clear()
    authenticate(None, **login, password=password)
    assert hashes == [password]


def test_address_signs_in_only_its_confirmed_owner(
    db, django_user_model, by_name_or_address
):
    create = django_user_model.objects.create_user
    create("first", "eve@example.com", "right")
    create("eve@example.com", "other@example.com", "right")
    adder = create("adder", "adder@example.com", "right")
    EmailAddress.objects.create(user=adder, email="eve@example.com")
    eve = create("eve", "eve@example.com", "right")

    def found():
        login = "eve@example.com"
        return authenticate(None, username=login, email=login, password="right")

    assert found().username == "first"
    EmailAddress.objects.create(user=eve, email=eve.email, verified=True)
    assert found() == eve


def test_username_decides_over_a_shared_address(
    db, django_user_model, by_name_or_address
):
    """When somebody confirms the password, the name decides."""
    create = django_user_model.objects.create_user
    create("first", "eve@example.com", "right")
    eve = create("eve", "eve@example.com", "right")
    found = authenticate(
        None, username="eve", email="eve@example.com", password="right"
    )
    assert found == eve
