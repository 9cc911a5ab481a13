"""docs/reference/database.md names what there is, and its script checks the chain as it says."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

from monitor.store.sqlite import SqliteStore
from tests.store.dumping import story
from tests.store.values import regular
from tests.world import root

page = (root / "docs" / "reference" / "database.md").read_text(encoding="utf-8")


def checked(folder: Path, database: Path) -> subprocess.CompletedProcess[str]:
    found = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert found
    script = folder / "check.py"
    script.write_text(found[1], encoding="utf-8")
    asked = [sys.executable, "-I", str(script), str(database)]
    return subprocess.run(asked, capture_output=True, text=True, check=False)


def test_every_table_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    SqliteStore(path, next_due=regular).close()
    names = [
        row[0] for row in sqlite3.connect(path).execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
    ]
    for name in names:
        if not name.startswith(("words_", "sqlite_", "_sqlite")):
            assert f"`{name}`" in page, name


def test_the_script_finds_the_head_and_a_flipped_letter(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    story(path)
    with SqliteStore(path, next_due=regular, read_only=True) as store:
        head = store.head()
    done = checked(tmp_path, path)
    assert done.stdout.strip().endswith(f"head {head}"), done.stderr
    conn = sqlite3.connect(path)
    conn.execute("DROP TRIGGER looks_never_updated")
    conn.execute("UPDATE looks SET outcome = 'unchanged' WHERE fault IS NOT NULL")
    conn.commit()
    conn.close()
    done = checked(tmp_path, path)
    assert done.returncode == 1
    assert "broken at link" in done.stderr
