"""`religa staff`: the first log-in of the console, without the demo."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.test import Client

from religa.entrypoints.commands import staff
from religa.entrypoints.console.staff import ALLOWED
from religa.records.models import Provider, StaffMember
from religa.records.models.providers import ROLES

pytestmark = pytest.mark.django_db
GOOD, OTHER = "cavalo bateria grampo", "outra senha bem longa"
DOCUMENTED = Path(__file__).parents[3] / "docs" / "operators" / "running.md"


def religa(*arguments: str, types: str = "") -> Result:
    return CliRunner().invoke(staff.staff, list(arguments), input=types, catch_exceptions=False)


def opens(login: str, password: str) -> bool:
    page = Client().post("/console/entrar/", {"username": login, "password": password})
    return page.status_code == 302 and page["Location"] == "/console/"


def test_the_first_log_in_opens_the_console(provider):
    made = religa("add", "helena", "--name", "Helena Castro", "--password-stdin", types=f"{GOOD}\n")
    assert made.exit_code == 0, made.output
    assert GOOD not in made.output
    assert opens("helena", GOOD)
    member = StaffMember.objects.get()
    assert (member.role, member.provider, member.user.first_name) == ("manager", provider, "Helena Castro")
    assert not member.user.is_superuser


def test_the_password_is_asked_for_twice_and_not_shown(provider):
    made = religa("add", "ana", "--role", "agent", types=f"{GOOD}\n{GOOD}\n")
    assert made.exit_code == 0, made.output
    assert GOOD not in made.output
    assert StaffMember.objects.get().role == "agent"


@pytest.mark.parametrize(("password", "why"), [("curta", "too short"), ("password123", "too common")])
def test_a_weak_password_is_refused_with_the_reason_and_makes_nothing(provider, password, why):
    refused = religa("add", "ana", "--password-stdin", types=f"{password}\n")
    assert refused.exit_code == 1
    assert why in refused.output
    assert not StaffMember.objects.exists()


def test_a_log_in_is_made_once(provider):
    religa("add", "ana", "--password-stdin", types=GOOD)
    again = religa("add", "ana", "--password-stdin", types=OTHER)
    assert again.exit_code == 1
    assert "already" in again.output
    assert opens("ana", GOOD)


def test_a_log_in_of_strange_characters_is_refused(provider):
    refused = religa("add", "ana silva", "--password-stdin", types=GOOD)
    assert refused.exit_code == 1
    assert not StaffMember.objects.exists()


def test_another_password_takes_the_place_of_the_old(provider):
    religa("add", "ana", "--password-stdin", types=GOOD)
    assert religa("password", "ana", "--password-stdin", types=OTHER).exit_code == 0
    assert opens("ana", OTHER)
    assert not opens("ana", GOOD)
    assert religa("password", "bia", "--password-stdin", types=OTHER).exit_code == 1


def at_the_console(login: str) -> Client:
    client = Client()
    client.post("/console/entrar/", {"username": login, "password": GOOD})
    assert client.get("/console/").status_code == 200
    return client


def test_who_is_removed_is_out_at_once_and_stays_on_the_list(provider):
    religa("add", "ana", "--password-stdin", types=GOOD)
    client = at_the_console("ana")
    assert religa("remove", "ana").exit_code == 0
    assert client.get("/console/")["Location"].startswith("/console/entrar/")
    assert not opens("ana", GOOD)
    assert re.search(r"ana +manager .*removed", religa("list").output)
    assert religa("remove", "bia").exit_code == 1


def test_a_removed_log_in_is_given_to_nobody_else(provider):
    religa("add", "ana", "--password-stdin", types=GOOD)
    religa("remove", "ana")
    for refused in (("add", "ana"), ("password", "ana")):
        assert "religa staff restore ana" in religa(*refused, "--password-stdin", types=OTHER).output
    assert not opens("ana", OTHER)


def test_who_was_removed_by_mistake_is_let_in_again_with_a_new_password(provider):
    religa("add", "ana", "--password-stdin", types=GOOD)
    assert religa("restore", "ana", "--password-stdin", types=OTHER).exit_code == 1
    assert opens("ana", GOOD)
    religa("remove", "ana")
    assert religa("restore", "ana", "--password-stdin", types="curta").exit_code == 1
    assert not opens("ana", "curta")
    assert religa("restore", "ana", "--password-stdin", types=OTHER).exit_code == 0
    assert opens("ana", OTHER)
    assert "removed" not in religa("list").output


def test_another_role_counts_from_the_next_page_on(provider):
    religa("add", "ana", "--password-stdin", types=GOOD)
    client = at_the_console("ana")
    assert religa("role", "ana", "agent").exit_code == 0
    assert client.post("/console/parar/", {"reason": "teste"}).status_code == 403
    assert religa("role", "ana", "king").exit_code == 2
    assert religa("role", "bia", "agent").exit_code == 1


def test_without_a_provider_it_says_where_one_comes_from():
    refused = religa("add", "ana", "--password-stdin", types=GOOD)
    assert refused.exit_code == 1
    assert "provedor.csv" in refused.output


def test_of_several_providers_one_has_to_be_named(provider):
    second = Provider.objects.create(name="Outra Rede", cnpj="12ABC34501DE35", zone="America/Fortaleza")
    unsaid = religa("add", "ana", "--password-stdin", types=GOOD)
    assert unsaid.exit_code == 1 and "--provider" in unsaid.output
    wrong = religa("add", "ana", "--provider", "12.ABC.345/01DE-36", "--password-stdin", types=GOOD)
    assert wrong.exit_code == 1 and "mistyped" in wrong.output
    said = religa("add", "ana", "--provider", "12.ABC.345/01DE-35", "--password-stdin", types=GOOD)
    assert said.exit_code == 0, said.output
    assert StaffMember.objects.get().provider == second


def test_the_list_names_everybody(provider):
    assert "religa staff add" in religa("list").output
    religa("add", "ana", "--role", "finance", "--name", "Ana Lima", "--password-stdin", types=GOOD)
    assert re.search(r"ana +finance +Ana Lima +\(Ponte Fibra", religa("list").output)


def test_what_each_role_may_do_is_documented():
    """The table of docs/operators/running.md, against what the console asks."""
    text = DOCUMENTED.read_text(encoding="utf-8")
    header, _, *rows = text[text.index("| | `agent`") :].split("\n\n")[0].splitlines()
    roles = [cell.strip(" `") for cell in header.split("|")[2:-1]]
    cells = [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows]
    found = {
        deed: {role for role, said in zip(roles, said_of, strict=True) if said == "yes"}
        for deed, *said_of in cells
    }
    assert set(roles) == set(ROLES)
    assert found == {deed.value.replace("_", " "): allowed for deed, allowed in ALLOWED.items()}
