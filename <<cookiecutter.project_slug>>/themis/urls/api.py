"""The JSON API.

Once this module is imported, `themis.api.api` accepts no more operations.
"""

from themis.api.routing import NAMESPACE, urls

app_name = NAMESPACE
urlpatterns = urls()
