"""API keys: issued, verified, refused, limited, rotated, revoked, recorded."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.http import JsonResponse
from django.test import RequestFactory
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from themis import api_keys, conf
from themis.api import APIKeyAuth, ProblemError, api_key_required, authenticate
from themis.api_keys import (
    FormUsedError,
    IssueError,
    issue,
    issuing,
    rotate,
    verify,
    warn_of_expiry,
)
from themis.api_keys.secret import checksum, generate
from themis.models import APIKey, APIKeyEvent, UserNotification

HOME = "127.0.0.1"
FORM = "0e4c7f55-5b2c-4a59-9f0e-6b1f0f1c8f11"


@pytest.fixture
def key(user):
    """A key and its text."""
    return issue(user, "CI", ["notifications:read"])


def bearer(text):
    return RequestFactory().get("/", headers={"authorization": f"Bearer {text}"})


def test_text_of_a_key(key):
    assert re.fullmatch(r"thm_[0-9A-Za-z]{38}", key[1])


def test_known_checksum():
    assert checksum("thm_" + "0" * 32) == "47TxW7"


def test_issue_stores_no_plaintext(key):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM themis_apikey")
        stored = str(cursor.fetchall())
    assert key[1] not in stored
    assert key[1][10:] not in stored
    assert key[0].prefix == key[1][:10]


def test_issue_expires_after_90_days(key):
    assert key[0].expires_at - key[0].created_at == timedelta(days=90)


def test_issue_notifies_the_owner(key, user):
    notification = UserNotification.objects.get(user=user)
    assert notification.title == "New API key: CI"
    assert notification.url == "/settings/api-keys/"


def test_issue_notifies_in_the_language_of_the_owner(user):
    user.profile.language = "fr"
    user.profile.save()
    with translation.override("de"):  # the language of the creator
        issue(user, "CI {0} {name}")
    notification = user.notifications.get()
    assert notification.title == "Nouvelle clé d’API : CI {0} {name}"
    assert notification.message.startswith("Si vous ne l’avez pas créée")


def test_issue_records_the_actor(user, other_user):
    key, _text = issue(user, "CI", by=other_user)
    event = APIKeyEvent.objects.get(key=key)
    assert (event.action, event.actor) == ("created", other_user)


def test_issue_refuses_an_unknown_scope(user):
    with pytest.raises(ValueError, match="Unknown scope 'everything'. Use one of"):
        issue(user, "CI", ["everything"])


def test_issue_accepts_project_scopes(user, settings):
    settings.THEMIS_API_SCOPES = {**conf.api_scopes(), "tasks:read": "Read your tasks"}
    assert issue(user, "CI", ["tasks:read"])[0].has_scope("tasks:read")


def test_issue_refuses_an_invalid_network(user):
    with pytest.raises(ValueError, match="'home' does not appear to be"):
        issue(user, "CI", networks=["home"])


def test_issue_refuses_a_21st_key(user):
    for number in range(20):
        issue(user, str(number))
    with pytest.raises(IssueError, match=r"^You can have at most 20 active keys\."):
        issue(user, "one too many")


def test_issue_counts_active_keys_only(user):
    for number in range(20):
        issue(user, str(number))
    APIKey.objects.first().revoke(by=user)
    APIKey.objects.filter(pk=APIKey.objects.last().pk).update(expires_at=timezone.now())
    issue(user, "20")
    issue(user, "21")
    assert APIKey.objects.active().count() == 20


def test_issue_counts_the_keys_of_each_user(user, other_user):
    for number in range(20):
        issue(user, str(number))
    issue(other_user, "first")


def test_one_form_creates_one_key(user):
    issue(user, "CI", form_id=FORM)
    created_at = timezone.now() - issuing.DOUBLE_CLICK
    APIKey.objects.update(created_at=created_at)
    with pytest.raises(FormUsedError, match="already created and shown"):
        issue(user, "CI", form_id=FORM)
    assert APIKey.objects.count() == 1


def test_keys_without_a_form(user):
    issue(user, "first")
    issue(user, "second")
    assert APIKey.objects.count() == 2


def test_verify(key):
    assert verify(key[1], HOME) == key[0]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: text[:-1],
        lambda text: text + "0",
        lambda text: text[4:],
        lambda text: text.lower(),
        lambda text: text.replace("thm_", "THM_"),
        lambda text: text[:-1] + ("0" if text[-1] != "0" else "1"),
        lambda text: text[:20] + ("0" if text[20] != "0" else "1") + text[21:],
        lambda text: text[:5] + text[6] + text[5] + text[7:] + "x",
        lambda text: "thm_" + "0" * 38,
        lambda text: text[:-6] + "４7TxW7",
        lambda text: text + "\n",
        lambda text: "\x00" + text[1:],
        lambda text: "thm_" + "é" * 38,
        lambda text: text * 1000,
    ],
)
def test_junk_is_refused_without_a_query(key, change, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert verify(change(key[1]), HOME) is None


def test_guessed_key(key, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert verify(generate(), HOME) is None


def test_digest_is_refused_as_a_key(key):
    assert verify(key[0].digest, HOME) is None


def test_revoked_key(key, user):
    key[0].revoke(by=user)
    assert verify(key[1], HOME) is None


def test_expired_key(key):
    APIKey.objects.update(expires_at=timezone.now())
    assert verify(key[1], HOME) is None


def test_key_of_an_inactive_user(key, user):
    user.is_active = False
    user.save()
    assert verify(key[1], HOME) is None


@pytest.mark.parametrize("state", ["unknown", "revoked", "expired"])
def test_refusals_look_the_same(key, user, state, django_assert_num_queries):
    text = key[1]
    if state == "unknown":
        text = generate()
    elif state == "revoked":
        key[0].revoke(by=user)
    else:
        APIKey.objects.update(expires_at=timezone.now())
    with (
        django_assert_num_queries(1) as queries,
        pytest.raises(ProblemError) as refused,
    ):
        authenticate(bearer(text))
    response = refused.value.response()
    assert response.status_code == 401
    assert response.content == (
        b'{"type": "about:blank", "title": "Unauthorized", "status": 401, '
        b'"detail": "This API key is not valid."}'
    )
    # The same single query finds nothing: no other work could affect the time.
    assert "revoked_at" in queries[0]["sql"]
    assert "expires_at" in queries[0]["sql"]
    assert "is_active" in queries[0]["sql"]


@pytest.mark.parametrize(
    ("network", "address", "allowed"),
    [
        ("192.0.2.0/24", "192.0.2.7", True),
        ("192.0.2.0/24", "192.0.3.7", False),
        ("192.0.2.7", "192.0.2.7", True),
        ("2001:db8::/32", "2001:db8::1", True),
        ("2001:db8::/32", "192.0.2.7", False),
        ("192.0.2.0/24", "2001:db8::1", False),
    ],
)
def test_networks(user, network, address, allowed):
    key, text = issue(user, "CI", networks=["198.51.100.0/24", network])
    assert verify(text, address) == (key if allowed else None)


def test_authenticate(key, user):
    request = bearer(key[1])
    assert authenticate(request, "notifications:read") == key[0]
    assert request.user == user


def test_authenticate_takes_two_queries_then_one(key, django_assert_num_queries):
    with django_assert_num_queries(2):
        authenticate(bearer(key[1]))
    with django_assert_num_queries(1):
        authenticate(bearer(key[1]))


def test_scheme_is_not_case_sensitive(key):
    request = RequestFactory().get("/", headers={"authorization": f"bearer {key[1]}"})
    assert authenticate(request) == key[0]


@pytest.mark.parametrize("header", ["", "Bearer", "Basic YTpi", "Token abc"])
def test_authenticate_without_a_key(header):
    request = RequestFactory().get("/", headers={"authorization": header})
    with pytest.raises(ProblemError) as refused:
        authenticate(request)
    assert refused.value.status == 401
    assert refused.value.headers["WWW-Authenticate"].startswith("Bearer")


def test_key_without_the_scope(key):
    with pytest.raises(ProblemError) as refused:
        authenticate(bearer(key[1]), "notifications:send")
    assert refused.value.status == 403
    assert refused.value.detail == "This API key lacks the scope notifications:send."
    assert refused.value.headers["WWW-Authenticate"] == (
        'Bearer error="insufficient_scope", scope="notifications:send"'
    )


def test_requests_of_a_key_are_limited(key, settings):
    settings.THEMIS_API_REQUESTS_PER_MINUTE = 2
    authenticate(bearer(key[1]))
    authenticate(bearer(key[1]))
    with pytest.raises(ProblemError) as refused:
        authenticate(bearer(key[1]))
    assert refused.value.status == 429
    assert 1 <= int(refused.value.headers["Retry-After"]) <= 60


def test_failures_of_an_address_are_limited(key, settings):
    settings.THEMIS_API_FAILURES_PER_MINUTE = 2
    for _attempt in range(2):
        with pytest.raises(ProblemError, match="not valid"):
            authenticate(bearer(generate()))
    with pytest.raises(ProblemError, match=r"Too many requests. Try again in \d+ sec"):
        authenticate(bearer(generate()))


def test_wrong_keys_do_not_lock_out_valid_keys(key, settings):
    settings.THEMIS_API_FAILURES_PER_MINUTE = 1
    for _attempt in range(3):
        with pytest.raises(ProblemError):
            authenticate(bearer(generate()))
    assert authenticate(bearer(key[1])) == key[0]


def test_an_unreadable_address_is_a_problem(client, key, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for forwarded in ("junk", "192.0.2.1, junk"):
        response = client.get(
            "/api/v1/me",
            headers={
                "authorization": f"Bearer {key[1]}",
                "x-forwarded-for": forwarded,
            },
        )
        assert response.status_code == 400
        assert response["Content-Type"] == "application/problem+json"
        assert "X-Forwarded-For" in response.json()["detail"]


def test_failures_of_another_address_do_not_count(key, settings):
    settings.THEMIS_API_FAILURES_PER_MINUTE = 1
    with pytest.raises(ProblemError, match="not valid"):
        authenticate(bearer("junk"))
    request = bearer(key[1])
    request.META["REMOTE_ADDR"] = "192.0.2.1"
    assert authenticate(request) == key[0]


def test_failures_of_an_ipv6_network_count_together(key, settings):
    settings.THEMIS_API_FAILURES_PER_MINUTE = 1
    for address, detail in [("2001:db8::1", "not valid"), ("2001:db8::2", "Too many")]:
        request = bearer("junk")
        request.META["REMOTE_ADDR"] = address
        with pytest.raises(ProblemError, match=detail):
            authenticate(request)


def test_last_use_is_noted_every_ten_minutes(key):
    authenticate(bearer(key[1]))
    first = APIKey.objects.get().last_used_at
    assert first is not None
    authenticate(bearer(key[1]))
    assert APIKey.objects.get().last_used_at == first
    APIKey.objects.update(last_used_at=first - timedelta(minutes=11))
    authenticate(bearer(key[1]))
    assert APIKey.objects.get().last_used_at >= first


def test_last_use_is_noted_by_one_of_two_requests(key):
    stale = APIKey.objects.get()
    now = timezone.now()
    key[0].touch(now, timedelta(minutes=10))
    stale.touch(now + timedelta(seconds=1), timedelta(minutes=10))
    assert APIKey.objects.get().last_used_at == now


def test_rotate(key, user):
    new, text = rotate(key[0], by=user)
    assert verify(text, HOME) == new
    assert verify(key[1], HOME) is None
    assert (new.name, new.scopes) == ("CI", ["notifications:read"])
    assert new.expires_at - new.created_at == timedelta(days=90)


def test_rotate_with_a_grace_time(key, user):
    _new, _text = rotate(key[0], grace=timedelta(hours=1), by=user)
    assert verify(key[1], HOME) == key[0]
    left = APIKey.objects.get(pk=key[0].pk).expires_at - timezone.now()
    assert timedelta(minutes=59) < left <= timedelta(hours=1)


def test_rotate_once(key, user):
    """During its grace time, the old key cannot be rotated again."""
    new, _text = rotate(key[0], grace=timedelta(hours=1), by=user)
    with pytest.raises(IssueError, match="Another key has replaced CI"):
        rotate(key[0], by=user)
    assert verify(key[1], HOME) == key[0]
    rotate(new, by=user)


def test_rotate_drops_removed_scopes(user, settings):
    settings.THEMIS_API_SCOPES = {"tasks:read": "Read your tasks"}
    key, _text = issue(user, "CI", ["tasks:read", "notifications:read"])
    settings.THEMIS_API_SCOPES = {}
    new, _text = rotate(key, by=user)
    assert new.scopes == ["notifications:read"]


def test_rotate_never_prolongs(user):
    key, _text = issue(user, "CI", days=1)
    rotate(key, grace=timedelta(days=7))
    assert APIKey.objects.get(pk=key.pk).expires_at == key.expires_at


def test_rotate_at_the_limit(user):
    keys = [issue(user, str(number))[0] for number in range(20)]
    with pytest.raises(IssueError):
        rotate(keys[0], grace=timedelta(hours=1))
    assert APIKey.objects.get(pk=keys[0].pk).expires_at == keys[0].expires_at
    rotate(keys[0])


def test_rotate_a_revoked_key(key, user):
    key[0].revoke(by=user)
    with pytest.raises(IssueError, match="is no longer active"):
        rotate(key[0])


def test_rotate_is_recorded(key, user):
    rotate(key[0], by=user)
    actions = key[0].events.values_list("action", "actor")
    assert list(actions) == [("rotated", user.pk), ("created", None)]


def test_revoke_twice(key, user):
    key[0].revoke(by=user)
    revoked_at = key[0].revoked_at
    key[0].revoke(by=user)
    assert key[0].revoked_at == revoked_at
    assert key[0].events.filter(action="revoked").count() == 1


def test_warn_of_expiry(key, user):
    APIKey.objects.update(expires_at=timezone.now() + timedelta(days=6))
    assert warn_of_expiry() == 1
    titles = user.notifications.values_list("title", flat=True)
    assert "API key expires soon: CI" in titles


def test_warn_of_expiry_in_the_language_of_the_owner(key, user):
    user.profile.language = "de"
    user.profile.save()
    APIKey.objects.update(expires_at=timezone.now() + timedelta(days=6))
    warn_of_expiry()
    notification = user.notifications.latest("pk")
    assert notification.title == "API-Schlüssel läuft bald ab: CI"
    assert notification.message.startswith("Erneuern Sie ihn")


def test_warn_of_expiry_once(key, user):
    APIKey.objects.update(expires_at=timezone.now() + timedelta(days=6))
    warn_of_expiry()
    user.notifications.all().delete()
    assert warn_of_expiry() == 0
    assert not user.notifications.exists()


def test_warn_of_expiry_not_too_early(key):
    APIKey.objects.update(expires_at=timezone.now() + timedelta(days=8))
    assert warn_of_expiry() == 0


def test_warn_of_expiry_not_of_revoked_keys(key, user):
    APIKey.objects.update(expires_at=timezone.now() + timedelta(days=6))
    key[0].revoke(by=user)
    assert warn_of_expiry() == 0


def test_warn_of_expiry_not_of_rotated_keys(key):
    rotate(key[0], grace=timedelta(days=1))
    assert warn_of_expiry() == 0


def test_api_key_required(key, user):
    view = api_key_required("notifications:read")(
        lambda request: JsonResponse({"user": request.user.username})
    )
    response = view(bearer(key[1]))
    assert response.content == b'{"user": "ada"}'
    assert response["Cache-Control"] == "no-store"


def test_api_key_required_answers_a_problem():
    view = api_key_required("notifications:read")(lambda request: None)
    response = view(RequestFactory().get("/"))
    assert (response.status_code, response["Content-Type"]) == (
        401,
        "application/problem+json",
    )


@pytest.mark.parametrize("protect", [APIKeyAuth, api_key_required])
def test_misspelled_scope_raises_at_import(protect):
    with pytest.raises(
        ValueError,
        match=r"^Unknown scope 'notification:read'\. Use .* THEMIS_API_SCOPES",
    ):
        protect("notification:read")


@pytest.mark.parametrize("protect", [APIKeyAuth, api_key_required])
def test_scope_of_the_project(protect, settings):
    settings.THEMIS_API_SCOPES = {"tasks:read": "Read your tasks"}
    protect("tasks:read")


def test_authenticate_with_a_misspelled_scope(key):
    with pytest.raises(ValueError, match="Unknown scope 'notification:read'"):
        authenticate(bearer(key[1]), "notification:read")


def test_label_of_a_scope_may_be_lazy(user, client, settings):
    settings.THEMIS_API_SCOPES = {"tasks:read": gettext_lazy("Mark all as read")}
    user.profile.language = "de"
    user.profile.save()
    issue(user, "CI", ["tasks:read"])
    client.force_login(user)
    page = client.get("/settings/api-keys/").content.decode()
    assert "Alle als gelesen markieren" in page


def test_keys_do_not_depend_on_requests():
    files = list(Path(api_keys.__file__).parent.glob("*.py"))
    code = "\n".join(file.read_text("utf-8") for file in files)
    assert "from themis.models import" in code
    assert not re.findall(
        r"(?:from|import) (?:django.http|ninja|themis.(?:api|http)\b)", code
    )


IN_EACH_PROCESS = """
import sys
from contextlib import suppress
from django.contrib.auth import get_user_model
from themis.api_keys import IssueError, issue
user = get_user_model().objects.get()
sys.stdout.write("ready\\n")
sys.stdout.flush()
sys.stdin.readline()
for number in range(10):
    with suppress(IssueError):
        issue(user, str(number), form_id={form_id})
"""
COUNT = "from themis.models import APIKey; print(APIKey.objects.count())"


@pytest.mark.slow
@pytest.mark.parametrize(("form_id", "made"), [(None, 20), (repr(FORM), 1)])
def test_issue_is_exact_in_four_processes(
    transactional_db, django_user_model, in_process, form_id, made
):
    django_user_model.objects.create_user("ada")
    processes = [in_process(IN_EACH_PROCESS.format(form_id=form_id)) for _ in range(4)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    assert in_process(COUNT).communicate()[0] == f"{made}\n"
