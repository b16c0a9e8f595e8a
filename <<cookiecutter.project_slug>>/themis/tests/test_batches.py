import pytest
from django.contrib.auth import get_user_model

from themis.models import in_batches

User = get_user_model()
pytestmark = pytest.mark.django_db


@pytest.fixture
def users():
    return User.objects.bulk_create(
        User(username=f"user{number}") for number in range(7)
    )


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 8])
def test_every_row_comes_once_in_key_order(users, size):
    queryset = User.objects.order_by("-username")

    assert list(in_batches(queryset, size)) == sorted(users, key=lambda user: user.pk)


def test_each_query_reads_one_batch(users, django_assert_num_queries):
    rows = in_batches(User.objects.all(), 3)

    with django_assert_num_queries(1):
        assert [next(rows).pk for _ in range(3)] == [user.pk for user in users[:3]]
    with django_assert_num_queries(1):
        next(rows)


def test_filters_apply_to_every_batch(users):
    wanted = User.objects.exclude(pk=users[4].pk)

    assert users[4] not in in_batches(wanted, 2)


def test_the_loop_may_write(users):
    for user in in_batches(User.objects.all(), 2):
        user.delete()

    assert not User.objects.exists()
