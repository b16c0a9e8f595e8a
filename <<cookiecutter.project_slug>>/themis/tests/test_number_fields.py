from decimal import Decimal

import pytest
from django import forms
from django.db import models
from django.forms.models import modelform_factory
from django.test.utils import isolate_apps
from hypothesis import example, given
from hypothesis import strategies as st

from themis import conf
from themis.formatting import format_number, override
from themis.forms import MoneyField, NumberField
from themis.models import UserProfile

every_format = pytest.mark.parametrize("number_format", conf.number_formats())
numbers = st.decimals(allow_nan=False, allow_infinity=False, places=3)
amounts = st.decimals(allow_nan=False, allow_infinity=False, places=2)


class NumberForm(forms.Form):
    number = NumberField(required=False)


class MoneyForm(forms.Form):
    number = MoneyField(currency="EUR", required=False)


def like(number_format="1.234.567,89"):
    return override(UserProfile(language="en", number_format=number_format))


def form_of(field):
    return type("OwnForm", (forms.Form,), {"number": field})


def cleaned(form_class, text):
    form = form_class({"number": text})
    assert form.is_valid(), form.errors
    return form.cleaned_data["number"]


def messages(form_class, text):
    return form_class({"number": text}).errors["number"]


def sent_back(form_class, initial):
    """The data that a browser sends if the user changes nothing, and its form."""
    text = form_class(initial={"number": initial})["number"].value()
    return text, form_class({"number": text}, initial={"number": initial})


# Parsing


@pytest.mark.parametrize("form_class", [NumberForm, MoneyForm])
@pytest.mark.parametrize(
    ("number_format", "text"),
    [
        ("1,234,567.89", "1,234.5"),
        ("1.234.567,89", "1.234,5"),
        ("1\u202f234\u202f567,89", "1 234,5"),
        ("1’234’567.89", "1'234.5"),
        ("12,34,567.89", "1,234.5"),
        ("1234567.89", " 1234.50 "),
    ],
)
def test_reads_the_users_format(form_class, number_format, text):
    with like(number_format):
        assert cleaned(form_class, text) == Decimal("1234.5")


def test_gives_a_decimal():
    assert isinstance(cleaned(NumberForm, "5"), Decimal)


def test_empty_is_none():
    assert cleaned(NumberForm, "") is None


def test_required():
    assert messages(form_of(NumberField()), "") == ["This field is required."]


@pytest.mark.parametrize("text", [" ", "1.5", "1.234.5", "abc", "NaN", "1e5", "\0"])
def test_refuses_with_an_example_of_the_format(text):
    with like():
        assert messages(NumberForm, text) == [
            "Enter a number, for example: 1.234.567,89"
        ]


def test_custom_error_message():
    own = NumberField(error_messages={"invalid": "Not %(example)s!"})
    with like():
        assert messages(form_of(own), "abc") == ["Not 1.234.567,89!"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0,5", "Ensure this value is greater than or equal to 1,50."),
        ("1.000", "Ensure this value is less than or equal to 999,99."),
        ("2,125", "Ensure that there are no more than 2 decimal places."),
    ],
)
def test_validates_as_a_decimal_field_in_the_users_format(text, message):
    field = NumberField(
        min_value=1.5, max_value=Decimal("999.99"), max_digits=6, decimal_places=2
    )
    with like():
        assert messages(form_of(field), text) == [message]


def test_max_digits():
    assert messages(form_of(NumberField(max_digits=3)), "1234") == [
        "Ensure that there are no more than 3 digits in total."
    ]


# Formatting


@every_format
def test_shows_the_users_format(number_format):
    with like(number_format):
        html = str(NumberForm(initial={"number": Decimal("1234567.5")})["number"])
        assert f'value="{format_number(Decimal("1234567.5"))}"' in html


@pytest.mark.parametrize(
    ("initial", "shown"),
    [
        (Decimal("5.5"), "5,50"),
        (Decimal("5.5000"), "5,50"),
        (Decimal("5.1234"), "5,1234"),
        (5, "5,00"),
        (0.1, "0,10"),
        ("1.500", "1,50"),
        (lambda: "1.500", "1,50"),
        ("", None),
        (None, None),
    ],
)
def test_shows_its_decimals_and_loses_none(initial, shown):
    form_class = form_of(NumberField(decimal_places=2))
    with like():
        assert form_class(initial={"number": initial})["number"].value() == shown


def test_without_decimal_places_it_shows_those_that_there_are():
    with like():
        form = NumberForm(initial={"number": Decimal("5.10")})
        assert form["number"].value() == "5,10"


@pytest.mark.parametrize("text", ["1.5", "abc", "12,"])
def test_input_is_redisplayed_as_typed(text):
    with like():
        assert f'value="{text}"' in str(NumberForm({"number": text})["number"])


@pytest.mark.parametrize("form_class", [NumberForm, MoneyForm])
def test_input(form_class):
    html = form_class()["number"].as_field_group()

    assert '<input type="text" name="number" inputmode="decimal"' in html
    assert 'class="input validator w-full"' in html


def test_custom_inputmode():
    field = NumberField(widget=forms.TextInput({"inputmode": "text"}))

    assert 'inputmode="text"' in str(form_of(field)()["number"])


# Saved again unchanged


@pytest.mark.parametrize("form_class", [NumberForm, MoneyForm])
@every_format
@given(number=amounts | st.integers())
@example(number=Decimal("1.234E+6"))
@example(number=Decimal("-0.0"))
def test_unchanged_is_the_stored_value(form_class, number_format, number):
    with like(number_format):
        _text, form = sent_back(form_class, number)
        assert form.is_valid(), form.errors
        assert form.cleaned_data == {"number": number}
        assert not form.has_changed()


@every_format
@given(number=numbers)
def test_unchanged_is_the_stored_text(number_format, number):
    with like(number_format):
        _text, form = sent_back(NumberForm, str(number))
        assert form.is_valid(), form.errors
        assert form.cleaned_data == {"number": number}
        assert not form.has_changed()


@every_format
@given(number=st.integers(-(10**15), 10**15).map(lambda number: number / 10**6))
@example(number=1e22)
@example(number=1e-7)
def test_unchanged_is_the_stored_float(number_format, number):
    with like(number_format):
        _text, form = sent_back(NumberForm, number)
        assert form.is_valid(), form.errors
        assert float(form.cleaned_data["number"]) == number
        assert not form.has_changed()


@every_format
@given(stored=numbers, entered=numbers)
def test_changed_is_what_was_entered(number_format, stored, entered):
    with like(number_format):
        form = NumberForm(
            {"number": format_number(entered)}, initial={"number": stored}
        )
        assert form.is_valid()
        assert form.cleaned_data == {"number": entered}
        assert form.has_changed() == (stored != entered)


def test_hidden_inputs_keep_the_number():
    class HiddenInitialForm(forms.Form):
        number = NumberField(show_hidden_initial=True)

    with like():
        initial = {"number": Decimal("1.234")}
        html = HiddenInitialForm(initial=initial)["number"].as_hidden(only_initial=True)
        assert 'value="1,234"' in html
        data = {"number": "1,234", "initial-number": "1,234"}
        assert not HiddenInitialForm(data, initial={"number": 5}).has_changed()


@pytest.mark.parametrize("widget", [forms.NumberInput, forms.HiddenInput])
def test_other_widgets_use_djangos_format(widget):
    form_class = form_of(NumberField(widget=widget))
    with like():
        text, form = sent_back(form_class, Decimal("1.234"))
        assert 'value="1.234"' in str(form_class(initial={"number": text})["number"])
        assert form.is_valid()
        assert form.cleaned_data == {"number": Decimal("1.234")}
        assert messages(form_class, "1,5") == ["Enter a number."]


def test_unchanged_in_a_disabled_field():
    form = form_of(NumberField(disabled=True))({}, initial={"number": "1.234"})

    with like():
        assert form.is_valid()
        assert form.cleaned_data == {"number": Decimal("1.234")}


# Money


@pytest.mark.parametrize(
    ("currency", "shown", "refused"),
    [
        ("JPY", "1.234", "0,1"),
        ("EUR", "1.234,00", "0,001"),
        ("KWD", "1.234,000", "0,0001"),
        ("CLF", "1.234,0000", "0,00001"),
    ],
)
def test_money_has_the_decimals_of_its_currency(currency, shown, refused):
    form_class = form_of(MoneyField(currency=currency))
    with like():
        text, form = sent_back(form_class, Decimal("1234.00"))
        assert text == shown
        assert form.is_valid()
        assert "Ensure that there are no more than" in messages(form_class, refused)[0]


def test_money_takes_fewer_decimals_than_its_currency_has():
    form_class = form_of(MoneyField(currency="EUR", decimal_places=0))

    assert messages(form_class, "1.5") == [
        "Ensure that there are no more than 0 decimal places."
    ]


def test_currency_is_beside_the_input():
    field = MoneyForm()["number"]

    assert field.help_text == "EUR"
    assert 'aria-describedby="id_number_helptext"' in str(field)
    assert 'id="id_number_helptext">EUR</div>' in field.as_field_group()


def test_help_text_comes_first():
    field = form_of(MoneyField(currency="USD", help_text="With <em>tax</em>."))()

    assert field["number"].help_text == "With <em>tax</em>. USD"


def test_numbers_have_no_hint():
    assert NumberForm()["number"].help_text == ""


def test_a_currency_is_three_upper_case_letters():
    with pytest.raises(ValueError, match="Pass a currency as the three upper-case"):
        MoneyField(currency="euro")


# Model forms


@pytest.fixture
def invoice_form():
    with isolate_apps("themis"):

        class Invoice(models.Model):
            total = models.DecimalField(
                max_digits=12, decimal_places=4, default="1.5000"
            )
            weight = models.DecimalField(max_digits=9, decimal_places=3, null=True)

            class Meta:
                app_label = "themis"

            def __str__(self):
                return str(self.total)

    return modelform_factory(
        Invoice,
        fields=["total", "weight"],
        field_classes={"total": MoneyField, "weight": NumberField},
    )


def test_in_a_model_form(invoice_form):
    with like():
        form = invoice_form({"total": "1.234,5", "weight": "0,125"})
        assert form.is_valid(), form.errors
        invoice = form.save(commit=False)

    assert (invoice.total, invoice.weight) == (Decimal("1234.5"), Decimal("0.125"))


def test_a_model_form_shows_what_is_stored(invoice_form):
    invoice = invoice_form._meta.model(
        total=Decimal("1234.5000"), weight=Decimal("1234.500")
    )
    with like():
        form = invoice_form(instance=invoice)
        shown = {field.name: field.value() for field in form}
        unchanged = invoice_form(shown, instance=invoice)
        assert unchanged.is_valid(), unchanged.errors
        assert not unchanged.has_changed()

    assert shown == {"total": "1.234,50", "weight": "1.234,500"}


def test_a_model_form_shows_the_default_of_the_model(invoice_form):
    with like():
        assert invoice_form()["total"].value() == "1,50"


def test_a_model_form_validates_as_the_model_does(invoice_form):
    with like():
        form = invoice_form({"total": "1,234", "weight": "0,1234"})

        assert form.errors == {
            "total": ["Ensure that there are no more than 2 decimal places."],
            "weight": ["Ensure that there are no more than 3 decimal places."],
        }
