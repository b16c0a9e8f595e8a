import pytest
from django.test import Client

from accounts.models import User
from themis.models import UserNotification
from tracker.models import Project, Task


@pytest.fixture
def owner(db: None) -> User:
    return User.objects.create_user("olga", "olga@example.com")


@pytest.fixture
def member(db: None) -> User:
    return User.objects.create_user("milan", "milan@example.com")


@pytest.fixture
def stranger(db: None) -> User:
    return User.objects.create_user("sam", "sam@example.com")


@pytest.fixture
def project(owner: User, member: User) -> Project:
    """A project with two members, who have no notifications yet."""
    project = Project.objects.create(name="Launch", owner=owner)
    project.members.set([owner, member])
    UserNotification.objects.all().delete()
    return project


@pytest.fixture
def task(project: Project, owner: User, member: User) -> Task:
    """A task from the owner for the member, who has no notifications yet."""
    task = Task.objects.create(
        project=project, title="Deploy v2", created_by=owner, assignee=member
    )
    UserNotification.objects.all().delete()
    return task


@pytest.fixture
def member_client(client: Client, member: User) -> Client:
    client.force_login(member)
    return client


@pytest.fixture
def owner_client(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


@pytest.fixture
def stranger_client(stranger: User) -> Client:
    client = Client()
    client.force_login(stranger)
    return client
