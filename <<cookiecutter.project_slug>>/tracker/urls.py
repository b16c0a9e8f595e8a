from django.urls import path

from tracker.views import (
    announcements,
    comments,
    home,
    invitations,
    projects,
    reports,
    task_steps,
    tasks,
)

app_name = "tracker"
urlpatterns = [
    path("", home.home, name="home"),
    path("tasks/", tasks.task_list, name="task-list"),
    path("tasks/<int:pk>/", tasks.task_detail, name="task-detail"),
    path("tasks/<int:pk>/edit/", tasks.task_edit, name="task-edit"),
    path("tasks/<int:pk>/delete/", tasks.task_delete, name="task-delete"),
    path("tasks/<int:pk>/start/", task_steps.task_start, name="task-start"),
    path("tasks/<int:pk>/review/", task_steps.request_review, name="request-review"),
    path("tasks/<int:pk>/approve/", task_steps.approve_request, name="approve-request"),
    path("tasks/<int:pk>/complete/", task_steps.task_complete, name="task-complete"),
    path("tasks/<int:pk>/reopen/", task_steps.task_reopen, name="task-reopen"),
    path("tasks/<int:pk>/comments/", comments.comment_create, name="comment-create"),
    path("projects/", projects.project_list, name="project-list"),
    path("projects/new/", projects.project_create, name="project-create"),
    path("projects/<int:pk>/", projects.project_detail, name="project-detail"),
    path("projects/<int:pk>/edit/", projects.project_edit, name="project-edit"),
    path("projects/<int:pk>/delete/", projects.project_delete, name="project-delete"),
    path("projects/<int:pk>/tasks/new/", tasks.task_create, name="task-create"),
    path("projects/<int:pk>/announce/", announcements.announce, name="announce"),
    path("projects/<int:pk>/invitations/", invitations.invite, name="invite"),
    path("projects/<int:pk>/reports/", reports.report_request, name="report-request"),
    path(
        "invitations/<int:pk>/",
        invitations.invitation_detail,
        name="invitation-detail",
    ),
    path(
        "invitations/<int:pk>/accept/",
        invitations.invitation_accept,
        name="invitation-accept",
    ),
    path(
        "invitations/<int:pk>/decline/",
        invitations.invitation_decline,
        name="invitation-decline",
    ),
    path("reports/<int:pk>/", reports.report_detail, name="report-detail"),
    path("reports/<int:pk>/download/", reports.report_download, name="report-download"),
]
