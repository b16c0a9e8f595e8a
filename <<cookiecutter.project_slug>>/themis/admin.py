from typing import TYPE_CHECKING, ClassVar, cast

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from themis.api_keys.routes import are_keys_used
from themis.forms.settings import ProfileForm
from themis.http import UserRequest
from themis.models import APIKey, APIKeyEvent, UserNotification, UserProfile
from themis.models.api_key import APIKeyQuerySet
from themis.models.notification import NotificationQuerySet

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise


# The field to search users by, whatever the user model calls it.
USER_NAME = f"user__{get_user_model().USERNAME_FIELD}"
USER_FIELDS = (USER_NAME, f"user__{get_user_model().get_email_field_name()}")


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(
        self, request: HttpRequest, model_admin: "admin.ModelAdmin[UserNotification]"
    ) -> "list[tuple[str, StrOrPromise]]":
        return [
            ("unread", _("Unread")),
            ("read", _("Read")),
            ("dismissed", _("Dismissed")),
            ("expired", _("Expired")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[UserNotification]
    ) -> QuerySet[UserNotification]:
        notifications = cast(NotificationQuerySet, queryset)
        match self.value():
            case "unread":
                return notifications.unread()
            case "read":
                return notifications.exclude(read_at=None)
            case "dismissed":
                return notifications.exclude(dismissed_at=None)
            case "expired":
                return notifications.expired(timezone.now())
        return notifications


@admin.register(UserNotification)
class UserNotificationAdmin(admin.ModelAdmin):
    """Read and delete only: `notify_user()` creates notifications."""

    list_display = ("title", "user", "level", "created_at", "read_at", "dismissed_at")
    list_filter = (StateFilter, "level")
    list_select_related = ("user",)
    search_fields = ("title", *USER_FIELDS, "source_id")
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
    form = ProfileForm
    # Typed so that a subclass may use other lengths.
    list_display: tuple[str, ...] = (
        "user",
        "timezone",
        "language",
        "notification_min_level",
    )
    list_filter: ClassVar[tuple[str, ...]] = (
        "notifications_enabled",
        "notification_min_level",
        "language",
    )
    list_select_related = ("user",)
    search_fields = USER_FIELDS
    autocomplete_fields = ("user",)
    ordering = (USER_NAME,)


class APIKeyEventInline(admin.TabularInline):
    model = APIKeyEvent
    extra = 0
    can_delete = False
    fields = readonly_fields = ("at", "action", "actor")

    def has_add_permission(
        self, request: HttpRequest, obj: APIKey | None = None
    ) -> bool:
        return False


@admin.register(APIKey)
class APIKeyAdmin(admin.ModelAdmin):
    """Read and revoke only: the admin neither shows nor creates keys."""

    list_display = ("__str__", "user", "created_at", "expires_at", "last_used_at")
    list_filter = ("revoked_at", "expires_at")
    list_select_related = ("user",)
    search_fields = ("name", "prefix", *USER_FIELDS)
    ordering = ("-id",)
    show_full_result_count = False
    exclude = ("digest", "form_id", "expiry_notified_at")
    inlines = (APIKeyEventInline,)
    actions = ("revoke",)

    @admin.action(description=_("Revoke permanently"), permissions=["revoke"])
    def revoke(self, request: UserRequest, queryset: APIKeyQuerySet) -> None:
        count = queryset.revoke(by=request.user)
        self.message_user(request, _("Revoked: %(count)s") % {"count": count})

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Hide keys from the admin index of a project that does not use them."""
        return are_keys_used() and super().has_module_permission(request)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("themis.change_apikey")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: APIKey | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: APIKey | None = None
    ) -> bool:
        """Keep the audit trail: a key is only deleted together with its owner."""
        match = request.resolver_match
        is_here = match and (match.url_name or "").startswith("themis_apikey_")
        return not is_here and super().has_delete_permission(request, obj)
