"""Charges at the fake PSP: what may be made, changed, taken back and paid. Every answer is held against the standard."""

from datetime import date

import pytest
from brcode.utils import brcodeId  # starkbank-brcode: not our own reading of the manual

from religa.adapters.fakes.psp import FakePsp, NotPaid, bodies, prices
from religa.ports.money import Split

from .conftest import YEARS, client_of, cob, cobv, txid
from .standard import cases


def reasons(response) -> str:
    assert response.status_code == 400, response.text
    return " ".join(f"{v['propriedade']}: {v['razao']}" for v in response.json()["violacoes"])


def test_a_charge_comes_back_as_it_was_made(api):
    made = api.put(f"/cobv/{txid(1)}", json=cobv(solicitacaoPagador="Internet de dezembro"))
    assert made.status_code == 201
    said = api.get(f"/cobv/{txid(1)}").json()
    assert said == made.json()
    assert (said["status"], said["revisao"], said["txid"]) == ("ATIVA", 0, txid(1))
    assert said["calendario"] == {
        "criacao": "2026-12-01T15:00:00.000Z",
        "dataDeVencimento": "2026-12-10",
        "validadeAposVencimento": 30,
    }
    assert said["solicitacaoPagador"] == "Internet de dezembro" and "pix" not in said


@pytest.mark.parametrize("kind", ["cob", "cobv"])
def test_the_code_points_to_the_location_and_others_can_read_it(api, kind):
    said = api.put(f"/{kind}/{txid(1)}", json=cobv() if kind == "cobv" else cob()).json()
    read = brcodeId.jsonFromBrcode(said["pixCopiaECola"])
    assert read["26"] == {"00": "br.gov.bcb.pix", "25": said["loc"]["location"]}
    assert read["62"] == {"05": "***"} and read["59"] == "Provedor Ficticio Ltda"
    assert len(said["loc"]["location"]) <= 77


@pytest.mark.parametrize("number", range(21))
def test_bodies_are_taken_and_refused_as_the_standard_has_it(number):
    # The cases say what the schema takes; here our own rules judge, without any library.
    case = cases()[number]
    keys = {"5f84a4c5-c5cb-4599-9f13-7eb4d419dacc"}
    found = bodies.violations("cobv", case["body"], created_on=date(2026, 12, 1), keys=keys)
    bad_txid = not bodies.TXID.fullmatch(case["txid"])
    assert (not found and not bad_txid) == case["valid"], (case["name"], found)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"devedor": {"cpf": "12345678909", "cnpj": "12ABC34501DE35", "nome": "A"}}, "nunca ambos"),
        ({"devedor": {"cpf": "123.456.789-09", "nome": "A"}}, "devedor.cpf"),
        ({"devedor": {"cpf": "12345678909"}}, "devedor.nome"),
        ({"devedor": "Ana"}, "cobv.devedor"),
        ({"valor": {"original": "0.00"}}, "zero"),
        ({"valor": {"original": "99.9"}}, "valor.original"),
        ({"valor": {"original": 99.90}}, "valor.original"),
        ({"valor": {"juros": {"modalidade": 9, "valorPerc": "1.00"}}}, "valor.juros"),
        ({"valor": {"multa": {"modalidade": "2", "valorPerc": "1.00"}}}, "valor.multa"),
        ({"valor": {"abatimento": {"modalidade": 1, "valorPerc": "99.90"}}}, "abatimento"),
        ({"valor": {"abatimento": {"modalidade": 2, "valorPerc": "100.00"}}}, "abatimento"),
        ({"valor": {"desconto": {"modalidade": 3}}}, "valor.desconto"),
        ({"valor": {"desconto": {"modalidade": 1, "valorPerc": "1.00"}}}, "descontoDataFixa"),
        ({"valor": {"desconto": {"modalidade": 1, "descontoDataFixa": []}}}, "descontoDataFixa"),
        (
            {
                "valor": {
                    "desconto": {
                        "modalidade": 1,
                        "descontoDataFixa": [{"data": "2026-12-11", "valorPerc": "1.00"}],
                    }
                }
            },
            "posterior ao vencimento",
        ),
        ({"chave": "outra@chave.example"}, "não pertence"),
        ({"solicitacaoPagador": "x" * 141}, "solicitacaoPagador"),
        ({"infoAdicionais": [{"nome": "a" * 51, "valor": "b"}]}, "infoAdicionais"),
        ({"calendario": {"dataDeVencimento": "2026-11-30"}}, "anterior à data de criação"),
        ({"calendario": {"dataDeVencimento": "2026-02-30"}}, "dataDeVencimento"),
        (
            {"calendario": {"dataDeVencimento": "2026-12-10", "validadeAposVencimento": -1}},
            "validadeAposVencimento",
        ),
        ({"loc": {"id": 77}}, "location"),
    ],
)
def test_a_breach_is_named_with_its_field(api, change, said):
    valor = change.pop("valor", {})
    refused = api.put(f"/cobv/{txid(1)}", json=cobv(valor=valor, **change))
    assert said in reasons(refused)
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"] == "https://pix.bcb.gov.br/api/v2/error/CobVOperacaoInvalida"
    assert api.get(f"/cobv/{txid(1)}").status_code == 404


def test_what_is_no_json_object_is_refused(api):
    for content in (b"", b"{", b"[]", b'"x"', b"\xff\xfe"):
        assert "objeto JSON" in reasons(api.put(f"/cobv/{txid(1)}", content=content))


def test_a_bill_that_is_due_today_in_brazil_may_be_made_late_in_the_evening(api, clock):
    clock.on("2026-12-01", 22)  # tomorrow already in UTC
    assert api.put(f"/cobv/{txid(1)}", json=cobv("2026-12-01")).status_code == 201


@pytest.mark.parametrize("bad", ["a" * 25, "a" * 36, "a-b" * 10])
def test_a_txid_has_26_to_35_letters_and_digits(api, bad):
    assert "txid" in reasons(api.put(f"/cobv/{bad}", json=cobv()))


def test_a_repeated_put_is_the_same_charge(api):
    first = api.put(f"/cobv/{txid(1)}", json=cobv())
    again = api.put(f"/cobv/{txid(1)}", json=cobv())
    assert again.status_code == 201 and again.json() == first.json()


def test_a_put_with_other_contents_revises_what_is_active(api):
    api.put(f"/cobv/{txid(1)}", json=cobv())
    again = api.put(f"/cobv/{txid(1)}", json=cobv(amount="50.00")).json()
    assert (again["revisao"], again["valor"]["original"]) == (1, "50.00")


def test_where_the_psp_refuses_repeats_the_charge_can_still_be_read(api, psp: FakePsp):
    psp.misbehave(refuse_repeats=True)
    api.put(f"/cobv/{txid(1)}", json=cobv())
    assert api.put(f"/cobv/{txid(1)}", json=cobv()).status_code == 409
    assert api.get(f"/cobv/{txid(1)}").json()["revisao"] == 0


def test_a_txid_serves_once_for_both_kinds(api):
    api.put(f"/cobv/{txid(1)}", json=cobv())
    assert "em uso" in reasons(api.put(f"/cob/{txid(1)}", json=cob()))
    assert api.get(f"/cob/{txid(1)}").status_code == 404


def test_a_removed_txid_never_serves_again(api):
    api.put(f"/cobv/{txid(1)}", json=cobv())
    gone = api.patch(f"/cobv/{txid(1)}", json={"status": "REMOVIDA_PELO_USUARIO_RECEBEDOR"})
    assert (gone.status_code, gone.json()["status"], gone.json()["revisao"]) == (
        200,
        "REMOVIDA_PELO_USUARIO_RECEBEDOR",
        1,
    )
    assert "não está ATIVA" in reasons(api.put(f"/cobv/{txid(1)}", json=cobv()))
    assert "em uso" in reasons(api.put(f"/cob/{txid(1)}", json=cob()))


def test_a_change_raises_the_revision_and_keeps_the_printed_code(api):
    made = api.put(f"/cobv/{txid(1)}", json=cobv()).json()
    changed = api.patch(f"/cobv/{txid(1)}", json={"valor": {"original": "80.00"}}).json()
    assert changed["revisao"] == 1 and changed["pixCopiaECola"] == made["pixCopiaECola"]
    assert changed["valor"] == {**made["valor"], "original": "80.00"}
    assert changed["calendario"] == made["calendario"]
    assert api.get(f"/cobv/{txid(1)}", params={"revisao": 0}).json()["valor"]["original"] == "99.90"
    assert "revisao" in reasons(api.get(f"/cobv/{txid(1)}", params={"revisao": 2}))


def test_a_change_is_held_against_the_whole_charge(api):
    api.put(f"/cobv/{txid(1)}", json=cobv(valor={"abatimento": {"modalidade": 1, "valorPerc": "50.00"}}))
    assert "abatimento" in reasons(api.patch(f"/cobv/{txid(1)}", json={"valor": {"original": "50.00"}}))
    assert api.get(f"/cobv/{txid(1)}").json()["revisao"] == 0


def test_a_due_date_may_not_move_before_the_day_of_creation(api, clock):
    api.put(f"/cobv/{txid(1)}", json=cobv())
    clock.on("2026-12-05")
    moved = {"calendario": {"dataDeVencimento": "2026-12-02"}}
    assert api.patch(f"/cobv/{txid(1)}", json=moved).status_code == 200
    moved = {"calendario": {"dataDeVencimento": "2026-11-30"}}
    assert "anterior" in reasons(api.patch(f"/cobv/{txid(1)}", json=moved))


def test_a_removal_carries_no_other_change(api):
    api.put(f"/cobv/{txid(1)}", json=cobv())
    both = {"status": "REMOVIDA_PELO_USUARIO_RECEBEDOR", "valor": {"original": "1.00"}}
    assert "outras alterações" in reasons(api.patch(f"/cobv/{txid(1)}", json=both))
    assert "status" in reasons(api.patch(f"/cobv/{txid(1)}", json={"status": "CONCLUIDA"}))
    assert api.get(f"/cobv/{txid(1)}").json()["status"] == "ATIVA"


def test_a_paid_charge_is_final(api, psp: FakePsp, charged):
    psp.pay(charged())
    for change in ({"valor": {"original": "1.00"}}, {"status": "REMOVIDA_PELO_USUARIO_RECEBEDOR"}):
        assert "CONCLUIDA" in api.patch(f"/cobv/{txid(1)}", json=change).text
    said = api.get(f"/cobv/{txid(1)}").json()
    assert said["status"] == "CONCLUIDA" and [pix["valor"] for pix in said["pix"]] == ["99.90"]
    assert psp.pay(txid(1)) is NotPaid.CONCLUDED


def test_who_was_about_to_pay_a_removed_charge_finds_it_gone(api, psp: FakePsp, charged):
    api.patch(f"/cobv/{charged()}", json={"status": "REMOVIDA_PELO_USUARIO_RECEBEDOR"})
    assert psp.pay(txid(1)) is NotPaid.REMOVED
    assert psp.pay(txid(2)) is NotPaid.UNKNOWN
    late = psp.pay(txid(1), anyway=True)  # it was on its way before
    assert not isinstance(late, NotPaid)
    said = api.get(f"/cobv/{txid(1)}").json()
    assert said["status"] == "REMOVIDA_PELO_USUARIO_RECEBEDOR" and said["pix"][0]["endToEndId"] == late.id


def test_the_psp_may_take_a_charge_back_by_itself(api, psp: FakePsp, charged):
    psp.remove_by_psp(charged())
    assert api.get(f"/cobv/{txid(1)}").json()["status"] == "REMOVIDA_PELO_PSP"


# the examples A to G of `validadeAposVencimento` in openapi.yaml
@pytest.mark.parametrize(
    ("due", "payable", "last"),
    [
        ("2020-10-20", 4, "2020-10-26"),
        ("2020-12-25", 0, "2020-12-28"),
        ("2020-12-25", 1, "2020-12-29"),
        ("2020-12-25", 3, "2020-12-31"),
        ("2020-12-25", 4, "2021-01-04"),
        ("2021-08-27", 5, "2021-09-01"),
        ("2021-08-28", 5, "2021-09-06"),
    ],
)
def test_a_bill_may_be_paid_until_the_last_day_of_the_standards_examples(
    api, psp: FakePsp, clock, due, payable, last
):
    clock.on("2020-10-01")
    body = cobv(calendario={"dataDeVencimento": due, "validadeAposVencimento": payable})
    assert api.put(f"/cobv/{txid(1)}", json=body).status_code == 201
    assert psp.last_day(txid(1)) == date.fromisoformat(last)
    clock.on(last, 23)
    assert not isinstance(psp.ledger.payable(txid(1), at=clock()), NotPaid)
    clock.pass_(hours=1)
    assert psp.pay(txid(1)) is NotPaid.EXPIRED


def test_an_immediate_charge_expires_after_its_seconds(api, psp: FakePsp, clock):
    api.put(f"/cob/{txid(1)}", json=cob(seconds=600))
    clock.pass_(seconds=599)
    assert not isinstance(psp.ledger.payable(txid(1), at=clock()), NotPaid)
    clock.pass_(seconds=1)
    assert psp.pay(txid(1)) is NotPaid.EXPIRED
    assert api.get(f"/cob/{txid(1)}").json()["status"] == "ATIVA"  # the status does not say so


def test_a_posted_charge_gets_its_txid_from_the_psp(api):
    first, second = (api.post("/cob", json=cob()).json() for _ in range(2))
    assert first["txid"] != second["txid"]
    assert api.get(f"/cob/{first['txid']}").json() == first


def test_what_an_overdue_charge_costs_is_told_in_its_parts(api, psp: FakePsp, charged):
    pix = psp.pay(charged(), split=Split(original=99_90, fine=1_99, interest=3))
    assert not isinstance(pix, NotPaid) and pix.amount == 101_92
    parts = api.get(f"/pix/{pix.id}").json()["componentesValor"]
    assert parts == {"original": {"valor": "99.90"}, "multa": {"valor": "1.99"}, "juros": {"valor": "0.03"}}
    with pytest.raises(ValueError, match="cannot be paid as"):
        psp.pay(charged(2), 100, split=Split(original=99))


INTEREST = {"juros": {"modalidade": 3, "valorPerc": "1.00"}}


@pytest.mark.parametrize(
    ("day", "cost"), [("2026-12-10", "99.90"), ("2026-12-11", "101.92"), ("2027-01-09", "102.88")]
)
def test_an_overdue_charge_costs_what_the_manual_says(api, psp: FakePsp, clock, charged, day, cost):
    charged(valor=INTEREST)
    clock.on(day)
    psp.pay(txid(1))
    assert api.get(f"/cobv/{txid(1)}").json()["pix"][0]["valor"] == cost


def test_a_discount_that_eats_the_whole_charge_leaves_nothing_to_pay(psp: FakePsp, charged):
    charged(valor={"desconto": {"modalidade": 3, "valorPerc": "20.00"}})  # a day, nine days before
    assert psp.pay(txid(1)) is NotPaid.NOTHING_LEFT


def test_another_rule_for_late_charges_can_be_given(clock):
    with FakePsp(now=clock, price=prices.face_value, token_seconds=YEARS) as psp, client_of(psp) as api:
        api.put(f"/cobv/{txid(1)}", json=cobv())
        clock.on("2026-12-11")
        pix = psp.pay(txid(1))
        assert not isinstance(pix, NotPaid) and pix.split == Split(original=99_90)


@pytest.mark.parametrize("kind", ["cob", "cobv"])
def test_charges_are_listed_by_the_period_of_their_creation(api, clock, kind):
    body = cobv("2026-12-30") if kind == "cobv" else cob()
    for number in range(5):
        api.put(f"/{kind}/{txid(number)}", json=body)
        clock.pass_(hours=1)
    period = {"inicio": "2026-12-01T16:00:00Z", "fim": "2026-12-01T18:00:00Z"}
    said = api.get(f"/{kind}", params=period).json()
    assert [charge["txid"] for charge in said["cobs"]] == [txid(1), txid(2), txid(3)]
    api.patch(f"/{kind}/{txid(2)}", json={"status": "REMOVIDA_PELO_USUARIO_RECEBEDOR"})
    said = api.get(
        f"/{kind}",
        params={**period, "status": "ATIVA", "paginacao.itensPorPagina": 1, "paginacao.paginaAtual": 1},
    )
    assert [charge["txid"] for charge in said.json()["cobs"]] == [txid(3)]
    assert said.json()["parametros"]["paginacao"]["quantidadeTotalDeItens"] == 2


def test_charges_are_listed_by_their_debtor(api):
    api.put(f"/cobv/{txid(1)}", json=cobv())
    api.put(f"/cobv/{txid(2)}", json=cobv(devedor={"cnpj": "12ABC34501DE35", "nome": "Padaria"}))
    period = {"inicio": "2026-12-01T00:00:00Z", "fim": "2026-12-02T00:00:00Z"}
    found = api.get("/cobv", params={**period, "cnpj": "12ABC34501DE35"}).json()["cobs"]
    assert [charge["txid"] for charge in found] == [txid(2)]
