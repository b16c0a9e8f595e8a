"""A page for who designs, which `themis.urls` has while DEBUG is on."""

from django.urls import path

from themis.views import styleguide

urlpatterns = [path("", styleguide.styleguide, name="styleguide")]
