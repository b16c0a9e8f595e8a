"""The sample users that the sign-in page offers to try out."""

from django import template
from django.conf import settings

from accounts.models import User
from tracker.sample_data.data import DEMO, PEOPLE

register = template.Library()


@register.simple_tag
def sample_people() -> list[tuple[User, str]]:
    """`{% sample_people as people %}`: the first two of `make demo`, with the password.

    Empty in production, where there is no sample data either.
    """
    if not settings.DEBUG:
        return []
    names = [person.username for person in PEOPLE[:2]]
    users = User.objects.filter(username__in=names).order_by("pk")
    return [(user, DEMO) for user in users]
