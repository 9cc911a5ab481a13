"""The evidence of one alert as a ZIP file: what was read, when, from where, and how to check it without us.

The same record gives the same bytes. Nothing in the file has a name that a page could choose.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence

from pydantic_core import to_jsonable_python

from monitor.errors import MonitorError
from monitor.model import Alert, Version, digest
from monitor.ports import Library, Look
from monitor.render.change import Head
from monitor.render.change_html import as_html

most_looks = 500
_kinds = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/pdf": "pdf",
    "application/json": "json",
    "text/plain": "txt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}
_readme = """EVIDENCE OF A CHANGED POLICY

{terms}, version {number}; alert {key}
made by policy-monitor from its record, whose chain stood at
  {head}

FILES
  old/, new/    text.txt: the text that was compared; page-N.*: the pages, byte for byte as the server sent them
  diff.html     what differs, readable in any browser, without scripts
  change.json   the same as data; audit-*.json: verdicts with their quotes; movements.json: what moved in the audit
  looks.json    every look between the two versions: time, address, IP, certificate, status, digests, chain
  manifest.json what this is about, and the SHA-256 of every file
  SHA256SUMS    the same for sha256sum

TO CHECK
  1. sha256sum -c SHA256SUMS           nothing in this package was altered since it was made
  2. compare old/text.txt and new/text.txt with any other tool
  3. in looks.json, raw_sha256 of the look that first saw a version is the SHA-256 of its page-N file
  4. the operator of the monitor runs `policy-monitor verify`: the chain is whole, and its head follows the one above.
     Every alert that was mailed bears the head of its day: older mails, in other people's mailboxes, are witnesses.

It is one operator's record of what a server sent to one address at that time. Verdicts describe what a text says; they are not
legal advice.

这是一份隐私政策变更的证据包：old/ 与 new/ 为变更前后的文本（text.txt）及服务器发送的原始页面（page-N），
diff.html 为差异，looks.json 为其间每次读取的记录。可用 sha256sum -c SHA256SUMS 核对本包未被改动。
"""


def package(library: Library, alert: Alert, head: str) -> bytes:
    """The evidence of a change or return. Raises MonitorError where the record has none (damaged, or another kind)."""
    if alert.version is None or alert.terms is None:
        raise MonitorError(f"{alert.key} is no change: there is no version that it could prove")
    files = dict(_files(library, alert, alert.version))
    about = {
        "alert": alert.key,
        "kind": alert.kind,
        "service": alert.service_name,
        "terms": alert.terms,
        "head": head,
        "location": alert.location,
        "version": alert.version,
        "previous": alert.previous,
        "files": {
            name: {"sha256": digest(content), "bytes": len(content)} for name, content in files.items()
        },
    }
    files["manifest.json"] = _json(about)
    readme = _readme.format(terms=alert.terms, number=alert.version.number, key=alert.key, head=head)
    files["README.txt"] = readme.encode()
    sums = "".join(f"{digest(content)}  {name}\n" for name, content in sorted(files.items()))
    return _zipped({**files, "SHA256SUMS": sums.encode()})


def _files(library: Library, alert: Alert, version: Version) -> Iterator[tuple[str, bytes]]:
    looks = _looks(library, alert, version)
    versions = {"old": alert.previous, "new": version}
    for side, one in versions.items():
        if one is None:
            continue
        yield f"{side}/text.txt", library.text(one.text_sha256).encode()
        for position, sha256 in enumerate(one.snapshots, 1):
            yield f"{side}/page-{position}.{_ending(looks, sha256)}", library.raw(sha256)
        if audits := library.audits(one.terms, one.number):
            yield f"audit-{side}.json", _json(audits)
    yield "looks.json", _json(looks)
    if alert.deltas:
        yield "movements.json", _json(alert.deltas)
    if alert.change is not None:
        yield "change.json", _json(alert.change)
        yield "diff.html", as_html(alert.change, head=heading(alert)).encode()


def _looks(library: Library, alert: Alert, version: Version) -> list[Look]:
    """From the first look at the old version to the one that confirmed the new, the latest of too many."""
    since = (alert.previous or version).first_seen
    found = [look for look in library.looks(version.terms) if since <= look.at <= version.recorded_at]
    return found[:1] + found[1:][-most_looks:]


def _ending(looks: Sequence[Look], sha256: str) -> str:
    """The ending of a page's name, from a few that are known; what the server calls it decides, never its address."""
    for look in looks:
        for exchange in look.proof:
            if exchange.raw_sha256 == sha256:
                said = (exchange.header("content-type") or "").partition(";")[0].strip().lower()
                return _kinds.get(said, "bin")
    return "bin"


def _json(value: object) -> bytes:
    plain = to_jsonable_python(value, bytes_mode="base64")
    return (json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """Names in order, no clock: equal contents are equal files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o100644 << 16
            entry.create_system = 3
            archive.writestr(entry, content)
    return target.getvalue()


def heading(alert: Alert) -> Head:
    """What stands above the comparison of an alert: the service and its two versions."""
    numbers = [f"v{one.number}" for one in (alert.previous, alert.version) if one]
    return Head(title=f"{alert.service_name or alert.terms or ''}: {' → '.join(numbers)}")
