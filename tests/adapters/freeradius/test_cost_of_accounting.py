"""What a packet may touch: with a year of closed sessions and 100,000 live ones it has to stay cheap."""

from .town import Town

SCANS = """SELECT relname, coalesce(idx_scan, 0) + coalesce(seq_scan, 0) FROM pg_stat_user_tables
            WHERE starts_with(relname, 'session_log')"""
MOVED = "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'session_live'"
ACCOUNT = """SELECT radius.account(%s, encode(%s::text::bytea, 'hex'), encode('ana', 'hex'), '1', '127.0.0.1', '', '', '',
                                   %s, '', '', '', '', %s, '0', '1', '0', '1', '0', '')"""


def scans(town: Town) -> dict[str, int]:
    town.sql("SELECT pg_stat_force_next_flush()")
    return dict(town.sql(SCANS))  # type: ignore[arg-type]


def test_only_months_in_which_the_session_may_have_ended_are_looked_at(town: Town):
    town.sql(
        "SELECT make_session_partition((current_date - make_interval(months => m))::date)"
        " FROM generate_series(-1, 12) m"
    )
    names = [name for (name,) in town.sql("SELECT to_char(now() - make_interval(months => m), '\"session_log_\"YYYY_MM')"
                                          " FROM generate_series(2, 12) m")]  # fmt: skip
    before = scans(town)
    for number in range(10):
        for kind, lasted in (("Start", "0"), ("Interim-Update", "60"), ("Stop", "120")):
            town.sql(ACCOUNT, kind, f"cheap {number}", "100.64.9.9", lasted)
    after = scans(town)
    assert {name: after[name] - before[name] for name in names} == dict.fromkeys(names, 0)
    assert sum(after.values()) > sum(before.values())


def test_interim_updates_move_no_index(town: Town):
    """An index on what interims change (times, octets) would make each of them as dear as a Start."""
    town.sql(ACCOUNT, "Start", "hot", "100.64.9.1", "0")
    before = moved(town)
    for seconds in range(20):
        town.sql(ACCOUNT, "Interim-Update", "hot", "100.64.9.1", str(300 + seconds))
    after = moved(town)
    assert after[0] - before[0] >= 20
    assert after[1] - before[1] >= 0.9 * (after[0] - before[0])


def moved(town: Town) -> tuple[int, int]:
    town.sql("SELECT pg_stat_force_next_flush()")
    town.sql("SELECT pg_stat_clear_snapshot()")
    return town.sql(MOVED)[0]  # type: ignore[return-value]


def test_what_may_be_told_again_is_not_waited_for(town: Town):
    """Of this transaction alone: the next statement of the same connection waits again."""
    kinds = ("Start", "Interim-Update", "Stop", "Accounting-On", "Accounting-Off")
    assert [town.sql("SELECT radius.commits(%s)", kind)[0][0] for kind in kinds] == [
        "off",
        "off",
        "on",
        "on",
        "on",
    ]
    during = (
        "SELECT radius.commits('Start'), (SELECT set_config('synchronous_commit', 'on', false)) IS NOT NULL"
    )
    town.sql(during)
    (row,) = town.sql(
        f"WITH told AS MATERIALIZED ({ACCOUNT} AS answer)"
        " SELECT answer, current_setting('synchronous_commit') FROM told",
        "Interim-Update", "unwaited", "", "1",
    )  # fmt: skip
    assert row == ("kept", "off")
    assert town.sql("SHOW synchronous_commit") == [("on",)]
