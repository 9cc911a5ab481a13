"""Hostile documents are read in a child process with limits of memory and time; it answers in JSON.

The parent trusts nothing that comes back beyond its shape. The child gets no environment to speak
of: no secret of the monitor is within reach of a parser that is made to misbehave.
"""

from __future__ import annotations

import json
import os
import pickle
import resource
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from monitor.extract.faults import fault
from monitor.model import Extracted, Fault, FaultKind, Link, Snapshot, SourceDocument

memory_bytes = 512 * 1024 * 1024
cpu_seconds = 10
wall_seconds = 20
longest_text = 8_000_000
_readers = {"pdf": "monitor.extract.pdf", "docx": "monitor.extract.docx", "html": "monitor.extract.html"}


def limited(kind: str, snapshot: Snapshot, document: SourceDocument) -> Extracted | Fault:
    """`read_here` of the extractor `kind`, in a child; Fault(parse_limit) where a limit stops it."""
    command = [sys.executable, "-m", "monitor.extract.child", kind]
    root = str(Path(__file__).resolve().parents[2])
    environment = {"PYTHONPATH": root, "PATH": os.environ.get("PATH", ""), "PYTHONIOENCODING": "utf-8"}
    question = pickle.dumps((snapshot, document))
    try:
        answer = subprocess.run(  # noqa: S603 - our own interpreter and module
            command, input=question, capture_output=True, timeout=wall_seconds, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        return fault(FaultKind.PARSE_LIMIT, f"reading the {kind} document took more than {wall_seconds} s")
    return _understood(answer, kind)


def _understood(answer: subprocess.CompletedProcess[bytes], kind: str) -> Extracted | Fault:
    """What the child said; one that died without a word hit a limit."""
    try:
        said = json.loads(answer.stdout)
        if "fault" in said:
            return fault(FaultKind(said["fault"]), str(said["message"]), transient=said["transient"] is True)
        links = tuple(Link(text=str(text), address=str(address)) for text, address in said["links"])
        notes = tuple(str(note) for note in said["notes"])
        return Extracted(
            text=str(said["text"]), title=said["title"] and str(said["title"]), links=links, notes=notes
        )
    except (ValueError, KeyError, TypeError):
        limits = f"{memory_bytes >> 20} MiB, {cpu_seconds} s"
        message = (
            f"reading the {kind} document broke its limits ({limits}) or its reader; exit {answer.returncode}"
        )
        return fault(FaultKind.PARSE_LIMIT, message)


def _limit() -> None:
    for name, amount in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(name, (amount, amount))


def _answer(result: Extracted | Fault) -> dict[str, Any]:
    if isinstance(result, Fault):
        return {"fault": result.kind.value, "message": result.message, "transient": result.transient}
    links = [(link.text, link.address) for link in result.links]
    return {"text": result.text, "title": result.title, "links": links, "notes": list(result.notes)}


def _read(kind: str, question: bytes) -> Extracted | Fault:
    """The text, read here and now under limits."""
    snapshot, document = pickle.loads(question)  # noqa: S301 - written by our own parent
    _limit()
    try:
        result = import_module(_readers[kind]).read_here(snapshot, document)
    except MemoryError:
        return fault(
            FaultKind.PARSE_LIMIT, f"reading the {kind} document takes more than {memory_bytes >> 20} MiB"
        )
    except ImportError as error:
        message = f"{kind} documents need an extra: pip install 'policy-monitor[documents]' ({error})"
        return fault(FaultKind.UNREADABLE, message)
    except Exception as error:
        return fault(
            FaultKind.UNREADABLE, f"the {kind} document cannot be read: {type(error).__name__}: {error}"
        )
    if isinstance(result, Extracted) and len(result.text) > longest_text:
        return fault(FaultKind.PARSE_LIMIT, f"the text has more than {longest_text} characters")
    return cast("Extracted | Fault", result)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_answer(_read(sys.argv[1], sys.stdin.buffer.read()))))
