"""`religa fake-psp`: a process of its own that others can ask and pay."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

COMMAND = [sys.executable, "-m", "religa.entrypoints.commands.main", "fake-psp", "--port"]
NO_DATABASE = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}


@pytest.fixture
def process(monkeypatch) -> Iterator[subprocess.Popen[str]]:
    monkeypatch.setenv(*next(iter(NO_DATABASE.items())))
    command = [*COMMAND, "0", "--key", "pix@isp.example", "--payee", "Sertão Net"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def test_it_serves_without_a_database_until_it_is_stopped(process):
    said = process.stdout.readline()
    found = re.fullmatch(r"API Pix: (\S+)/api  tokens: (\S+)  key: pix@isp.example\n", said)
    assert found, said
    root, token_url = found.groups()
    with httpx.Client() as client:
        grant = {"grant_type": "client_credentials"}
        token = client.post(token_url, data=grant, auth=("religa", "segredo")).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        body = {"calendario": {"expiracao": 60}, "valor": {"original": "1.00"}, "chave": "pix@isp.example"}
        made = client.post(f"{root}/api/cob", json=body, headers=headers).json()
        assert "Sertao Net" in made["pixCopiaECola"]
        assert "Sertão Net" in client.get(f"{root}/_fake/pagar/{made['txid']}").text
        taken = subprocess.run([*COMMAND, root.rpartition(":")[2]], capture_output=True, text=True)
        assert taken.returncode == 1 and "Cannot listen on 127.0.0.1:" in taken.stderr
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
