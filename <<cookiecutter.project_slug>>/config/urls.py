"""Route paths to apps."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from config.development import development_urls

urlpatterns = [
    # The admin uses the site's sign-in, with its rate limits and second factors.
    path(f"{settings.ADMIN_PATH}login/", secure_admin_login(admin.site.login)),
    path(settings.ADMIN_PATH, admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("", include("themis.urls")),
    path("settings/api-keys/", include("themis.urls.api_keys")),
    path("api/v1/", include("themis.urls.api")),
    path("", include("tracker.urls")),
    *development_urls(),
]

handler500 = "themis.api.server_error"
