from django.test import Client

from accounts.models import User
from tracker.models import Comment, Task


def test_url_is_its_place_on_the_page_of_the_task(
    member_client: Client, task: Task, member: User
) -> None:
    comment = Comment.objects.create(task=task, author=member, text="Hi")

    page, _hash, anchor = comment.get_absolute_url().partition("#")
    assert page == task.get_absolute_url()
    assert f'id="{anchor}"' in member_client.get(page).content.decode()
