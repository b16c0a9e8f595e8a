from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator

from accounts.models import User

recently_authenticated = method_decorator(reauthentication_required)


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Ask for the password again before permissions, addresses and passwords change.

    Ask before showing the form: if asked on submission, allauth would keep the form's
    data in the session meanwhile.
    """

    @recently_authenticated
    def changeform_view(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        return super().changeform_view(request, *args, **kwargs)

    @recently_authenticated
    def user_change_password(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        return super().user_change_password(request, *args, **kwargs)
