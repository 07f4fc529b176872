"""Registers the only Django models of Religa."""

from django.apps import AppConfig


class Records(AppConfig):
    name = "religa.records"
    label = "records"
    verbose_name = "Religa"
