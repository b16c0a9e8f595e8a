"""The pages where users manage their API keys."""

from django.urls import path

from themis.views import api_keys

app_name = "themis-api-keys"
urlpatterns = [
    path("", api_keys.api_key_list, name="list"),
    path("new/", api_keys.api_key_create, name="create"),
    path("<int:pk>/rotate/", api_keys.api_key_rotate, name="rotate"),
    path("<int:pk>/revoke/", api_keys.api_key_revoke, name="revoke"),
]
