"""A real Redis on a free loopback port, started and killed by whoever needs it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

BINARY = shutil.which("redis-server") or shutil.which("valkey-server")
MISSING = "neither redis-server nor valkey-server is installed (Debian: apt-get install redis-server)"
WATCHED = (
    'exec 3<&0; "$0" "$@" </dev/null & server=$!; cat <&3 >/dev/null; kill -9 "$server"; wait "$server" 2>/dev/null'
)
"""Ends the server when our end of the pipe closes: also when we are killed ourselves."""


class RedisServer:
    """Keeps nothing on disk, unless `keeps`."""

    def __init__(self, *, keeps: bool = False) -> None:
        if BINARY is None:
            raise RuntimeError(MISSING)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.keeps = keeps
        self._folder = tempfile.mkdtemp(prefix="lusha-redis-")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        keep = ["--appendonly", "yes", "--appendfsync", "always"] if self.keeps else ["--appendonly", "no"]
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", self._folder, *keep]
        self._process = subprocess.Popen(
            ["sh", "-c", WATCHED, str(BINARY), *options], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
        )
        for _ in range(500):
            try:
                with socket.create_connection(("127.0.0.1", self.port), 0.2) as connection:
                    connection.sendall(b"PING\r\n")
                    if connection.recv(7) == b"+PONG\r\n":
                        return
            except OSError:
                pass
            time.sleep(0.01)
        raise RuntimeError("redis-server did not start")

    def kill(self) -> None:
        if self._process is not None:
            if self._process.stdin is not None:
                self._process.stdin.close()
            self._process.wait()
            self._process = None

    def close(self) -> None:
        self.kill()
        shutil.rmtree(Path(self._folder), ignore_errors=True)
