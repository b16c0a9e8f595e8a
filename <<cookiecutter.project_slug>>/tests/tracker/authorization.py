"""What `test_authorization` expects of the tracker's routes."""

from accounts.models import User
from themis.tests.roles import everybody, owner, users
from tracker.models import Invitation, Project, Report, Task


def project(user):
    project = Project.objects.create(name="Launch", owner=user)
    project.members.add(user)
    return project


def task(user):
    return Task.objects.create(title="Deploy", project=project(user), created_by=user)


def report(user):
    return Report.objects.create(project=project(user), requested_by=user)


def invitation(user):
    host = User.objects.get_or_create(username="host")[0]
    return Invitation.objects.create(project=project(host), user=user, invited_by=host)


OBJECTS = {
    "invitations/": invitation,
    "projects/": project,
    "reports/": report,
    "tasks/": task,
}

EXPECTED = {
    route: {"GET": get, "POST": post}
    for route, (get, post) in {
        "": (everybody(200), everybody(405)),
        "tasks/": (users(200), users(405)),
        "tasks/<int:pk>/": (owner(200), users(405)),
        "tasks/<int:pk>/approve/": (users(405), owner(302)),
        "tasks/<int:pk>/comments/": (users(405), owner(200)),
        "tasks/<int:pk>/complete/": (users(405), owner(302)),
        "tasks/<int:pk>/delete/": (owner(200), owner(302)),
        "tasks/<int:pk>/edit/": (owner(200), owner(200)),
        "tasks/<int:pk>/reopen/": (users(405), owner(302)),
        "tasks/<int:pk>/review/": (users(405), owner(302)),
        "tasks/<int:pk>/start/": (users(405), owner(302)),
        "projects/": (users(200), users(405)),
        "projects/new/": (users(200), users(200)),
        "projects/<int:pk>/": (owner(200), users(405)),
        "projects/<int:pk>/announce/": (users(405), owner(200)),
        "projects/<int:pk>/delete/": (owner(200), owner(302)),
        "projects/<int:pk>/edit/": (owner(200), owner(200)),
        "projects/<int:pk>/reports/": (users(405), owner(302)),
        "projects/<int:pk>/tasks/new/": (owner(200), owner(200)),
        "projects/<int:pk>/invitations/": (users(405), owner(200)),
        "invitations/<int:pk>/": (owner(200), users(405)),
        "invitations/<int:pk>/accept/": (users(405), owner(302)),
        "invitations/<int:pk>/decline/": (users(405), owner(302)),
        "reports/<int:pk>/": (owner(200), users(405)),
        "reports/<int:pk>/download/": (owner(404), users(405)),
    }.items()
}
