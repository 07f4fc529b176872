"""People at known places of the loop, counted back from now: the doors ask the database's clock."""

from __future__ import annotations

import pytest

# Models may be imported only when Django is set up, which is after this file was read.
CHANGES_BY_ITSELF = {
    "django_session",
    "throttle",
    "axes_accessattempt",
    "axes_accesslog",
    "axes_accessfailurelog",
}


@pytest.fixture
def now(db):
    from religa.records import locks

    return locks.database_now()


@pytest.fixture
def provider(request, now):
    """The provider; with Maria's contract where a test asks for her, too."""
    import keeping
    import people
    from religa.records.models import Provider

    if "maria" not in request.fixturenames:
        return people.provider(now)
    return Provider.objects.get(pk=keeping.world("blocked", _blocked, now)[0])


def _blocked(now):
    import people

    contract = people.blocked(people.provider(now), now)
    people.play(now)
    return contract.provider_id, contract.pk


@pytest.fixture
def maria(provider):
    """Maria's contract is blocked since weeks."""
    from religa.records.models import Contract

    return Contract.objects.select_related("provider").get(provider=provider, external_id="1001")


@pytest.fixture
def tables():
    """`tables()`: a digest of every table that pages must not change by being looked at."""
    from religa.records import raw

    def digest() -> dict[str, str]:
        names = [
            name
            for (name,) in raw.rows("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
            if name not in CHANGES_BY_ITSELF
        ]
        query = "SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM \"{}\" t"
        return {name: raw.rows(query.format(name))[0][0] for name in names}

    return digest
