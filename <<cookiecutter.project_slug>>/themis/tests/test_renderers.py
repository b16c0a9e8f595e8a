import re

import pytest
from django import forms
from django.template import Context, Template

from themis.forms.problems import Problem, problems_of

COLORS = [("r", "Red"), ("g", "Green")]


class Sample(forms.Form):
    text = forms.CharField(help_text="Say something.")
    area = forms.CharField(widget=forms.Textarea, required=False)
    choice = forms.ChoiceField(choices=COLORS)
    choices = forms.MultipleChoiceField(choices=COLORS)
    radio = forms.ChoiceField(choices=COLORS, widget=forms.RadioSelect)
    ticked = forms.BooleanField()
    file = forms.FileField()
    own = forms.CharField(widget=forms.TextInput(attrs={"class": "font-mono"}))
    hidden = forms.CharField(widget=forms.HiddenInput)


@pytest.mark.parametrize(
    ("name", "classes"),
    [
        ("text", "input validator w-full"),
        ("area", "textarea validator w-full"),
        ("choice", "select validator w-full"),
        ("choices", "select validator block h-auto w-full"),
        ("radio", "radio"),
        ("ticked", "checkbox"),
        ("file", "file-input validator w-full"),
        ("own", "input validator w-full font-mono"),
    ],
)
def test_classes(name, classes):
    assert f'class="{classes}"' in Sample()[name].as_field_group()


def test_radio_buttons_stand_in_a_named_group():
    html = Sample()["radio"].as_field_group()
    assert '<fieldset class="fieldset choices"' in html
    assert '<legend class="fieldset-legend">Radio</legend>' in html


def test_label_names_the_input():
    assert 'for="id_text"' in Sample()["text"].as_field_group()


def test_optional_fields_are_marked():
    assert "(optional)" in Sample()["area"].as_field_group()
    assert "(optional)" not in Sample()["text"].as_field_group()


def test_error_is_beside_and_described_by_its_field():
    html = Sample({})["text"].as_field_group()
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_text_helptext id_text_error"' in html
    assert 'id="id_text_error"><li>This field is required.</li>' in html
    assert 'id="id_text_helptext">Say something.</div>' in html


def test_form_has_fields_and_hidden_fields():
    form = Sample({})
    html = str(form)
    assert all(f'name="{name}"' in html for name in form.fields)


def test_error_summary_links_to_fields():
    form = Sample({"area": "x" * 3})
    form.add_error(None, "Nothing fits.")
    html = str(form)
    summary = html.partition("</ul>")[0]
    targets = re.findall(r'<a class="link" href="#(\w+)">', summary)

    assert summary.lstrip().startswith("<div")
    assert 'role="alert" tabindex="-1" autofocus' in summary
    assert "<li>Nothing fits.</li>" in summary
    assert ">Text: This field is required.</a>" in summary
    assert "<li>Hidden: This field is required.</li>" in summary
    assert len(targets) == len(form.visible_fields()) - 1  # `area` is right
    assert [name for name in targets if f'id="{name}"' not in html] == []


def test_one_field_needs_no_summary():
    class One(forms.Form):
        text = forms.CharField()

    form = One({})
    form.add_error(None, "Nothing fits.")
    html = str(form)
    assert 'role="alert"' not in html
    assert '<ul class="errorlist nonfield"><li>Nothing fits.</li>' in html


def test_one_of_several_forms_has_no_summary():
    form = Sample({}, prefix="second")
    assert 'role="alert"' not in str(form)
    assert Problem("Text: This field is required.", "id_second-text") in problems_of(
        Sample({"first": "right"}, prefix="first"), form
    )


def test_input_is_escaped():
    html = str(Sample({"text": '"><script>alert(1)</script>'}))
    assert "<script>" not in html


def test_media_comes_with_the_form():
    class WithScript(forms.Form):
        name = forms.CharField()

        class Media:
            js = ["sample.js"]

    assert "sample.js" in str(WithScript())


def test_admin_keeps_its_own_look(admin_client):
    page = admin_client.get("/admin/auth/user/add/").content.decode()
    assert 'name="username"' in page
    assert "validator w-full" not in page


@pytest.mark.parametrize(
    ("data", "title"),
    [(None, "Page"), ({}, "Error: Page")],
)
def test_title_begins_with_the_error(data, title):
    page = Template("{% load themis %}{% error_prefix %}Page")
    assert page.render(Context({"any": Sample(data)})) == title
