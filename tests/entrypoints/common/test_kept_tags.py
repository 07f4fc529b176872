"""Tags that are worked out once say what Django's own would, every time."""

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse, set_script_prefix

from religa.entrypoints.common import i18n
from religa.wording import Language


def said(text, **values):
    return Template("{% load i18n static %}" + text).render(Context(values))


def test_each_language_says_its_own_words_again_and_again():
    template = Template('{% load i18n %}{% trans "Sair" %}')
    for _ in range(2):
        for language, word in ((Language.PT, "Sair"), (Language.EN, "Leave"), (Language.ES, "Salir")):
            with i18n.speaking(language):
                assert template.render(Context()) == word


def test_what_is_no_constant_is_worked_out_each_time():
    template = Template("{% load i18n static %}{% trans word %} {% static word %}")
    assert [template.render(Context({"word": word})) for word in ("a", "b")] == ["a /static/a", "b /static/b"]
    assert said('{% trans "a%" as kept %}{% static "b" as place %}{{ kept }}{{ place }}') == "a%/static/b"
    assert said('{% trans "a%" %}{% trans "ab"|upper %}') == "a%AB"


@pytest.mark.parametrize("keys", [(), (7,), (7, 8_161_017_000), (0, 12)])
def test_addresses_are_those_of_reverse(keys):
    name = ("portal:home", "portal:pay", "portal:paying")[len(keys)]
    template = Template(f"{{% url '{name}' {' '.join(f'keys.{n}' for n in range(len(keys)))} %}}")
    for _ in range(2):
        assert template.render(Context({"keys": keys})) == reverse(name, args=keys)


def test_what_is_no_whole_number_goes_djangos_way():
    name = "portal:unlock_answer"
    assert said(f"{{% url '{name}' 7 key %}}", key="a-b") == reverse(name, args=(7, "a-b"))
    for wrong in (-1, True, "x", None):
        with pytest.raises(NoReverseMatch):
            said("{% url 'portal:pay' key %}", key=wrong)
    with pytest.raises(NoReverseMatch):
        said("{% url 'portal:nowhere' %}")
    assert said("{% url 'portal:nowhere' as there %}[{{ there }}]") == "[]"


def test_an_address_follows_the_prefix_under_which_the_program_is_served():
    template = Template("{% load static %}{% url 'portal:home' %} {% url 'portal:pay' 7 %}")
    before = template.render(Context())
    try:
        set_script_prefix("/under/")
        assert template.render(Context()) == "/under/ /under/contrato/7/pagar/"
    finally:
        set_script_prefix("/")
    assert template.render(Context()) == before == "/ /contrato/7/pagar/"
