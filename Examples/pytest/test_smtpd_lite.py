"""Tests of the fixture itself. Run them with `pytest` in this folder."""

import smtplib

import pytest

from smtpd_lite import Server

LETTER = "From: Joe <joe@example.org>\r\nTo: ann@example.net\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\nOne line.\r\n"


def send(server, recipients=("ann@example.net",), text=LETTER):
    with smtplib.SMTP(server.host, server.port) as client:
        return client.sendmail("joe@example.org", list(recipients), text)


def test_a_message_is_there_when_the_client_has_sent_it(smtpd):
    send(smtpd)
    [message] = smtpd.messages()
    assert message.envelope_from == "joe@example.org"
    assert message.envelope_to == ["ann@example.net"]
    assert message.subject == "Grüße"
    assert message.text.strip() == "One line."


def test_each_test_has_a_server_of_its_own(smtpd):
    assert smtpd.messages() == []


def test_options_are_passed_on(smtpd_factory):
    server = smtpd_factory("--reject-rcpt", "^bob@=550 5.1.1 No such user")
    refused = send(server, ["ann@example.net", "bob@example.net"])
    assert refused["bob@example.net"][0] == 550
    [message] = server.messages(1)
    assert message.envelope_to == ["ann@example.net"]


def test_many_messages_in_order(smtpd):
    for number in range(20):
        send(smtpd, text="Subject: %d\r\n\r\n" % number)
    assert [message.subject for message in smtpd.messages(20)] == [str(number) for number in range(20)]


def test_two_servers_at_once(smtpd_factory):
    first, second = smtpd_factory(), smtpd_factory()
    send(second)
    assert first.messages() == [] and len(second.messages()) == 1


def test_a_full_pipe_of_log_lines_does_not_stop_the_server(smtpd_factory):
    server = smtpd_factory("--verbose")
    for _ in range(200):
        send(server)
    assert len(server.messages(200)) == 200
    assert any("joe@example.org" in line for line in server.log)


def test_missing_messages_are_reported(smtpd):
    with pytest.raises(AssertionError, match="0 of 1 messages arrived"):
        smtpd.messages(1, timeout=0.1)


def test_a_wrong_option_is_reported():
    with pytest.raises(RuntimeError, match="no-such-option"):
        Server("--no-such-option")
