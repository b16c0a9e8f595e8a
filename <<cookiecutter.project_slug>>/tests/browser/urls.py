"""The project's URLs, and a page with a form of Themis' fields."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import include, path
from django.utils.dateparse import parse_date

from themis.forms import DateField, DateInput

PAGE = """
{% extends "base.html" %}
{% load themis %}
{% block title %}Form{% endblock %}
{% block content %}
  <h1>Form</h1>
  <p>{{ form.initial.day|user_date }}</p>
  <form method="post">
    {% csrf_token %}
    {{ form }}
    <button class="btn btn-primary" type="submit">Save</button>
  </form>
{% endblock %}
"""


class DayForm(forms.Form):
    name = forms.CharField()
    day = DateField(required=False, widget=DateInput(calendar=True))


def form_page(request: HttpRequest) -> HttpResponse:
    """Show the form, and the day that it saved in the session."""
    saved = parse_date(request.session.get("day", ""))
    form = DayForm(request.POST or None, initial={"day": saved})
    if form.is_valid():
        request.session["day"] = str(form.cleaned_data["day"] or "")
        return redirect(request.path)
    page = engines["django"].from_string(PAGE)
    return HttpResponse(page.render({"form": form}, request))


urlpatterns = [
    path("form/", form_page),
    path("styleguide/", include("themis.urls.styleguide")),
    path("", include("config.urls")),
]
