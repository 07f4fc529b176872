"""Icons are put into the page as they are, whoever chooses them."""

from __future__ import annotations

import pytest
from django.template import TemplateSyntaxError, engines

from religa.entrypoints.common.icons import drawing


def shown(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context)


def test_an_icon_by_its_name_is_its_drawing():
    assert shown('{% icon "wifi" %}') == drawing("wifi") and drawing("wifi").startswith("<svg")


def test_an_icon_that_a_view_chooses_is_found_when_the_page_is_shown():
    assert shown("{% icon chosen.icon %}", chosen={"icon": "lock"}) == drawing("lock")


def test_a_name_that_is_none_of_ours_gets_a_plain_one_and_no_file_of_another_folder():
    for name in ("dragon", "../../404", "", None):
        assert shown("{% icon name %}", name=name) == drawing("info")


def test_a_template_that_names_no_icon_of_ours_is_not_read():
    with pytest.raises(TemplateSyntaxError, match="dragon"):
        shown('{% icon "dragon" %}')
