import pytest

from accounts.models import User
from tracker.models import Project, Task

pytestmark = pytest.mark.django_db


def changed(task: Task) -> bool:
    return task.tracker.has_changed("assignee")


def test_created_instance_has_changed(project: Project, member: User) -> None:
    task = Task.objects.create(project=project, title="New", assignee=member)

    assert changed(task)


def test_saved_as_it_was_has_not_changed(task: Task) -> None:
    task.save()

    assert not changed(task)


def test_other_field_has_not_changed(task: Task) -> None:
    task = Task.objects.get(pk=task.pk)
    task.title = "Deploy v3"
    task.save()

    assert not changed(task)


def test_other_assignee_has_changed(task: Task, owner: User) -> None:
    task = Task.objects.get(pk=task.pk)
    task.assignee = owner
    task.save()

    assert changed(task)


def test_second_save_has_not_changed(task: Task, owner: User) -> None:
    task.assignee = owner
    task.save()
    task.save()

    assert not changed(task)


def test_column_assigned_by_key_has_changed(task: Task, owner: User) -> None:
    task.assignee_id = owner.pk
    task.save()

    assert changed(task)


def test_field_outside_update_fields_has_not_changed(task: Task, owner: User) -> None:
    task.assignee = owner
    task.save(update_fields=["title"])

    assert not changed(task)


def test_field_left_out_once_changes_with_the_next_save(
    task: Task, owner: User
) -> None:
    task.assignee = owner
    task.save(update_fields=["title"])
    task.save()

    assert changed(task)


def test_column_name_in_update_fields_counts(task: Task, owner: User) -> None:
    task.assignee = owner
    task.save(update_fields=["assignee_id"])

    assert changed(task)


def test_deferred_field_is_not_loaded_by_a_save(task: Task) -> None:
    task = Task.objects.only("title").get(pk=task.pk)
    task.title = "Deploy v3"
    task.save()

    assert "assignee_id" in task.get_deferred_fields()
    assert not changed(task)


def test_deferred_field_set_to_another_has_changed(task: Task, owner: User) -> None:
    task = Task.objects.only("title").get(pk=task.pk)
    task.assignee = owner
    task.save()

    assert changed(task)


def test_deferred_field_set_to_the_same_has_not_changed(
    task: Task, member: User
) -> None:
    task = Task.objects.only("title").get(pk=task.pk)
    task.assignee = member
    task.save()

    assert not changed(task)


def test_deferred_field_read_first_is_known(task: Task, owner: User) -> None:
    task = Task.objects.only("title").get(pk=task.pk)
    assert task.assignee != owner
    task.assignee = owner
    task.save()

    assert changed(task)


def test_refreshed_instance_knows_the_new_value(task: Task, owner: User) -> None:
    Task.objects.filter(pk=task.pk).update(assignee=owner)
    task.refresh_from_db()
    task.save()

    assert not changed(task)


def test_partly_refreshed_instance_still_knows_its_change(
    task: Task, owner: User
) -> None:
    task.assignee = owner
    task.refresh_from_db(fields=["title"])
    task.save()

    assert changed(task)


def test_key_set_by_hand_is_compared_with_the_database(
    task: Task, member: User, project: Project
) -> None:
    copy = Task(pk=task.pk, project=project, title="Deploy v2", assignee=member)
    copy.save()

    assert not changed(copy)


def test_failed_save_remembers_nothing(task: Task, owner: User) -> None:
    task.assignee = owner
    with pytest.raises(ValueError, match="Cannot force both"):
        task.save(force_insert=True, force_update=True)
    task.save()

    assert changed(task)
