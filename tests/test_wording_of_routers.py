"""Every fault of a router and of its kind, every alarm and every outcome of a test has words in every language."""

import pytest

from religa.domain.coa_test import Answer, Found
from religa.domain.facts import Access
from religa.domain.routers import Router, RouterAlarm, RouterFault, RouterProblem
from religa.domain.vendors import Fault, Problem
from religa.wording import Language
from religa.wording.routers import ERROR_CAUSES, coa_test, mikrotik_command, router_alarm, router_problem
from religa.wording.vendors import vendor_problem

ROUTER = Router("BNG", "10.0.0.1", "mikrotik", coa_port=3799)


def sentences(language):
    detail = {Fault.NO_ROWS: Access.WALLED.value, Fault.COA_SAYS_NOTHING: Access.WALLED.value}
    yield from (vendor_problem(Problem(f, detail=detail.get(f, "X{up}")), language) for f in Fault)
    yield from (router_problem(RouterProblem(f, detail="10.0.0.0/24"), language) for f in RouterFault)
    yield from (router_alarm(a, language) for a in RouterAlarm)
    for answer in (*map(Answer, Found), *(Answer(Found.REFUSED, c) for c in (503, 999, *ERROR_CAUSES))):
        yield from (s for s in coa_test(answer, ROUTER, language) if s != mikrotik_command(ROUTER))


@pytest.mark.parametrize("language", Language)
def test_each_is_a_whole_sentence(language):
    for said in sentences(language):
        assert said[0].isupper() or said[0].isdigit() or said[0] == "X" or said[0] == "{", said
        assert said.endswith((".", ":", "X{up}")) and "{detail}" not in said, said


def test_languages_differ():
    spoken = [list(sentences(language)) for language in Language]
    assert len({len(one) for one in spoken}) == 1
    assert [a for a, b in zip(spoken[0], spoken[1], strict=True) if a == b] == []


def test_a_silent_mikrotik_on_another_port_is_told_both_ends():
    lines = coa_test(Answer(Found.SILENT), ROUTER)
    assert "/radius incoming set accept=yes port=3799" in lines and "1700" in lines[-1]


def test_values_with_braces_are_said_as_they_are():
    assert vendor_problem(Problem(Fault.PLACEHOLDER, detail="{up}")).startswith("{up} não vale aqui")
