"""`{% load accounts %}`: what the pages about accounts show."""

from django import template

from accounts.devices import device

register = template.Library()
register.filter("device", device)
