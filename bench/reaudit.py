"""The past judged again by a new edition: versions a second on two processes (`python bench/reaudit.py`).

The texts are our own: the examples of the Chinese checklist in many orders, 10,000 to 30,000 characters, a few
dozen policies with many versions each. The first edition's audits are in the database, as after a year of watching;
then the edition changes and `audit --all-versions` runs as its user would. Exits 1 if it takes more than
`--limit` minutes.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from monitor import extract
from monitor.app import declare, open_store, prepared
from monitor.audit import audit
from monitor.config import Settings, read_settings
from monitor.model import (
    Audit,
    Cause,
    Decision,
    Examination,
    Exchange,
    Reading,
    Snapshot,
    TermsId,
    Version,
    Visit,
)
from monitor.registry import checklists
from monitor.store import queries, recording
from monitor.store.sqlite import SqliteStore
from monitor.text.normal import key

start = datetime(2023, 1, 1, tzinfo=UTC)
versions_each = 100


def clauses(seed: int, count: int) -> list[str]:
    """Sentences of the checklist's own examples, in an order that the seed decides."""
    source = random.Random(seed)
    known = [example.text for one in checklists()["zh"].criteria for example in one.examples]
    found: list[str] = []
    while sum(map(len, found)) < count:
        found += source.sample(known, len(known))
    return found


def texts(seed: int, count: int) -> list[str]:
    """The versions of one policy: each differs from the one before in a few clauses."""
    source = random.Random(seed)
    lines = clauses(seed, source.randint(10_000, 30_000))
    spare = clauses(seed + 1, 30_000)
    found = []
    for number in range(count):
        for _ in range(3):
            lines[source.randrange(len(lines))] = source.choice(spare)
        parts = ["# 虚构服务隐私政策", "更新日期：2023年1月1日"]
        for at, line in enumerate(lines):
            if at % 12 == 0:
                parts.append(f"## {at // 12 + 1}、第{at // 12 + 1}部分")
            parts.append(line)
        found.append("\n\n".join([*parts, f"本文为第{number + 1}版。"]))
    return found


def filled(settings: Settings, count: int) -> float:
    """Store and examine the versions; gives the characters of a text on average."""
    total = 0
    with open_store(settings) as store:
        declare(settings, store, start)
        for seed, declaration in enumerate(settings.declarations):
            before: dict[str, tuple[Audit, ...]] = {}
            recipe = extract.recipe(declaration.documents)
            for number, text in enumerate(texts(seed, min(versions_each, count - seed * versions_each))):
                total += len(text)
                write(store, declaration.terms, number + 1, reading(text, recipe))
                for pending in store.unexamined(1):
                    # one version in ten is judged, the others take over its audits: they only have to be there
                    if number % 10 == 0:
                        before["audits"] = audit(pending, checklists())
                    store.settle(Examination(pending=pending, audits=before["audits"]), Decision())
    return total / count


def write(store: SqliteStore, terms: TermsId, number: int, read: Reading) -> None:
    """A version as the store writes it, without the looks that would lead to it (they are not what is measured)."""
    at = start + timedelta(days=number)
    version = Version(
        terms=terms,
        number=number,
        cause=Cause.CHANGE if number > 1 else Cause.FIRST_RECORD,
        first_seen=at,
        recorded_at=at,
        text_sha256=read.sha256,
        key=read.key,
        recipe=read.recipe,
        length=len(read.text),
        snapshots=tuple(one.sha256 for one in read.snapshots),
        final_urls=("https://policy.example/",),
        language="zh",
    )
    with store._write() as conn:
        terms_id = queries.terms_id(conn, terms)
        assert terms_id
        recording._write_version(conn, terms_id, version, Visit(terms=terms, at=at, result=read))


def reading(text: str, recipe: str) -> Reading:
    exchange = Exchange(url="https://policy.example/", final_url="https://policy.example/")
    snapshot = Snapshot(exchange=exchange, content=text.encode(), media_type="text/plain")
    return Reading(text=text, key=key(text), recipe=recipe, snapshots=(snapshot,), language="zh")


def configure(folder: Path, count: int, edition: str | None) -> Settings:
    extra = ""
    if edition:
        shipped = (resources.files("monitor.checklists") / "zh.toml").read_text(encoding="utf-8")
        own = folder / "checklists"
        own.mkdir()
        lines = [
            f'edition = "{edition}"' if one.startswith("edition = ") else one for one in shipped.splitlines()
        ]
        (own / "zh.toml").write_text("\n".join(lines), encoding="utf-8")
        extra = 'checklists = "checklists"\n'
    services = -(-count // versions_each)
    rows = "".join(
        f'[[services]]\nid = "s{one}"\nname = "S{one}"\nurl = "https://s{one}.example/"\n'
        for one in range(services)
    )
    file = folder / "config.toml"
    file.write_text(
        f'[monitor]\nstate = "state"\ncontact = "bench@example.org"\nconfirm_after = "10m"\nprofiles = ["pipl"]\n{extra}{rows}',
        encoding="utf-8",
    )
    return prepared(read_settings(file, environment={}))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--versions", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--limit", type=float, default=15.0, help="minutes for 10,000 versions")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = configure(folder, arguments.versions, None)
        began = time.monotonic()
        length = filled(settings, arguments.versions)
        database = settings.state / "policy-monitor.sqlite"
        size = database.stat().st_size
        print(
            f"{arguments.versions:,} versions of {length:,.0f} characters stored in {time.monotonic() - began:.0f} s, {size / 1e6:.0f} MB"
        )
        configure(folder, arguments.versions, "bench-2")
        began = time.monotonic()
        command = [
            sys.executable,
            "-m",
            "monitor",
            "-c",
            str(folder / "config.toml"),
            "audit",
            "--all-versions",
        ]
        done = subprocess.run(
            [*command, "--workers", str(arguments.workers)], check=True, capture_output=True, text=True
        )
        seconds = time.monotonic() - began
        print(done.stdout.strip())
        print(
            f"judged again in {seconds:.0f} s: {arguments.versions / seconds:.0f} versions a second with {arguments.workers} processes; the database grew by {(database.stat().st_size - size) / 1e6:.0f} MB"
        )
        began = time.monotonic()
        subprocess.run(command, check=True, capture_output=True)
        print(f"run again with nothing to do: {time.monotonic() - began:.1f} s")
    return int(seconds * 10_000 / arguments.versions > arguments.limit * 60)


if __name__ == "__main__":
    sys.exit(main())
