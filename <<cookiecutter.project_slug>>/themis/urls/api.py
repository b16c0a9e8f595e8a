"""The JSON API.

Once this module is imported, `themis.api.api` takes no more operations.
"""

from themis.api.routing import NAMESPACE, urls

app_name = NAMESPACE
urlpatterns = urls()
