"""The mailbox, the settings page, and the health report.

API keys and the JSON API have their own modules: a project includes what it offers.
"""

from django.conf import settings as project_settings
from django.urls import URLPattern, URLResolver, include, path

from themis.health import health
from themis.views import bell, favicon, notifications, settings, unsubscribe

app_name = "themis"
urlpatterns: list[URLPattern | URLResolver] = [
    path("favicon.ico", favicon.favicon, name="favicon"),
    path("notifications/", notifications.notification_list, name="notification-list"),
    path("notifications/poll/", bell.notification_poll, name="notification-poll"),
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
        "notifications/restore/",
        notifications.notifications_restore,
        name="notifications-restore",
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
    path(
        "notifications/<int:pk>/mute/",
        notifications.notification_mute,
        name="notification-mute",
    ),
    path(
        "notifications/unsubscribe/<str:token>/",
        unsubscribe.unsubscribe,
        name="unsubscribe",
    ),
    path("healthz/", health, name="health"),
    path("settings/", settings.settings, name="settings"),
    path(
        "settings/test-notification/",
        settings.notification_test,
        name="notification-test",
    ),
]
if project_settings.DEBUG:
    urlpatterns.append(path("styleguide/", include("themis.urls.styleguide")))
