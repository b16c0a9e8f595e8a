from django.test import Client

from accounts.models import User
from tracker.models import Comment, Task
from tracker.views.lookups import PAGE_SIZE


def test_url_is_an_anchor_on_the_task_page(
    member_client: Client, task: Task, member: User
) -> None:
    comment = Comment.objects.create(task=task, author=member, text="Hi")

    page, _hash, anchor = comment.get_absolute_url().partition("#")
    assert page.startswith(task.get_absolute_url())
    assert f'id="{anchor}"' in member_client.get(page).content.decode()


def test_url_of_each_comment_leads_to_its_page(
    member_client: Client, task: Task, member: User
) -> None:
    Comment.objects.bulk_create(
        Comment(task=task, author=member, text="Hi") for _ in range(3 * PAGE_SIZE)
    )
    comments = list(Comment.objects.all())
    Comment.objects.filter(pk=comments[1].pk).delete()  # all later ones move

    for number in (0, PAGE_SIZE - 1, PAGE_SIZE, PAGE_SIZE + 1, 3 * PAGE_SIZE - 1):
        page = member_client.get(comments[number].get_absolute_url())
        assert comments[number] in page.context["comments"]
        assert len(page.context["comments"]) <= PAGE_SIZE
