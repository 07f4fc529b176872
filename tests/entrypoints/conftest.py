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
def provider(now):
    import people

    return people.provider(now)


@pytest.fixture
def maria(provider, now):
    """Maria's contract is blocked since weeks."""
    import people

    contract = people.blocked(provider, now)
    people.play(now)
    return contract


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
