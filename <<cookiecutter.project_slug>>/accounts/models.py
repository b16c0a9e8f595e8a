"""The user. Add your own fields here: a custom model from the first migration on."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    def __str__(self) -> str:
        return self.get_full_name() or self.username
