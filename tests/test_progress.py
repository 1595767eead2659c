"""Reports of progress: to the log by default, to whoever asks for them, and never to the screen."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
import threading

import pytest

from textrep.progress import (
    LogReporter,
    SilentReporter,
    logger,
    reporting_to,
    time_left,
    track,
)


class Recorder:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.events: list[tuple[object, ...]] = []

    def start(self, name: str, total: float | None, unit: str, done: float) -> Recorder:
        self.events.append(("start", name, total, unit))
        return self

    def advance(self, amount: float) -> None:
        self.events.append(("advance", amount))

    def describe(self, text: str) -> None:
        self.events.append(("describe", text))

    def finish(self) -> None:
        self.events.append(("finish",))


def test_a_reporter_is_told_everything() -> None:
    recorder = Recorder()
    with reporting_to(recorder), track("counting", 10, "tokens") as task:
        task.advance(4)
        task.describe("loss 0.5")
        task.advance(6)
    assert recorder.events == [
        ("start", "counting", 10, "tokens"),
        ("advance", 4),
        ("describe", "loss 0.5"),
        ("advance", 6),
        ("finish",),
    ]


def test_work_that_fails_is_finished() -> None:
    recorder = Recorder()
    with pytest.raises(KeyboardInterrupt), reporting_to(recorder), track("counting"):
        raise KeyboardInterrupt
    assert recorder.events == [("start", "counting", None, "items"), ("finish",)]


def test_the_reporter_before_is_back_afterwards() -> None:
    outer, inner = Recorder(), Recorder()
    with reporting_to(outer):
        with pytest.raises(ValueError, match="wrong"), reporting_to(inner):
            raise ValueError("wrong")
        with track("counting"):
            pass
    assert len(outer.events) == 2
    assert inner.events == []
    with track("counting"):
        pass
    assert len(outer.events) == 2


def test_a_thread_has_a_reporter_of_its_own() -> None:
    recorder = Recorder()

    def work() -> None:
        with track("counting"):
            pass

    with reporting_to(recorder):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert recorder.events == []


def test_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with (
        caplog.at_level(logging.INFO, "textrep"),
        reporting_to(LogReporter(interval=0.0)),
        track("counting", 2000, "tokens") as task,
    ):
        task.advance(1000)
        task.describe("loss 0.5")
        task.advance(1000)
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 3
    assert lines[0].startswith("counting: 1,000 tokens (50%), ")
    assert lines[-1].startswith("counting: 2,000 tokens (100%), ")
    assert "tokens/s" in lines[-1]
    assert lines[-1].endswith(" s, loss 0.5")


def test_the_log_has_few_lines(caplog: pytest.LogCaptureFixture) -> None:
    with (
        caplog.at_level(logging.INFO, "textrep"),
        reporting_to(LogReporter(interval=1000.0)),
        track("counting", unit="words") as task,
    ):
        for _ in range(100):
            task.advance(1)
    assert [record.getMessage()[:20] for record in caplog.records] == ["counting: 100 words,"]


def test_the_library_is_silent() -> None:
    assert any(isinstance(handler, logging.NullHandler) for handler in logger.handlers)
    code = (
        "from textrep import Corpus\n"
        "from textrep.progress import logger\n"
        "Corpus.build(['a b a b'], min_count=1, phrases=1, min_df=0.5)\n"
        "logger.warning('not heard')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_a_build_reports_all_its_work() -> None:
    from textrep.corpus import Corpus

    recorder = Recorder()
    with reporting_to(recorder):
        corpus = Corpus.build(
            [["new", "york"]] * 9, min_count=1, phrases=1, phrase_threshold=1.0, max_df=5
        )
    assert [event[1] for event in recorder.events if event[0] == "start"] == [
        "reading",
        "phrases, pass 1: counting",
        "phrases, pass 1: joining",
        "counting documents",
        "writing",
    ]
    assert sum(event == ("finish",) for event in recorder.events) == 5
    assert corpus.n_tokens == 9


def test_a_task_that_was_begun_before(caplog: pytest.LogCaptureFixture) -> None:
    with (
        caplog.at_level(logging.INFO, "textrep"),
        reporting_to(LogReporter(interval=0.0)),
        track("training", 100, "tokens", done=50) as task,
    ):
        task.advance(25)
    assert caplog.messages[0].startswith("training: 25 tokens (75%), ")
    assert re.search(r", 0:00:0\d left$", caplog.messages[0])
    assert "left" not in caplog.messages[1]


def test_time_left() -> None:
    assert time_left(7_200, 2.0) == "1:00:00"
    assert time_left(-1, 2.0) == "0:00:00"


def test_silence() -> None:
    outer = Recorder()
    with reporting_to(outer), reporting_to(SilentReporter()), track("counting", 1) as task:
        task.advance(1)
        task.describe("stage")
    assert outer.events == []
