from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from accounts.models import User
from tracker.models import Comment, Invitation, Project, Report, Task


@admin.register(Project)
class ProjectAdmin(admin.ModelAdmin):
    list_display = ("name", "owner", "created_at")
    list_select_related = ("owner",)
    search_fields = ("name", "description")
    autocomplete_fields = ("owner", "members")


@admin.register(Task)
class TaskAdmin(admin.ModelAdmin):
    list_display = ("title", "project", "status", "assignee", "due_date")
    list_filter = ("status",)
    list_select_related = ("project", "assignee")
    search_fields = ("title", "description")
    autocomplete_fields = ("project", "assignee", "created_by", "review_requested_by")
    date_hierarchy = "due_date"

    def save_model(
        self, request: HttpRequest, obj: Task, form: ModelForm, change: bool
    ) -> None:
        if isinstance(request.user, User):
            obj.changed_by = request.user
        super().save_model(request, obj, form, change)


@admin.register(Comment)
class CommentAdmin(admin.ModelAdmin):
    list_display = ("__str__", "task", "author", "created_at")
    list_select_related = ("task", "author")
    search_fields = ("text", "task__title")
    autocomplete_fields = ("task", "author")


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    list_display = ("project", "user", "invited_by", "created_at")
    list_select_related = ("project", "user", "invited_by")
    search_fields = ("project__name", "user__username")
    autocomplete_fields = ("project", "user", "invited_by")


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin):
    list_display = ("project", "requested_by", "created_at", "ready_at")
    list_select_related = ("project", "requested_by")
    search_fields = ("project__name", "requested_by__username")
    autocomplete_fields = ("project", "requested_by")
    readonly_fields = ("ready_at",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        return super().get_queryset(request).defer("content")
