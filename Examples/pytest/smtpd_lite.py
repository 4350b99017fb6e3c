"""A pytest fixture that gives each test a mail server of its own.

Copy this file beside your tests and name it in conftest.py:

    pytest_plugins = ["smtpd_lite"]

A test that takes the fixture `smtpd` sends mail to `smtpd.host`:`smtpd.port` and looks at what arrived:

    def test_welcome(smtpd):
        send_welcome("ann@example.net", smtpd.host, smtpd.port)
        [message] = smtpd.messages(1)
        assert message.envelope_to == ["ann@example.net"]
        assert message.subject == "Welcome"

`smtpd` is one server with its defaults. For options, use the fixture `smtpd_factory`:

    def test_refused(smtpd_factory):
        smtpd = smtpd_factory("--reject-rcpt", "^bob@=550 5.1.1 No such user")

Environment: SMTPD_LITE names the program; without it, smtpd-lite is looked up in PATH. Python 3.8 or later, no other package than pytest.
"""

import base64
import email
import email.policy
import json
import os
import subprocess
import tempfile
import threading
import time

import pytest


class Message:
    """A message that the server has stored.

    `record` is the whole JSON object that smtpd-lite wrote (docs/message-json.md).
    """

    def __init__(self, record):
        self.record = record
        self.envelope_from = record["envelope"]["from"]
        self.envelope_to = [one["address"] for one in record["envelope"]["to"]]
        self.raw = base64.b64decode(record["raw_base64"])
        #: the message as the standard library's email.message.EmailMessage
        self.email = email.message_from_bytes(self.raw, policy=email.policy.default)

    @property
    def subject(self):
        return self.email["Subject"]

    @property
    def text(self):
        """The text that a mail reader would show first, or None."""
        part = self.email.get_body(("plain", "html"))
        return part.get_content() if part else None

    def __repr__(self):
        return "<Message from %s to %s: %r>" % (self.envelope_from, ", ".join(self.envelope_to), self.subject)


class Server:
    """A running smtpd-lite. Use it as a context manager, or through the fixtures."""

    def __init__(self, *options, program=None):
        self._folder = tempfile.TemporaryDirectory()
        self._file = os.path.join(self._folder.name, "mail.jsonl")
        self._lines = []
        command = [program or os.environ.get("SMTPD_LITE", "smtpd-lite"), "-l", "127.0.0.1:0", "--json", self._file, *options]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace")
        self.host, self.port = "127.0.0.1", None
        for line in self._process.stderr:
            self._lines.append(line.rstrip("\n"))
            if line.startswith("listening "):
                self.port = int(line.rsplit(":", 1)[1])
                break
        if self.port is None:
            raise RuntimeError("smtpd-lite did not start: " + (" / ".join(self._lines) or "no message"))
        # A pipe that nobody reads would fill up.
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self._process.stderr:
            self._lines.append(line.rstrip("\n"))

    @property
    def log(self):
        """The lines that the server wrote to standard error, such as refusals."""
        return list(self._lines)

    def messages(self, count=None, timeout=10.0):
        """The messages so far; with `count`, waits until there are as many.

        A message is in the file before the client gets its 250, so a test that has sent its mail need not wait.
        """
        limit = time.monotonic() + timeout
        while True:
            stored = self._stored()
            if count is None or len(stored) >= count:
                return stored
            if time.monotonic() > limit:
                raise AssertionError("%d of %d messages arrived within %g s; the server said: %s" % (
                    len(stored), count, timeout, " / ".join(self._lines[1:]) or "nothing"))
            time.sleep(0.02)

    def _stored(self):
        if not os.path.exists(self._file):
            return []
        with open(self._file, "rb") as file:
            # The last line may be half written.
            return [Message(json.loads(line)) for line in file if line.endswith(b"\n")]

    def stop(self):
        """Ends the server; asserts that it ended as it should."""
        if self._process.poll() is None:
            self._process.terminate()
        status = self._process.wait(timeout=20)
        self._reader.join(timeout=5)
        self._process.stderr.close()
        self._folder.cleanup()
        assert status == 0, "smtpd-lite ended with %d: %s" % (status, " / ".join(self._lines))

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.stop()


@pytest.fixture
def smtpd_factory():
    """A function that starts servers with the options given; they end with the test."""
    servers = []

    def start(*options):
        servers.append(Server(*options))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def smtpd(smtpd_factory):
    """A server with its defaults."""
    return smtpd_factory()
