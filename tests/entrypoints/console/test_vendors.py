"""Kinds of router: to look at, to copy, to change by a plain form."""

from __future__ import annotations

import pytest
from django.urls import reverse

from religa.domain.vendors import Purpose
from religa.entrypoints.console.vendor_forms import GROUPS
from religa.records import vendors
from religa.records.models import Nas

from ..reading import text_of
from .conftest import ROLES

pytestmark = pytest.mark.django_db


def url(name, vendor="mikrotik"):
    return reverse(f"console:{name}", args=[vendor])


def sent(vendor, **more):
    """The form as a browser would send it, untouched but for `more`."""
    data = {
        "codigo": vendor.vendor, "nome": vendor.title, "movido": vendor.moved_by, "tempo": vendor.timeout_from,
        "mostrado": vendor.shown_by, "identificado": list(vendor.identified_by), "verificado": vendor.verified,
        "visto": vendor.digest, "fazer": "salvar",
    }  # fmt: skip
    for purpose, access in GROUPS:
        rows = [t for t in vendor.templates if t.purpose is purpose and t.access is access]
        prefix = f"{purpose.value}-{access.value}"
        data |= {f"{prefix}-TOTAL_FORMS": len(rows) + 2, f"{prefix}-INITIAL_FORMS": len(rows)}
        for n, t in enumerate(rows):
            data |= {
                f"{prefix}-{n}-atributo": t.attribute, f"{prefix}-{n}-operador": t.op,
                f"{prefix}-{n}-valor": t.template, f"{prefix}-{n}-quando": t.fact.value,
            }  # fmt: skip
        for n in (len(rows), len(rows) + 1):
            data |= {f"{prefix}-{n}-atributo": "", f"{prefix}-{n}-operador": ":=", f"{prefix}-{n}-valor": "",
                     f"{prefix}-{n}-quando": ""}  # fmt: skip
    return data | more


def place(vendor, access, attribute):
    """The form's name of a row of the log-in."""
    rows = [t for t in vendor.templates if t.purpose is Purpose.LOGIN and t.access.value == access]
    return f"login-{access}-{[t.attribute for t in rows].index(attribute)}"


@pytest.fixture
def mikrotik(provider):
    return vendors.one("mikrotik")


def test_the_list_says_how_each_is_known_and_how_many_use_it(staff, provider):
    Nas.objects.create(name="BNG 1", address="10.0.0.1", vendor="huawei")
    page = text_of(staff("agent").get("/console/roteadores/tipos/"))
    assert (
        "MikroTik RouterOS, PPPoE" in page
        and "Só na documentação" in page
        and "CoA, sem derrubar a sessão" in page
    )
    assert "Huawei NE40E" in page and "Documentation only" not in page, "in the reader's language"
    assert "Diferente do original" not in page


@pytest.mark.parametrize("role", ROLES)
def test_everybody_reads_and_the_network_changes(staff, mikrotik, role):
    client = staff(role)
    page = text_of(client.get(url("vendor")))
    assert ("Copiar com outro nome" in page) is (role in {"network", "manager"})
    for name in ("vendor_edit", "vendor_copy"):
        may = role in {"network", "manager"}
        assert client.get(url(name)).status_code == (200 if may else 403)
        assert may or client.post(url(name), sent(mikrotik)).status_code == 403


def test_a_page_shows_what_a_sample_hears_in_each_state(staff, mikrotik):
    page = text_of(staff("agent").get(url("vendor")))
    for said in ("isp-active", "isp-blocked", "300000k/600000k 360000k/720000k", "512k/512k", "100.64.10.20",
                 "Mikrotik-Address-List:= isp-blocked{voice}"):  # fmt: skip
        assert said in page, said


def test_a_form_that_is_sent_untouched_changes_nothing(staff, mikrotik):
    client = staff("network")
    for known in vendors.every():
        page = client.post(url("vendor_edit", known.vendor), sent(known), follow=True)
        assert "Salvo." in text_of(page), known.vendor
        assert vendors.one(known.vendor).digest == known.digest


def test_a_change_is_saved_and_the_page_says_what_differs(staff, mikrotik):
    row = place(mikrotik, "walled", "Mikrotik-Rate-Limit")
    client = staff("network")
    page = text_of(
        client.post(url("vendor_edit"), sent(mikrotik, **{f"{row}-valor": "64k/64k"}), follow=True)
    )
    assert "Diferente do que veio com o sistema, mudado por Network" in page
    assert "A mais: Mikrotik-Rate-Limit:= 64k/64k (ao conectar, internet bloqueada)" in page
    assert "Sem: Mikrotik-Rate-Limit:= 512k/512k" in page
    assert "Diferente do original" in text_of(client.get("/console/roteadores/tipos/"))


def test_a_row_is_added_and_another_taken_away(staff, mikrotik):
    rows = [t for t in mikrotik.templates if t.access.value == "full" and t.purpose is Purpose.LOGIN]
    gone = place(mikrotik, "full", "Framed-Pool")
    new = f"login-full-{len(rows)}"
    more = {f"{gone}-DELETE": "on", f"{new}-atributo": "idle-timeout", f"{new}-valor": "7200"}
    assert staff("network").post(url("vendor_edit"), sent(mikrotik, **more)).status_code == 302
    full = [t for t in vendors.one("mikrotik").templates if t.access.value == "full"]
    assert "Framed-Pool" not in {t.attribute for t in full}
    assert (full[-1].attribute, full[-1].template) == ("Idle-Timeout", "7200"), "as the dictionary writes it"


def test_errors_stand_next_to_their_fields_and_nothing_is_saved(staff, mikrotik):
    walled, full = (
        place(mikrotik, "walled", "Mikrotik-Address-List"),
        place(mikrotik, "full", "Framed-IP-Address"),
    )
    more = {
        "nome": "",
        f"{walled}-valor": "isp-active",
        f"{walled}-quando": "",
        f"{full}-atributo": "Framed-IP-Adress",
    }
    answer = staff("network").post(url("vendor_edit"), sent(mikrotik, **more))
    page = answer.content.decode()
    assert answer.status_code == 422 and vendors.one("mikrotik") == mikrotik
    assert "Nada foi salvo." in page
    assert "Mikrotik-Address-List tem aqui o mesmo valor de quem está liberado" in page
    assert f'id="id_{full}-atributo_error">O FreeRADIUS não conhece Framed-IP-Adress' in page
    assert 'id="id_nome_error">Escreva um nome.' in page


def test_looking_saves_nothing_and_shows_what_would_be_heard(staff, mikrotik):
    row = place(mikrotik, "walled", "Mikrotik-Rate-Limit")
    more = {f"{row}-valor": "64k/64k", "fazer": "conferir"}
    answer = staff("network").post(url("vendor_edit"), sent(mikrotik, **more))
    page = text_of(answer)
    assert answer.status_code == 200 and "Está certo. Ainda não foi salvo." in page
    assert "Mikrotik-Rate-Limit:= 64k/64k" in page
    assert vendors.one("mikrotik") == mikrotik


def test_more_rows_come_by_a_button_and_keep_what_was_typed(staff, mikrotik):
    rows = sum(t.access.value == "full" and t.purpose is Purpose.LOGIN for t in mikrotik.templates)
    more = {"fazer": "linhas", f"login-full-{rows}-atributo": "Idle-Timeout"}
    page = staff("network").post(url("vendor_edit"), sent(mikrotik, **more)).content.decode()
    assert f'name="login-full-{rows + 4}-atributo"' in page and 'value="Idle-Timeout"' in page
    assert vendors.one("mikrotik") == mikrotik


def test_a_copy_gets_another_name_and_says_how_it_is_known(staff, mikrotik):
    client = staff("manager")
    assert 'value="mikrotik-2"' in client.get(url("vendor_copy")).content.decode()
    unsaid = client.post(url("vendor_copy"), sent(mikrotik, codigo="norte", verificado=""))
    assert unsaid.status_code == 422 and "Escreva como isto foi verificado" in text_of(unsaid)
    taken = client.post(url("vendor_copy"), sent(mikrotik, codigo="huawei"))
    assert "Já existe um tipo com este código." in text_of(taken)
    made = client.post(
        url("vendor_copy"), sent(mikrotik, codigo="norte", verificado="RB5009, 7.16"), follow=True
    )
    assert "RB5009, 7.16" in text_of(made) and "Diferente do que veio" not in text_of(made)
    assert vendors.one("norte").templates == mikrotik.templates
    assert "Seu" in text_of(client.get("/console/roteadores/tipos/"))


def test_the_name_of_a_kind_that_exists_is_fixed(staff, mikrotik):
    staff("manager").post(url("vendor_edit"), sent(mikrotik, codigo="other", nome="Novo nome"))
    assert vendors.one("other") is None and vendors.one("mikrotik").title == "Novo nome"


def test_two_who_change_at_once_are_told(staff, mikrotik):
    client = staff("manager")
    client.post(url("vendor_edit"), sent(mikrotik, nome="Primeiro"))
    late = client.post(url("vendor_edit"), sent(mikrotik, nome="Segundo"))
    assert "Manager mudou este tipo enquanto você escrevia" in text_of(late)
    assert vendors.one("mikrotik").title == "Primeiro"


def test_odd_forms_are_answered(staff, mikrotik):
    client = staff("manager")
    assert client.post(url("vendor_edit"), {"fazer": "salvar"}).status_code == 422
    assert (
        client.post(url("vendor_edit"), {"fazer": "linhas", "login-full-TOTAL_FORMS": "x"}).status_code == 422
    )
    huge = sent(mikrotik, **{"login-full-TOTAL_FORMS": "100000"})
    assert client.post(url("vendor_edit"), huge).status_code == 422
    assert client.post(url("vendor_edit"), sent(mikrotik, movido="teleport")).status_code == 422
    zero = sent(mikrotik, **{"login-full-0-valor": "a\0b"})
    assert client.post(url("vendor_edit"), zero).status_code == 422
    assert vendors.one("mikrotik") == mikrotik
    assert client.get(url("vendor", "nobody")).status_code == 404


def test_without_freeradius_the_page_says_that_names_were_not_checked(staff, mikrotik, monkeypatch):
    from religa import wiring

    monkeypatch.setattr(wiring, "radius_dictionary", lambda: None)
    page = staff("manager").post(url("vendor_edit"), sent(mikrotik, nome="Outro"), follow=True)
    assert "não foram conferidos no dicionário" in text_of(page)
