"""Django's `trans`, `static` and `url`, which work out only once what they say the same each time.

A page has fifty of them, and they were a third of its templates' time. They stand for Django's own in every template
(project/settings.py), with all else that `{% load i18n static %}` brings.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cache

from django.template import Library
from django.template.base import FilterExpression, Node, Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as compile_url
from django.templatetags import i18n
from django.templatetags import static as files
from django.urls import get_script_prefix, reverse
from django.utils.html import conditional_escape
from django.utils.translation import get_language

register = Library()
for known in (i18n.register, files.register):
    register.tags.update(known.tags)
    register.filters.update(known.filters)
_MARK = 8_161_017_000  # no number that stands in any address of ours


class _Kept(Node):
    """A tag of constants: what it says depends on `key()` alone."""

    def __init__(self, tag: Node, key: Callable[[], Hashable]) -> None:
        self._tag, self._key = tag, key
        self._said: dict[Hashable, str] = {}

    def render(self, context: Context) -> str:
        key = self._key()
        said = self._said.get(key)
        if said is None:
            said = self._said[key] = self._tag.render(context)
        return said


class _Numbered(Node):
    """An address with whole numbers in it: it differs from its like in these alone."""

    def __init__(self, tag: URLNode) -> None:
        self._tag = tag
        self._name = str(tag.view_name.var)

    def render(self, context: Context) -> str:
        numbers = tuple(arg.resolve(context) for arg in self._tag.args)
        if context.autoescape and all(type(n) is int and n >= 0 for n in numbers):
            return _form(self._name, len(numbers), get_script_prefix()) % numbers
        said: str = self._tag.render(context)
        return said


@cache
def _form(name: str, count: int, script_prefix: str) -> str:
    """The address of a view, with `%d` for each number. Raises `NoReverseMatch`."""
    marks = [_MARK + n for n in range(count)]
    form = conditional_escape(reverse(name, args=marks)).replace("%", "%%")
    for mark in marks:
        form = form.replace(str(mark), "%d")
    return form


def _is_constant(said: FilterExpression) -> bool:
    return isinstance(said.var, str) or not said.var.lookups


@register.tag("trans")
@register.tag("translate")
def translate(parser: Parser, token: Token) -> Node:
    made: i18n.TranslateNode = i18n.do_translate(parser, token)
    constant = _is_constant(made.filter_expression) and not (
        made.filter_expression.filters or made.message_context
    )
    return _Kept(made, get_language) if constant and made.asvar is None else made


@register.tag
def static(parser: Parser, token: Token) -> Node:
    made = files.StaticNode.handle_token(parser, token)
    constant = _is_constant(made.path) and not made.path.filters
    return _Kept(made, get_script_prefix) if constant and made.varname is None else made


@register.tag
def url(parser: Parser, token: Token) -> Node:
    made: URLNode = compile_url(parser, token)
    if made.asvar is not None or made.kwargs or not _is_constant(made.view_name):
        return made
    return _Numbered(made) if made.args else _Kept(made, get_script_prefix)
