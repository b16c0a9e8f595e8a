"""The user. Add your own fields here: a custom model from the first migration on."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    pass
