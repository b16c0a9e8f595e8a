import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tracker.models import Comment, Task
from tracker.views.lookups import PAGE_SIZE

pytestmark = pytest.mark.django_db


def test_comment(member_client: Client, task: Task, member: User) -> None:
    url = reverse("tracker:comment-create", args=[task.pk])
    response = member_client.post(url, {"text": "Any news?"})

    comment = Comment.objects.get()
    assert response.status_code == 302
    assert (comment.author, comment.text) == (member, "Any news?")


def test_double_click_makes_one_comment(
    member_client: Client, task: Task, member: User
) -> None:
    url = reverse("tracker:comment-create", args=[task.pk])
    data = {"text": "Any news?", "csrfmiddlewaretoken": "of-one-page"}
    answers = [member_client.post(url, data) for _ in range(2)]

    assert Comment.objects.count() == 1
    assert answers[0]["Location"] == answers[1]["Location"]


def test_empty_comment(member_client: Client, task: Task) -> None:
    url = reverse("tracker:comment-create", args=[task.pk])
    response = member_client.post(url, {"text": " "})

    assert "aria-invalid" in response.content.decode()
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    "query", ["", "page=", "page=9999", "comment=x", "page=x&page="]
)
def test_page_shows_the_newest_of_many(
    member_client: Client, task: Task, query: str
) -> None:
    Comment.objects.bulk_create(Comment(task=task, text=f"{n}") for n in range(2000))
    last = Comment.objects.latest("pk")
    page = member_client.get(f"{task.get_absolute_url()}?{query}").context["comments"]

    assert last in page
    assert len(page) <= PAGE_SIZE


@pytest.mark.parametrize("query", ["page=1", "comment=1", "comment=0"])
def test_page_of_the_first_comments(
    member_client: Client, task: Task, query: str
) -> None:
    Comment.objects.bulk_create(Comment(task=task, text=f"{n}") for n in range(100))
    first = Comment.objects.earliest("pk")
    page = member_client.get(f"{task.get_absolute_url()}?{query}").context["comments"]

    assert first in page
    assert page.has_next()


def test_text_is_escaped(member_client: Client, task: Task, member: User) -> None:
    Comment.objects.create(task=task, author=member, text="<script>alert(1)</script>")
    page = member_client.get(task.get_absolute_url()).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
