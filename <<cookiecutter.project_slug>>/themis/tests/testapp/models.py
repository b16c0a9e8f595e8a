"""Models of an app that uses Themis."""

from django.conf import settings
from django.db import models

from themis.models import TrackedModel


class Shelf(models.Model):
    name = models.CharField(max_length=100)

    def __str__(self):
        return self.name


class Book(TrackedModel):
    TRACKED = ("shelf",)

    title = models.CharField(max_length=100)
    shelf = models.ForeignKey(Shelf, on_delete=models.CASCADE)

    def __str__(self):
        return self.title


class Newsletter(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    is_weekly = models.BooleanField("weekly", default=False)
    shelves = models.ManyToManyField(Shelf, blank=True)

    def __str__(self):
        return str(self.user)


# The models in the examples of the notification trigger pattern.


class Task(TrackedModel):
    TRACKED = ("assignee",)

    title = models.CharField(max_length=100)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True
    )
    due_date = models.DateField(null=True)
    status = models.CharField(max_length=20, default="open")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"/tasks/{self.pk}/"


class Request(models.Model):
    title = models.CharField(max_length=100)
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    status = models.CharField(max_length=20, default="open")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"/requests/{self.pk}/"


class Report(models.Model):
    report_type = models.CharField(max_length=100)

    def __str__(self):
        return self.report_type

    def get_absolute_url(self):
        return f"/reports/{self.pk}/"


class Event(models.Model):
    title = models.CharField(max_length=100)
    start_time = models.DateTimeField()

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"/events/{self.pk}/"


class Team(models.Model):
    members = models.ManyToManyField(settings.AUTH_USER_MODEL)

    def __str__(self):
        return f"Team {self.pk}"
