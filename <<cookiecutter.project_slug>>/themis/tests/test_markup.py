"""Django's plain widgets look as their templates have them."""

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting

from themis.forms import markup
from themis.forms.renderer import FormRenderer

NASTY = '"><script>alert(1)</script>&amp;'
CHOICES = [
    ("", "Any"),
    (1, "One"),
    (NASTY, NASTY),
    ("Group <1>", [("2", "Two"), ("3", "Three")]),
]
ATTRS = {"id": "id_x", "class": NASTY, "required": True, "hidden": False, "max": 3}


def same(html):
    return "".join(html.split())


@pytest.mark.parametrize("value", [None, "", 0, 1.5, "1", "3", NASTY])
@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput(),
        forms.TextInput(attrs={"type": "search"}),
        forms.EmailInput(),
        forms.NumberInput(),
        forms.URLInput(),
        forms.DateInput(),
        forms.TimeInput(),
        forms.DateTimeInput(),
        forms.CheckboxInput(),
        forms.Select(choices=CHOICES),
        forms.SelectMultiple(choices=CHOICES),
        forms.NullBooleanSelect(),
    ],
    ids=lambda widget: type(widget).__name__,
)
def test_is_what_the_template_makes(widget, value):
    rendered = [
        widget.render("name<", value, ATTRS, renderer=renderer)
        for renderer in (FormRenderer(), TemplatesSetting())
    ]
    assert same(rendered[0]) == same(rendered[1])


def test_templates_of_the_project_come_first(settings, tmp_path):
    template = tmp_path / "django/forms/widgets/select.html"
    template.parent.mkdir(parents=True)
    template.write_text("Ours")
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [engine | {"DIRS": [tmp_path]}]
    markup._is_of_django.cache_clear()
    try:
        assert forms.Select().render("name", "", renderer=FormRenderer()) == "Ours"
    finally:
        markup._is_of_django.cache_clear()


def test_widgets_with_a_template_of_their_own_keep_it():
    class Option(forms.Select):
        option_template_name = "django/forms/widgets/radio_option.html"

    html = Option(choices=[("1", "One")]).render("name", "1", renderer=FormRenderer())
    assert 'type="' in html
