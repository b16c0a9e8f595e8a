"""Sections of the settings page, as a project might have them."""

from django import forms
from django.contrib.auth import get_user_model

from themis.forms import SettingsSection
from themis.tests.testapp.models import Newsletter, Shelf


class NewsletterSection(SettingsSection):
    title = "Our newsletter"

    class Meta:
        model = Newsletter
        fields = ["is_weekly", "shelves"]


class EmailSection(SettingsSection):
    title = "Reach me"

    class Meta:
        model = get_user_model()
        fields = ["email"]


class PictureSection(SettingsSection):
    title = "Picture"
    picture = forms.FileField(required=False)

    class Meta:
        model = get_user_model()
        fields = []

    def save(self, commit=True):
        if file := self.cleaned_data["picture"]:
            self.instance.last_name = file.read().decode()
        return super().save(commit)


class UntitledSection(SettingsSection):
    class Meta:
        model = Newsletter
        fields = ["is_weekly"]


class ModellessSection(SettingsSection):
    title = "Nothing"


class ShelfSection(SettingsSection):
    title = "Shelf"

    class Meta:
        model = Shelf
        fields = ["name"]


class PlainForm(forms.Form):
    title = "Plain"
