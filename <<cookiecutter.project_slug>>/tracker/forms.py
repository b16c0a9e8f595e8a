from datetime import datetime
from typing import cast

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from themis.forms import (
    DateField,
    DateTextInput,
    DateTimeField,
    DateTimeTextInput,
    TimeField,
    TimeTextInput,
)
from tracker.models import Comment, Project, Status, Task
from tracker.models.task import TaskQuerySet


class UsersField(forms.ModelMultipleChoiceField):
    def clean(self, value: object) -> QuerySet[User]:
        try:
            return super().clean(value)
        except OverflowError:  # a key too large for SQLite's integers
            raise forms.ValidationError(
                self.error_messages["invalid_list"], code="invalid_list"
            ) from None


class ProjectForm(forms.ModelForm):
    leaving = UsersField(
        User.objects.none(),
        label=_("Member to remove"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Their unfinished tasks will be unassigned."),
    )

    class Meta:
        model = Project
        fields = ("name", "description")
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, data: QueryDict | None = None, *, instance: Project) -> None:
        super().__init__(data, instance=instance)
        if instance.pk:
            others = instance.members.exclude(pk=instance.owner_id)
            leaving = cast(UsersField, self.fields["leaving"])
            leaving.queryset = others.order_by("username")
        else:
            del self.fields["leaving"]


class InvitationForm(forms.Form):
    """Accept any name. Suggest people from the owner's other projects."""

    username = forms.CharField(
        label=_("Username"),
        max_length=150,
        widget=forms.TextInput(attrs={"list": "colleagues", "autocomplete": "off"}),
    )


class TaskForm(forms.ModelForm):
    assignee = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Assignee"),
        required=False,
        empty_label=_("Unassigned"),
    )

    class Meta:
        model = Task
        fields = ("title", "description", "assignee", "due_date", "due_time")
        field_classes = {"due_date": DateField, "due_time": TimeField}
        widgets = {
            "description": forms.Textarea(attrs={"rows": 5}),
            "due_date": DateTextInput(calendar=True),
            "due_time": TimeTextInput(),
        }

    def __init__(self, data: QueryDict | None = None, *, instance: Task) -> None:
        super().__init__(data, instance=instance)
        team = self.instance.project.members.filter(is_active=True)
        assignee = cast(forms.ModelChoiceField, self.fields["assignee"])
        assignee.queryset = team.order_by("username")

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("due_time") and not self.cleaned_data.get("due_date"):
            self.add_error("due_time", _("Choose a due date, too."))


class CommentForm(forms.ModelForm):
    class Meta:
        model = Comment
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}


class AnnouncementForm(forms.Form):
    text = forms.CharField(
        label=_("Announcement"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    expires_at = DateTimeField(
        label=_("Visible until"),
        required=False,
        widget=DateTimeTextInput(calendar=True),
    )

    def clean_expires_at(self) -> datetime | None:
        expires_at: datetime | None = self.cleaned_data["expires_at"]
        if expires_at and expires_at <= timezone.now():
            raise forms.ValidationError(_("Choose a time in the future."))
        return expires_at


class TaskFilterForm(forms.Form):
    """Filters of the list. Invalid values are ignored."""

    search = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    project = forms.ModelChoiceField(
        Project.objects.none(),
        label=_("Project"),
        required=False,
        empty_label=_("All projects"),
    )
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("Any status")), *Status.choices],
    )
    mine = forms.BooleanField(label=_("Assigned to me"), required=False)
    overdue = forms.BooleanField(label=_("Overdue"), required=False)

    def __init__(self, data: QueryDict, user: User) -> None:
        super().__init__(data)
        self.user = user
        project = cast(forms.ModelChoiceField, self.fields["project"])
        project.queryset = Project.objects.for_user(user)

    def filtered(self, tasks: TaskQuerySet) -> TaskQuerySet:
        self.full_clean()
        wanted = self.cleaned_data
        if text := wanted.get("search"):
            tasks = tasks.search(text)
        if project := wanted.get("project"):
            tasks = tasks.filter(project=project)
        if status := wanted.get("status"):
            tasks = tasks.filter(status=status)
        if wanted.get("mine"):
            tasks = tasks.filter(assignee=self.user)
        if wanted.get("overdue"):
            tasks = tasks.overdue()
        return tasks
