"""The URLs of Themis' own tests."""

from django.urls import include, path

from themis.tests import urls_without_api

urlpatterns = [
    *urls_without_api.urlpatterns,
    path("settings/api-keys/", include("themis.urls.api_keys")),
    path("api/v1/", include("themis.urls.api")),
]

handler500 = "themis.api.server_error"
