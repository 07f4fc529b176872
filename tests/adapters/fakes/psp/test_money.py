"""Pix received and devoluções, as the API tells of them."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from religa.adapters.fakes.psp import KEY, FakePsp, NotPaid
from religa.adapters.fakes.psp.deeds import WEEKENDS_ONLY
from religa.adapters.fakes.psp.ledger import Ledger, Payee, Problem
from religa.adapters.fakes.psp.prices import total
from religa.domain import pix_ids

from .conftest import TUESDAY, cobv, txid
from .test_charges import reasons

ALL_DAY = {"inicio": "2026-12-01T00:00:00Z", "fim": "2026-12-31T00:00:00Z"}


def test_a_pix_has_an_id_as_the_manual_writes_it(api, psp: FakePsp, charged):
    pix = psp.pay(charged(), info="obrigada")
    assert not isinstance(pix, NotPaid)
    assert re.fullmatch(r"E00000000202612011500[0-9A-Z]{11}", pix.id)
    assert api.get(f"/pix/{pix.id}").json() == {
        "endToEndId": pix.id,
        "txid": txid(1),
        "valor": "99.90",
        "chave": KEY,
        "horario": "2026-12-01T15:00:00.000Z",
        "componentesValor": {"original": {"valor": "99.90"}},
        "infoPagador": "obrigada",
    }
    assert api.get(f"/pix/{pix.id.lower()}").status_code == 404  # ids are case sensitive


def test_ids_are_the_same_in_every_run_and_unlike_within_one():
    def run(seed: str) -> list[str]:
        ledger = Ledger(Payee(), (KEY,), WEEKENDS_ONLY, seed=seed)
        return [ledger.receive(100, at=TUESDAY, key=KEY).id for _ in range(50)]

    assert run("a") == run("a") and len(set(run("a") + run("b"))) == 100
    read = pix_ids.read_end_to_end_id(run("a")[0])
    assert isinstance(read, pix_ids.PixId) and read.ispb == "00000000"


def test_a_transfer_to_the_key_has_no_txid(api, psp: FakePsp):
    pix = psp.pay_key(50_00)
    said = api.get(f"/pix/{pix.id}").json()
    assert "txid" not in said and said["valor"] == "50.00"
    assert [
        p["endToEndId"] for p in api.get("/pix", params={**ALL_DAY, "txIdPresente": "false"}).json()["pix"]
    ] == [pix.id]


def test_two_pix_may_come_on_one_charge(api, psp: FakePsp, charged):
    psp.misbehave(twice=True)
    psp.pay(charged())
    paid = api.get(f"/cobv/{txid(1)}").json()["pix"]
    assert len({pix["endToEndId"] for pix in paid}) == 2 and {pix["valor"] for pix in paid} == {"99.90"}


def test_received_pix_come_in_pages_in_order_of_time(api, psp: FakePsp):
    late = psp.pay_key(3, at=datetime(2026, 12, 1, 12, 0, 3, tzinfo=UTC))
    ids = [psp.pay_key(n + 1, at=datetime(2026, 12, 1, 12, 0, n, tzinfo=UTC)).id for n in range(3)]
    ids = sorted([*ids, late.id], key=lambda id: (psp.ledger.pix[id].at, id))
    seen, page, pages = [], 0, 1
    while page < pages:
        query = {**ALL_DAY, "paginacao.paginaAtual": page, "paginacao.itensPorPagina": 3}
        said = api.get("/pix", params=query).json()
        pages = said["parametros"]["paginacao"]["quantidadeDePaginas"]
        seen += [pix["endToEndId"] for pix in said["pix"]]
        page += 1
    assert seen == ids and pages == 2
    assert api.get("/pix", params={**ALL_DAY, "paginacao.paginaAtual": 9}).json()["pix"] == []


def test_both_ends_of_a_period_belong_to_it(api, psp: FakePsp):
    pix = psp.pay_key(100)
    moment = "2026-12-01T15:00:00Z"
    assert [
        p["endToEndId"] for p in api.get("/pix", params={"inicio": moment, "fim": moment}).json()["pix"]
    ] == [pix.id]
    after = {"inicio": "2026-12-01T12:00:00.001-03:00", "fim": ALL_DAY["fim"]}
    assert api.get("/pix", params=after).json()["pix"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "inicio"),
        ({"inicio": "2026-12-01", "fim": "2026-12-02T00:00:00Z"}, "inicio"),
        ({"inicio": "2026-12-01T00:00:00", "fim": "2026-12-02T00:00:00Z"}, "inicio"),
        ({"inicio": "2026-12-02T00:00:00Z", "fim": "2026-12-01T00:00:00Z"}, "fim"),
        ({**ALL_DAY, "paginacao.paginaAtual": "-1"}, "paginacao.paginaAtual"),
        ({**ALL_DAY, "paginacao.itensPorPagina": "1001"}, "paginacao.itensPorPagina"),
        ({**ALL_DAY, "cpf": "12345678909", "cnpj": "12ABC34501DE35"}, "cpf"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused(api, query, field):
    assert f"{field}:" in reasons(api.get("/pix", params=query))


def test_an_end_in_the_future_is_refused_where_the_psp_is_that_strict(api, psp: FakePsp):
    period = {"inicio": "2026-12-01T00:00:00Z", "fim": "2026-12-01T15:00:01Z"}
    assert api.get("/pix", params=period).status_code == 200
    psp.misbehave(refuse_future=True)
    assert "futuro" in reasons(api.get("/pix", params=period))
    assert api.get("/pix", params={**period, "fim": "2026-12-01T15:00:00Z"}).status_code == 200


def test_pix_are_found_by_txid_payer_and_devolucao(api, psp: FakePsp, charged):
    ana = psp.pay(charged(1), payer={"cpf": "12345678909", "nome": "Ana"})
    bia = psp.pay(charged(2))
    assert not isinstance(ana, NotPaid) and not isinstance(bia, NotPaid)
    psp.give_back(bia.id)

    def found(**query: str) -> list[str]:
        return [pix["endToEndId"] for pix in api.get("/pix", params={**ALL_DAY, **query}).json()["pix"]]

    assert found(txid=txid(1)) == found(cpf="12345678909") == found(devolucaoPresente="false") == [ana.id]
    assert found(devolucaoPresente="true") == [bia.id]


# devoluções


@pytest.fixture
def pix(psp: FakePsp, charged):
    paid = psp.pay(charged())
    assert not isinstance(paid, NotPaid)
    return paid


def test_money_can_be_given_back_in_parts_but_not_more_than_came(api, pix):
    first = api.put(f"/pix/{pix.id}/devolucao/D1", json={"valor": "90.00", "descricao": "cobrado a mais"})
    assert first.status_code == 201 and first.json()["status"] == "DEVOLVIDO"
    assert re.fullmatch(r"D00000000202612011500[0-9A-Z]{11}", first.json()["rtrId"])
    assert "excede" in reasons(api.put(f"/pix/{pix.id}/devolucao/D2", json={"valor": "9.91"}))
    assert api.put(f"/pix/{pix.id}/devolucao/D2", json={"valor": "9.90"}).status_code == 201
    assert api.get(f"/pix/{pix.id}/devolucao/D1").json() == first.json()
    assert [one["valor"] for one in api.get(f"/pix/{pix.id}").json()["devolucoes"]] == ["90.00", "9.90"]


def test_an_id_gives_back_once(api, pix):
    api.put(f"/pix/{pix.id}/devolucao/D1", json={"valor": "1.00"})
    assert "já foi utilizado" in reasons(api.put(f"/pix/{pix.id}/devolucao/D1", json={"valor": "1.00"}))
    assert api.get(f"/pix/{pix.id}/devolucao/D1").json()["valor"] == "1.00"


@pytest.mark.parametrize(
    "body", [{}, {"valor": "0.00"}, {"valor": 1}, {"valor": "1.00", "natureza": "MED_FRAUDE"}, []], ids=str
)
def test_a_devolucao_that_makes_no_sense_is_refused(api, pix, body):
    assert "não respeita" in reasons(api.put(f"/pix/{pix.id}/devolucao/D1", json=body))
    assert api.get(f"/pix/{pix.id}/devolucao/D1").status_code == 404


def test_after_ninety_days_nothing_can_be_given_back(api, pix, clock):
    clock.pass_(days=90)
    assert api.put(f"/pix/{pix.id}/devolucao/D1", json={"valor": "1.00"}).status_code == 201
    clock.pass_(seconds=1)
    assert "90 dias" in reasons(api.put(f"/pix/{pix.id}/devolucao/D2", json={"valor": "1.00"}))


def test_a_devolucao_may_take_its_time_and_fail(api, psp: FakePsp, pix):
    psp.misbehave(returns_end="EM_PROCESSAMENTO")
    asked = api.put(f"/pix/{pix.id}/devolucao/D1", json={"valor": "99.90"}).json()
    assert asked["status"] == "EM_PROCESSAMENTO" and "liquidacao" not in asked["horario"]
    psp.settle_return(pix.id, "D1", "NAO_REALIZADO")
    said = api.get(f"/pix/{pix.id}/devolucao/D1").json()
    assert said["status"] == "NAO_REALIZADO" and said["motivo"]
    with pytest.raises(ValueError, match="final"):
        psp.settle_return(pix.id, "D1", "DEVOLVIDO")
    assert (
        api.put(f"/pix/{pix.id}/devolucao/D2", json={"valor": "99.90"}).status_code == 201
    )  # its money is free again


@pytest.mark.parametrize("nature", ["MED_FRAUDE", "MED_OPERACIONAL", "MED_PIX_AUTOMATICO"])
def test_the_payers_bank_may_take_money_back(api, psp: FakePsp, pix, nature):
    psp.give_back(pix.id, 40_00, nature=nature)
    (said,) = api.get(f"/pix/{pix.id}").json()["devolucoes"]
    assert (said["natureza"], said["valor"], said["status"]) == (nature, "40.00", "DEVOLVIDO")
    for wrong in ({"amount": 59_91}, {"nature": "MED"}, {"status": "FEITO"}, {"amount": 0}):
        with pytest.raises(ValueError):
            psp.give_back(pix.id, **wrong)
    with pytest.raises(LookupError):
        psp.give_back("E" * 32)
    assert len(psp.received(pix.id).returns) == 1


# any story

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from(["10.00", "20.00", "0.00"])),
        st.tuples(st.just("patch"), st.sampled_from(["10.00", "30.00"])),
        st.tuples(st.just("remove")),
        st.tuples(st.just("pay")),
        st.tuples(st.just("anyway")),
    ),
    max_size=12,
)


@settings(max_examples=60)
@given(STEPS)
def test_whatever_happens_a_charge_that_ended_stays_ended_and_revisions_only_rise(steps):
    ledger = Ledger(Payee(), (KEY,), WEEKENDS_ONLY)
    seen: list[tuple[str, int]] = []
    for step in steps:
        _do(ledger, *step)
        if txid(1) in ledger.charges:
            charge = ledger.charges[txid(1)]
            seen.append((charge.status, len(charge.revisions)))
            assert sum(pix.amount for pix in charge.pix) == sum(pix.amount for pix in ledger.pix.values())
            assert (charge.status == "CONCLUIDA") <= bool(charge.pix)
    assert [revision for _, revision in seen] == sorted(revision for _, revision in seen)
    ended = [status for status, _ in seen if status != "ATIVA"]
    assert len(set(ended)) <= 1 and [s for s, _ in seen][len(seen) - len(ended) :] == ended


def _do(ledger: Ledger, what: str, amount: str = "") -> None:
    if what == "put":
        ledger.put("cobv", txid(1), cobv(amount=amount), at=TUESDAY)
    elif what == "patch":
        ledger.patch("cobv", txid(1), {"valor": {"original": amount}}, at=TUESDAY)
    elif what == "remove":
        ledger.patch("cobv", txid(1), {"status": "REMOVIDA_PELO_USUARIO_RECEBEDOR"}, at=TUESDAY)
    else:
        charge = ledger.charges.get(txid(1)) if what == "anyway" else ledger.payable(txid(1), at=TUESDAY)
        if charge is not None and not isinstance(charge, NotPaid):
            assert ledger.pay(charge, at=TUESDAY).amount == total(ledger.costs(charge, at=TUESDAY))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["1.00", "2026-12-10"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "calendario",
                    "valor",
                    "original",
                    "devedor",
                    "chave",
                    "loc",
                    "id",
                    "status",
                    "desconto",
                    "multa",
                ]
                + [
                    "modalidade",
                    "descontoDataFixa",
                    "valorPerc",
                    "data",
                    "dataDeVencimento",
                    "infoAdicionais",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=100)
@given(JSON, st.sampled_from(["cob", "cobv"]))
def test_any_body_is_taken_or_refused_and_never_breaks_the_bank(body, kind):
    ledger = Ledger(Payee(), (KEY,), WEEKENDS_ONLY)
    if isinstance(ledger.put(kind, txid(1), body, at=TUESDAY), Problem):
        assert not ledger.charges
    ledger.put(
        kind,
        txid(2),
        {**cobv(), "calendario": {"dataDeVencimento": "2026-12-10", "expiracao": 9}},
        at=TUESDAY,
    )
    before = ledger.charges[txid(2)].body
    if isinstance(ledger.patch(kind, txid(2), body, at=TUESDAY), Problem):
        assert ledger.charges[txid(2)].body == before
