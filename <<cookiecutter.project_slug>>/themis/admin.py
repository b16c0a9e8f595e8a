from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from themis.models import UserNotification, UserProfile


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("unread", _("Unread")),
            ("read", _("Read")),
            ("dismissed", _("Dismissed")),
            ("expired", _("Expired")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return {
            "unread": queryset.unread,
            "read": lambda: queryset.exclude(read_at=None),
            "dismissed": lambda: queryset.exclude(dismissed_at=None),
            "expired": lambda: queryset.expired(timezone.now()),
        }.get(self.value() or "", queryset.all)()


@admin.register(UserNotification)
class UserNotificationAdmin(admin.ModelAdmin):
    """To look at, and to delete from. `notify_user()` makes them."""

    list_display = ("title", "user", "level", "created_at", "read_at", "dismissed_at")
    list_filter = (StateFilter, "level")
    list_select_related = ("user",)
    search_fields = ("title", "user__username", "user__email", "source_id")
    ordering = ("-id",)
    show_full_result_count = False  # a count of every row, on each page

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: UserNotification | None = None
    ) -> bool:
        return False


@admin.register(UserProfile)
class UserProfileAdmin(admin.ModelAdmin):
    list_display = ("user", "timezone", "language", "notification_min_level")
    list_filter = ("notifications_enabled", "notification_min_level", "language")
    list_select_related = ("user",)
    search_fields = ("user__username", "user__email")
    autocomplete_fields = ("user",)
    ordering = ("user__username",)
