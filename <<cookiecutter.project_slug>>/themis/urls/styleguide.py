"""The style guide for designers. `themis.urls` includes it if DEBUG is on."""

from django.urls import path

from themis.views import styleguide

urlpatterns = [path("", styleguide.styleguide, name="styleguide")]
