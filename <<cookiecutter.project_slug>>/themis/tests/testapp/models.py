"""Models where a test needs some of an app that uses Themis."""

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
