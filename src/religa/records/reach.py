"""By which addresses a subscriber can be reached, and which of them are closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from religa.ports.messages import EMAIL, SMS
from religa.records import channels, push, raw, templates

# What a provider has before a channel of his own was ever set up: the order in which they are tried. A legal notice may
# go by SMS then, where it only reaches the console's outbox.
SHIPPED = (EMAIL, SMS)


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in digits with country code. `whatsapp`: it is known to be there."""

    number: str
    whatsapp: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a contract's messages go to. `closed`: (channel, address) to which nothing goes any more, the channel empty
    where none may. `walled`: the contract's internet is cut, so that what needs it arrives late or never. `kind`: of
    the subscriber, person or company; `tag`: of his language. `devices`: names of those on which notices are on."""

    contract_id: int
    provider_id: int
    subscriber_id: int
    email: str
    phones: tuple[Phone, ...]
    closed: frozenset[tuple[str, str]]
    walled: bool
    channels: tuple[str, ...]
    sms_carries_notices: bool = False
    name: str = ""
    kind: str = "person"
    tag: str = "pt-br"
    devices: tuple[str, ...] = ()


def people_of(contract_ids: Sequence[int]) -> Mapping[int, Person]:
    """By contract, those that exist."""
    rows = raw.rows(_PEOPLE, [raw.ids(contract_ids)])
    of_provider = {provider: _channels(provider) for provider in {row[1] for row in rows}}
    found = {}
    for contract, provider, subscriber, email, numbers, whatsapp, closed, walled, keys, *about in rows:
        phones = tuple(Phone(*one) for one in zip(numbers or (), whatsapp or (), strict=True))
        shut = frozenset(tuple(entry.split(":", 1)) for entry in closed)
        told = tuple(map(push.name_of, keys))
        person = Person(
            contract, provider, subscriber, email, phones, shut, walled, *of_provider[provider], *about
        )
        found[contract] = replace(person, devices=told)
    return found


def _channels(provider_id: int) -> tuple[tuple[str, ...], bool]:
    """The media of a provider's channels in his order, and whether his legal notices may go by SMS."""
    if not channels.has_any(provider_id):
        return SHIPPED, True
    habits = templates.senders([provider_id])[provider_id].habits
    return tuple(row.medium for row in channels.of_provider(provider_id)), habits.sms_carries_notices


_DEVICES = push.LIVING.format(subscriber="s.id", provider="c.provider_id")
_PEOPLE = f"""
    SELECT c.id, c.provider_id, s.id, s.email, p.numbers, p.whatsapp,
           ARRAY (SELECT d.channel || ':' || d.address FROM do_not_contact d
                   WHERE d.until IS NULL AND d.address = ANY (p.numbers || s.email)),
           a.access = 'walled', ARRAY ({_DEVICES} ORDER BY p.id DESC), s.name, s.kind, s.language
      FROM contract c JOIN contract_access a ON a.contract_id = c.id JOIN subscriber s ON s.id = c.subscriber_id
      LEFT JOIN LATERAL (SELECT array_agg(number ORDER BY position, id) AS numbers,
                                array_agg(whatsapp ORDER BY position, id) AS whatsapp
                           FROM subscriber_phone WHERE subscriber_id = s.id AND wrong_at IS NULL) p ON true
     WHERE c.id = ANY (%s::bigint[])
"""


def close(addresses: Sequence[tuple[str, str]], *, why: str, at: datetime) -> None:
    """Nothing goes to these (channel, address) any more; an empty channel means none. Once is enough."""
    for channel, address in addresses:
        raw.run(
            "INSERT INTO do_not_contact (channel, address, since, why, ended_by) VALUES (%s, %s, %s, %s, '')"
            " ON CONFLICT DO NOTHING",
            [channel, address, at, why],
        )


def reopen(address: str, *, by: str, at: datetime, why: str | None = None) -> int:
    """The address may be written to again: a person has entered it anew, or (`why`) only what it was closed for has
    passed. Says how many entries that ended."""
    return raw.run(
        "UPDATE do_not_contact SET until = %s, ended_by = %s WHERE address = %s AND until IS NULL"
        " AND (%s::text IS NULL OR why = %s)",
        [at, by, address, why, why],
    )
