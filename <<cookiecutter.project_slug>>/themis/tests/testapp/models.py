"""Models where a test needs some of an app that uses Themis."""

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
