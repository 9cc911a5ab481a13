"""How long a comparison takes, beside others on the same pairs: `python bench/diff.py [--pairs N]`.

The pairs are neighbouring real versions of `../shared/corpus/replay/dev`; where that is not there, it says so and
measures pairs of its own. Beside ours (clauses aligned, words compared, every place classed): diff-match-patch alone,
on the same tokens and without its clock; difflib on the same tokens; and a line diff whose replaced lines are
compared word by word at white space, which is what watchers of web pages commonly do; and, where the package
`webchanges` can be imported (`pip install webchanges`), its own word diff. Times are of CPU, memory
is the peak of a process of its own; the ratios to ours are what to compare. Reported besides, with the fraction of
the characters of both texts that is marked as different: what a reader has to read.
"""

from __future__ import annotations

import argparse
import difflib
import json
import random
import re
import resource
import signal
import tarfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from importlib.util import find_spec
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace

from diff_match_patch import diff_match_patch

from monitor.diff import compare, lexicon
from monitor.text.tokens import tokens

corpus = Path(__file__).parents[2] / "shared" / "corpus" / "replay" / "dev" / "gold"
Pair = tuple[str, str]
_slow_limit = 60.0  # CPU seconds that one way may take altogether; then it is stopped and said to be


def real_pairs() -> Iterator[Pair]:
    """Neighbouring texts of each document, in the order in which they were recorded."""
    for path in sorted(corpus.glob("*.tar.xz")):
        with tarfile.open(path) as archive:
            members = {Path(one.name).stem: one for one in archive.getmembers() if one.name.endswith(".md")}
            order = [name for name in _recorded(archive) if name in members]
            texts = [_read(archive, members[name]) for name in order]
        yield from (pair for pair in pairwise(texts) if pair[0] != pair[1])


def _recorded(archive: tarfile.TarFile) -> list[str]:
    """The names of the texts in the order of the snapshots."""
    found = archive.extractfile("gold.json")
    assert found is not None
    told = (one.get("ota_version") for one in json.load(found)["snapshots"])
    return list(dict.fromkeys(Path(name).stem for name in told if name))


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    found = archive.extractfile(member)
    assert found is not None
    return found.read().decode()


def own_pairs() -> list[Pair]:
    """Invented texts of 40,000 characters: some words changed, a part moved, and a full rewrite."""
    words = [
        "我们",
        "收集",
        "您的",
        "个人",
        "信息",
        "用于",
        "提供",
        "服务",
        "保存",
        "第三方",
        "共享",
        "同意",
        "30天",
        "we",
        "collect",
        "your",
        "data",
        "for",
        "purposes",
    ]

    def text(seed: int) -> str:
        chosen = random.Random(seed)
        lines = ("".join(chosen.choice(words) for _ in range(chosen.randrange(5, 25))) for _ in range(1_000))
        return "\n\n".join(f"{line}。" for line in lines)

    one = text(1)
    half = len(one) // 2
    return [(one, one.replace("30天", "180天", 20)), (one, one[half:] + one[:half]), (one, text(2))]


def ours(before: str, after: str) -> int:
    change = compare(before, after)
    return change.inserted + change.deleted


def dmp_on_tokens(before: str, after: str) -> int:
    """diff-match-patch alone, exact (no clock), on our tokens coded as characters."""
    ids: dict[str, int] = {}

    def coded(text: str) -> tuple[str, list[str]]:
        found = tokens(text, lexicon.whole)
        return "".join(chr(0xF0000 + ids.setdefault(one, len(ids))) for one in found), found

    old, new = coded(before)[0], coded(after)[0]
    engine = diff_match_patch()
    engine.Diff_Timeout = 0
    lengths = [len(one) for one in ids]
    edits = engine.diff_main(old, new, False)
    return sum(lengths[ord(char) - 0xF0000] for op, text in edits if op for char in text)


def difflib_on_tokens(before: str, after: str) -> int:
    old, new = tokens(before, lexicon.whole), tokens(after, lexicon.whole)
    return _marked(old, new)


def lines_then_words(before: str, after: str) -> int:
    """A line diff; replaced lines are compared word by word, words ending at white space."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    marked = 0
    for op, i, i_end, j, j_end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op != "equal":
            marked += _marked("".join(old[i:i_end]).split(), "".join(new[j:j_end]).split())
    return marked


def webchanges_wdiff(before: str, after: str) -> int:
    """The word diff of webchanges, run as it is; its marks are counted in what it prints."""
    from webchanges.differs import WdiffDiffer

    texts = {"old_data": before, "new_data": after, "old_timestamp": 0, "new_timestamp": 1}
    kinds = {"old_mime_type": "text/plain", "new_mime_type": "text/plain"}
    job = SimpleNamespace(contextlines=3, monospace=False)
    state = SimpleNamespace(job=job, is_markdown=lambda: False, is_html=lambda: False, **texts, **kinds)
    told = WdiffDiffer(state).differ({"color": True}, "plain")["plain"]
    _, _, body = told.partition("\n\x1b[92m+++")  # its two lines of head are marked like changes
    return sum(map(len, re.findall(r"\x1b\[9[12]m(.*?)\x1b\[0m", body)))


def _marked(old: Sequence[str], new: Sequence[str]) -> int:
    found = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return sum(
        sum(map(len, old[i:i_end])) + sum(map(len, new[j:j_end]))
        for op, i, i_end, j, j_end in found
        if op != "equal"
    )


ways: dict[str, Callable[[str, str], int]] = {
    way.__name__: way for way in (ours, dmp_on_tokens, difflib_on_tokens, lines_then_words)
}
if find_spec("webchanges"):
    ways[webchanges_wdiff.__name__] = webchanges_wdiff


def measured(name: str, pairs: Sequence[Pair]) -> tuple[list[float], int, float]:
    """CPU seconds of each pair (as far as the limit allows), characters marked, peak memory added in MiB."""
    way = ways[name]
    way("warm 1", "warm 2")
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds: list[float] = []
    marked = 0
    signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, _slow_limit)
    with suppress(TimeoutError):
        for before, after in pairs:
            started = time.process_time()
            marked += way(before, after)
            seconds.append(time.process_time() - started)
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return seconds, marked, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base) / 1024


def _stop(number: int, frame: object) -> None:
    raise TimeoutError


def main() -> None:
    parser = argparse.ArgumentParser(description="Time comparisons.")
    parser.add_argument("--pairs", type=int, default=60, help="real pairs at most, spread over the documents")
    wanted = parser.parse_args().pairs
    if corpus.exists():
        found = list(real_pairs())
        pairs = found[:: max(1, len(found) // wanted)][:wanted]
        print(
            f"{len(pairs)} of {len(found)} real pairs, {sum(len(a) + len(b) for a, b in pairs):,} characters"
        )
    else:
        pairs = own_pairs()
        print(f"real pairs left out: {corpus} is not here. {len(pairs)} pairs of our own")
    own: list[float] = []
    for name in ways:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
            seconds, marked, memory = alone.submit(measured, name, pairs).result()
        own = own or seconds
        print(told(name, seconds, own, pairs, marked, memory), flush=True)


def told(
    name: str,
    seconds: Sequence[float],
    own: Sequence[float],
    pairs: Sequence[Pair],
    marked: int,
    memory: float,
) -> str:
    """One line: times as ratios to ours over the pairs that were done."""
    done = len(seconds)
    if not done:
        return f"{name:18} no pair within {_slow_limit:.0f} s"
    share = marked / sum(len(before) + len(after) for before, after in pairs[:done])
    stopped = "" if done == len(pairs) else f", stopped in pair {done + 1} after {_slow_limit:.0f} s"
    return (
        f"{name:18} {sum(seconds):7.2f} s ({sum(seconds) / sum(own[:done]):5.1f} of ours), worst pair"
        f" {max(seconds):6.2f} s ({max(seconds) / max(own[:done]):5.1f} of ours), {share:5.1%} marked, +{memory:.0f} MiB{stopped}"
    )


if __name__ == "__main__":
    main()
