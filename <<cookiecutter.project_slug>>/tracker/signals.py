"""Notify about changes wherever they are made: on a page, in the admin or in a shell.

The rules are in `tracker/triggers.py`.
"""

from allauth.account.signals import user_signed_up
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from accounts.models import User
from tracker import triggers
from tracker.models import Comment, Invitation, Project, Report, Task
from tracker.sources import Object


@receiver(user_signed_up)
def on_sign_up(sender: type[User], user: User, **kwargs: object) -> None:
    # allauth's object has the profile from before the language was saved.
    triggers.user_signed_up(User.objects.get(pk=user.pk))


@receiver(post_save, sender=Task)
def on_assignment(sender: type[Task], instance: Task, **kwargs: object) -> None:
    if instance.tracker.has_changed("assignee"):
        triggers.task_assigned(instance)


@receiver(post_save, sender=Task)
def on_new_circumstances(
    sender: type[Task], instance: Task, created: bool, **kwargs: object
) -> None:
    if instance.tracker.changed and not created:
        triggers.reminders_outdated(instance)


@receiver(post_save, sender=Invitation)
def on_invitation(
    sender: type[Invitation], instance: Invitation, created: bool, **kwargs: object
) -> None:
    if created:
        triggers.member_invited(instance)


@receiver(m2m_changed, sender=Project.members.through)
def on_members_changed(
    instance: Project | User, action: str, pk_set: set[int] | None, **kwargs: object
) -> None:
    for project, user_ids in _memberships(instance, pk_set or set()):
        if action == "post_add":
            triggers.members_added(project, user_ids)
            project.invitations.filter(user__in=user_ids).delete()
        elif action == "post_remove":
            project.unassign(user_ids)


@receiver(post_delete, sender=Comment)
@receiver(post_delete, sender=Invitation)
@receiver(post_delete, sender=Project)
@receiver(post_delete, sender=Report)
@receiver(post_delete, sender=Task)
def on_deletion(instance: Object, **kwargs: object) -> None:
    triggers.source_deleted(instance)


def _memberships(
    instance: Project | User, keys: set[int]
) -> list[tuple[Project, set[int]]]:
    """Handle both `project.members.add(user)` and `user.projects.add(project)`."""
    if isinstance(instance, Project):
        return [(instance, keys)]
    return [(each, {instance.pk}) for each in Project.objects.filter(pk__in=keys)]
