import pytest

pytest.register_assert_rewrite("channel_contract")
