import pytest
from django.urls import reverse
from django.utils.translation import gettext_lazy, override

from themis.models import Channel, MutedKind
from themis.notifications import notify_user, notify_users, register_kind
from themis.notifications.kinds import find_kind, muted_kinds, registered_kinds

pytestmark = pytest.mark.django_db

ORDER = {"source_app": "shop", "source_model": "Order", "source_id": "7"}


@pytest.fixture(autouse=True)
def no_kinds(monkeypatch):
    monkeypatch.setattr("themis.notifications.kinds._kinds", {})


@pytest.fixture
def orders():
    return register_kind("shop", "Order", gettext_lazy("Monday"))


def test_muted_kind_is_not_sent(user, other_user, orders):
    orders.mute(user)

    assert notify_user(user, "Shipped", **ORDER) is None
    assert notify_users([user, other_user], "Shipped", **ORDER) == 1
    assert orders.is_muted_by(user)
    assert not orders.is_muted_by(other_user)


@pytest.mark.parametrize("change", [{"source_app": "blog"}, {"source_model": "Task"}])
def test_other_kinds_are_sent(user, orders, change):
    register_kind("blog", "Order", "Blog")
    register_kind("shop", "Task", "Tasks")
    orders.mute(user)

    assert notify_user(user, "Hello", **{**ORDER, **change}) is not None


def test_unmuted_kind_is_sent_again(user, orders):
    orders.mute(user)
    orders.mute(user)
    orders.unmute(user)
    orders.unmute(user)

    assert notify_user(user, "Shipped", **ORDER) is not None


def test_unregistered_kind_is_sent(user):
    MutedKind.objects.create(user=user, source_app="shop", source_model="Order")

    assert notify_user(user, "Shipped", **ORDER) is not None
    assert muted_kinds(user) == []


def test_mandatory_kind_cannot_be_muted(user, orders):
    orders.mute(user)
    mandatory = register_kind("shop", "Order", "Orders", mandatory=True)

    with pytest.raises(ValueError, match="Orders cannot be muted"):
        mandatory.mute(user)
    assert not mandatory.is_muted_by(user)
    assert notify_user(user, "Shipped", **ORDER) is not None
    assert notify_users([user], "Shipped", **ORDER) == 1


def test_muting_takes_no_extra_query(user, orders, django_assert_num_queries):
    with django_assert_num_queries(1):
        notify_user(user, "Shipped", **ORDER)


def test_kinds_are_listed_as_registered(orders):
    tasks = register_kind("shop", "Task", "Tasks")

    assert registered_kinds() == [orders, tasks]
    assert find_kind("shop", "Task") is tasks
    assert find_kind("shop", "Invoice") is None


def test_label_is_in_the_readers_language(orders):
    with override("de"):
        assert str(orders.label) == "Montag"


@pytest.mark.parametrize("names", [("", "Order"), ("shop", "")])
def test_kind_has_both_names(names):
    with pytest.raises(ValueError, match="A kind has a source app and a source model"):
        register_kind(*names, "Orders")


def test_settings_switch_kinds_off_and_on(client, user, orders):
    register_kind("shop", "Invoice", "Invoices", mandatory=True)
    client.force_login(user)
    page = reverse("themis:settings")
    form = client.get(page).context["form"]
    assert form["kinds"].value() == ["shop.Order"]
    data = {
        name: value for name, value in form.initial.items() if value not in (None, "")
    }

    client.post(page, {**data, "kinds": []})
    assert muted_kinds(user) == [orders]
    assert client.get(page).context["form"]["kinds"].value() == []

    client.post(page, {**data, "kinds": ["shop.Invoice"]})  # not a choice
    assert muted_kinds(user) == [orders]

    client.post(page, data)
    assert muted_kinds(user) == []


def test_settings_switch_the_emails_of_a_kind_off_and_on(client, user, orders):
    client.force_login(user)
    page = reverse("themis:settings")
    response = client.get(page)
    assert (
        response.text.count('type="checkbox" name="email_kinds" value="shop.Order"')
        == 1
    )
    data = {**response.context["form"].initial, "kinds": ["shop.Order"]}
    data = {name: value for name, value in data.items() if value not in (None, "")}

    client.post(page, {**data, "email_kinds": []})
    assert muted_kinds(user, Channel.EMAIL) == [orders]
    assert muted_kinds(user) == []
    assert client.get(page).context["form"]["email_kinds"].value() == []

    client.post(page, {**data, "email_kinds": ["shop.Order"]})
    assert muted_kinds(user, Channel.EMAIL) == []


def test_settings_hide_kinds_without_any(client, user):
    client.force_login(user)

    assert "kinds" not in client.get(reverse("themis:settings")).context["form"].fields
