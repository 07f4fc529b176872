"""The tag `icon`: a drawing of `templates/common/icons`, read once and put into the page as it is.

An `include` would make a template of each and look for it in every page that is shown: nine on the portal's main page.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django import template
from django.template.base import FilterExpression, Node, Parser, TextNode, Token
from django.template.context import Context

register = template.Library()
_FOLDER = Path(__file__).parent / "templates" / "common" / "icons"
_OF_NO_NAME = "info"


@cache
def drawing(name: str) -> str:
    """The SVG of that name. Raises `TemplateSyntaxError` where there is none."""
    path = _FOLDER / f"{name}.svg"
    if not path.is_file():
        raise template.TemplateSyntaxError(f"there is no icon {name!r}")
    return path.read_text(encoding="utf-8").strip()


@cache
def _names() -> frozenset[str]:
    return frozenset(path.stem for path in _FOLDER.glob("*.svg"))


class _Chosen(Node):
    """An icon that the view chooses; a plain one where its name is none of ours, rather than no page."""

    def __init__(self, name: FilterExpression) -> None:
        self.name = name

    def render(self, context: Context) -> str:
        name = str(self.name.resolve(context))
        return drawing(name if name in _names() else _OF_NO_NAME)


@register.tag
def icon(parser: Parser, token: Token) -> Node:
    """`{% icon "wifi" %}`, or `{% icon situation.icon %}`."""
    _, name = token.split_contents()
    if name[0] in "\"'":
        return TextNode(drawing(name[1:-1]))
    return _Chosen(parser.compile_filter(name))
