"""Load a team, its work and its notifications, to try the project with."""

from datetime import date, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from themis.models import UserProfile
from tracker.models import Project, Task
from tracker.sample_data.data import DEMO, PEOPLE, PLANS, TEAMS, Person, Plan, Team
from tracker.sample_data.history import happen


@transaction.atomic
def load() -> None:
    """Create the sample data. The triggers notify as usual."""
    password = make_password(DEMO)  # slow by design, so hash once
    people = {person.username: _create_user(person, password) for person in PEOPLE}
    people[DEMO].is_staff = people[DEMO].is_superuser = True
    people[DEMO].save()
    projects = [_create_project(team, people) for team in TEAMS]
    tasks = {plan.title: _create_task(plan, people, projects) for plan in PLANS}
    happen(people, projects, tasks)


def _create_user(person: Person, password: str) -> User:
    email = f"{person.username}@example.com"
    user = User.objects.create(
        username=person.username,
        email=email,
        password=password,
        first_name=person.first_name,
        last_name=person.last_name,
    )
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    UserProfile.objects.filter(user=user).update(**person.preferences)
    return User.objects.get(pk=user.pk)  # with the profile as it is now


def _create_project(team: Team, people: dict[str, User]) -> Project:
    project = Project.objects.create(
        name=team.name, description=team.description, owner=people[team.owner]
    )
    project.members.add(*(people[name] for name in [team.owner, *team.others]))
    for name in team.invited:
        project.invite(name, by=project.owner)
    return project


def _create_task(plan: Plan, people: dict[str, User], projects: list[Project]) -> Task:
    task = Task(
        project=projects[plan.team],
        title=plan.title,
        created_by=people[plan.creator],
        assignee=people[plan.assignee] if plan.assignee else None,
        due_date=_in_days(plan.due_in_days),
        due_time=plan.due_time,
    )
    task.changed_by = people[plan.creator]
    task.save()
    return task


def _in_days(days: int | None) -> date | None:
    return None if days is None else timezone.localdate() + timedelta(days=days)
