from accounts.models import User
from tracker.models import Comment, Task


def test_url_is_its_place_on_the_page_of_the_task(task: Task, member: User) -> None:
    comment = Comment.objects.create(task=task, author=member, text="Hi")

    assert comment.get_absolute_url() == f"/tasks/{task.pk}/#comment-{comment.pk}"
