"""Which app answers which path in Themis' own tests."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("", include("themis.urls")),
]

handler500 = "themis.api.server_error"
