"""`{% load accounts %}`: template tags for the account pages."""

from django import template

from accounts.devices import device

register = template.Library()
register.filter("device", device)
