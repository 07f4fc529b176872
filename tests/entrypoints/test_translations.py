"""Every text of the subscriber's pages is said in three languages, and no catalogue keeps what nobody says."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from django.template import engines
from django.utils.translation import gettext

from religa.entrypoints.common import i18n
from religa.wording import Language

sys.path.append(str(Path(__file__).parents[2] / "tools"))
import translations

EACH = [(door, language) for door in translations.DOORS for language in translations.LANGUAGES]


@pytest.mark.parametrize(("door", "language"), EACH)
def test_every_text_is_said_in_each_language(door, language):
    assert translations.missing(door, language) == []


@pytest.mark.parametrize(("door", "language"), EACH)
def test_no_catalogue_keeps_a_text_that_nobody_says(door, language):
    assert translations.unused(door, language) == []


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_each_text_is_in_one_catalogue(language):
    assert translations.said_twice(language) == []


@pytest.mark.parametrize(("door", "language"), EACH)
def test_a_translation_has_the_places_of_its_text(door, language):
    for text, entry in translations.entries(door, language).items():
        for said in [entry.msgstr, *entry.msgstr_plural.values()]:
            if said:
                assert places(said) <= places(f"{text.msgid} {text.plural}"), text
                assert places(said) >= places(text.msgid) - {"n", "count"}, text


def places(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", text)) | set(re.findall(r"{(\w*)}", text))


def test_texts_are_found_in_templates_and_in_code():
    template = """{% load i18n %}{% trans "Um" %}{% blocktrans trimmed count n=x %}Um
        dia{% plural %}{{ n }} dias{% endblocktrans %}{% include "a" with label=_("Dois") %}"""
    assert {t.msgid for t in translations.in_template(template)} == {"Um", "Um dia", "Dois"}
    code = 'x = _("Três"); y = ngettext("Um dia", "%(n)s dias", 2); z = other("Nada")'
    assert {t.msgid for t in translations.in_code(code)} == {"Três", "Um dia"}


def test_a_language_is_spoken_within_and_the_former_one_afterwards():
    page = engines["django"].from_string('{% load i18n %}{% trans "Ir para o conteúdo" %}')
    with i18n.speaking(Language.EN):
        assert page.render() == "Skip to the content"
        with i18n.speaking(Language.ES):
            assert page.render() == "Ir al contenido"
        assert i18n.active() is Language.EN
    assert page.render() == gettext("Ir para o conteúdo") == "Ir para o conteúdo"


def test_a_text_that_is_missing_stays_portuguese():
    with i18n.speaking(Language.ES):
        assert gettext("Texto que ninguém traduziu") == "Texto que ninguém traduziu"
