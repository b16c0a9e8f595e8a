"""Changes that are worth a notification whoever makes them: a page, the admin, a shell.

`tracker/triggers.py` has the rules.
"""

from typing import Any

from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from tracker import triggers
from tracker.models import Comment, Project, Report, Task


@receiver(post_save, sender=Task)
def on_assignment(sender: Any, instance: Task, **kwargs: Any) -> None:
    if instance.tracker.has_changed("assignee"):
        triggers.task_assigned(instance)


@receiver(post_save, sender=Task)
def on_new_circumstances(
    sender: Any, instance: Task, created: bool, **kwargs: Any
) -> None:
    if instance.tracker.changed and not created:
        triggers.reminders_outdated(instance)


@receiver(m2m_changed, sender=Project.members.through)
def on_members_changed(
    sender: Any,
    instance: Any,
    action: str,
    reverse: bool,
    pk_set: set[int] | None,
    **kwargs: Any,
) -> None:
    for project, user_ids in _memberships(instance, reverse, pk_set or set()):
        if action == "post_add":
            triggers.members_added(project, user_ids)
        elif action == "post_remove":
            project.unassign(user_ids)


@receiver(post_delete, sender=Comment)
@receiver(post_delete, sender=Project)
@receiver(post_delete, sender=Report)
@receiver(post_delete, sender=Task)
def on_deletion(sender: Any, instance: Any, **kwargs: Any) -> None:
    triggers.source_deleted(instance)


def _memberships(
    instance: Any, reverse: bool, keys: set[int]
) -> list[tuple[Project, set[int]]]:
    """Django says both: `project.members.add(user)`, `user.projects.add(project)`."""
    if reverse:
        return [(each, {instance.pk}) for each in Project.objects.filter(pk__in=keys)]
    return [(instance, keys)]
