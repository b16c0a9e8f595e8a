"""The length of texts is limited, wherever they are written."""

import pytest
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tracker.models import Comment, Project, Task, lengths

pytestmark = pytest.mark.django_db

TOO_LONG = "x" * (lengths.TEXT + 1)


@pytest.mark.parametrize(
    ("model", "field"),
    [(Comment, "text"), (Project, "description"), (Task, "description")],
)
def test_too_long_text_is_refused(
    model: type[models.Model], field: str, task: Task, owner: User
) -> None:
    if not hasattr(model, field):
        pytest.skip(f"There is no {field}: delete it above.")
    Comment.objects.create(task=task, author=owner, text="Hi")
    model._default_manager.update(**{field: TOO_LONG[1:]})

    with pytest.raises(IntegrityError), transaction.atomic():
        model._default_manager.update(**{field: TOO_LONG})


def test_form_shows_the_limit(member_client: Client, task: Task) -> None:
    url = reverse("tracker:comment-create", args=[task.pk])
    response = member_client.post(url, {"text": TOO_LONG})

    assert "text" in response.context["comment_form"].errors
