"""How hard hypothesis looks. CI repeats the same cases; to look for new ones, and at more of them:

pytest tests/domain/properties -n 2 --hypothesis-profile=explore
"""

import pytest
from hypothesis import HealthCheck, Phase, settings

# Without the phase `explain`: it traces every line, which makes all cases slow for the sake of a failing one.
_COMMON = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)

settings.register_profile("ci", _COMMON, max_examples=160, derandomize=True, print_blob=True)
settings.register_profile("explore", _COMMON, max_examples=10_000, derandomize=False)
settings.register_profile(
    "seconds", _COMMON, max_examples=40, derandomize=True, print_blob=True
)  # ./test domain
settings.register_profile(  # for mutants: the first failure is enough, nobody reads it
    "quick", _COMMON, max_examples=150, derandomize=True, phases=[Phase.explicit, Phase.generate]
)


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("hypothesis_profile", None) is None:
        settings.load_profile("ci")
