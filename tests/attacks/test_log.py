"""The log: what clients send cannot pass for records, and strangers cannot fill it."""

import json
import logging
import re

import pytest

from backend.service.logs import JsonLines, OncePerMinute, Unforgeable, of_job

FORGED = "2026-01-01 00:00:00,000 ERROR backend.service.queue: Job a: the disk is broken"


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028"])
def test_no_line_from_a_client_looks_like_a_record(end: str) -> None:
    formatter = Unforgeable("%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        raise ValueError(f"water{end}{FORGED}")
    except ValueError as error:
        trace = (type(error), error, error.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, "", 0, "Job %s", (f"a{end}{FORGED}",), trace)
    first, *others = formatter.format(record).split("\n")
    assert re.match(r"\d{4}-", first)
    assert len(others) > 2
    assert all(line.startswith("    ") for line in others)


@pytest.mark.parametrize("end", ["\n", "\r", "\x0b", "\x1c", "\x85", "\u2028", "\x1b[2J", "\ud800"])
def test_a_record_as_json_is_one_line_of_ascii(end: str) -> None:
    forged = f'a{end}{{"level": "ERROR", "message": "the disk is broken"}}'
    try:
        raise ValueError(forged)
    except ValueError as error:
        trace = (type(error), error, error.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, "", 0, "Job %s", (forged,), trace)
    with of_job("0123456789"):
        line = JsonLines().format(record)
    assert line.isascii() and line.isprintable()
    told = json.loads(line)
    assert set(told) == {"time", "level", "logger", "message", "job", "trace"}
    assert (told["level"], told["job"]) == ("ERROR", "0123456789")
    assert told["message"] == f"Job {forged}".replace("\ud800", "?")
    assert "job" not in json.loads(JsonLines().format(record))


def test_codes_for_a_terminal_are_not_written() -> None:
    record = logging.makeLogRecord({"msg": "Job \x1b]0;owned\x07 \x1b[2J"})
    assert Unforgeable("%(message)s").format(record) == "Job ?]0;owned? ?[2J"


def test_what_strangers_can_have_logged_is_logged_once_a_minute() -> None:
    rarely = OncePerMinute()

    def shown(message: str, time: float) -> bool:
        return rarely.filter(logging.makeLogRecord({"msg": message, "created": time}))

    bad = "Invalid HTTP request received."
    assert [shown(bad, t) for t in (0.0, 1.0, 59.0, 60.0)] == [True, False, False, True]
    assert all(shown("Job a failed", t) for t in (0.0, 1.0))
