"""How much memory the embedded server keeps for pages."""

import pytest

from religa.adapters.postgres import memory

GB = 1 << 30


@pytest.mark.parametrize(
    ("has", "kept"), [(GB // 2, GB // 8), (2 * GB, GB // 4), (8 * GB, GB), (64 * GB, GB)]
)
def test_pages_get_an_eighth_of_the_memory_within_bounds(has, kept):
    assert memory.for_buffers(has) == kept


def test_a_container_counts_what_it_may_use(tmp_path, monkeypatch):
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(memory, "_CGROUP", limit)
    everything = memory.for_buffers()
    limit.write_text(f"{2 * GB}\n")
    assert memory.for_buffers() == min(everything, GB // 4)
    limit.write_text("max\n")
    assert memory.for_buffers() == everything
