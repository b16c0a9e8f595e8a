from django.urls import path

from themis import api
from themis.health import health
from themis.views import api_keys, favicon, notifications, settings

app_name = "themis"
urlpatterns = [
    path("favicon.ico", favicon.favicon, name="favicon"),
    path("notifications/", notifications.notification_list, name="notification-list"),
    path(
        "notifications/poll/", notifications.notification_poll, name="notification-poll"
    ),
    path(
        "notifications/read/",
        notifications.notifications_read,
        name="notifications-read",
    ),
    path(
        "notifications/dismiss/",
        notifications.notifications_dismiss,
        name="notifications-dismiss",
    ),
    path(
        "notifications/<int:pk>/open/",
        notifications.notification_open,
        name="notification-open",
    ),
    path(
        "notifications/<int:pk>/read/",
        notifications.notification_read,
        name="notification-read",
    ),
    path(
        "notifications/<int:pk>/unread/",
        notifications.notification_unread,
        name="notification-unread",
    ),
    path(
        "notifications/<int:pk>/dismiss/",
        notifications.notification_dismiss,
        name="notification-dismiss",
    ),
    path(
        "notifications/<int:pk>/restore/",
        notifications.notification_restore,
        name="notification-restore",
    ),
    path("healthz/", health, name="health"),
    path("settings/", settings.settings, name="settings"),
    path("settings/api-keys/", api_keys.api_key_list, name="api-key-list"),
    path("settings/api-keys/new/", api_keys.api_key_create, name="api-key-create"),
    path(
        "settings/api-keys/<int:pk>/rotate/",
        api_keys.api_key_rotate,
        name="api-key-rotate",
    ),
    path(
        "settings/api-keys/<int:pk>/revoke/",
        api_keys.api_key_revoke,
        name="api-key-revoke",
    ),
    path("api/v1/", api.urls()),
]
