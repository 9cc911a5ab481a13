"""What can go wrong for good, as a tree by who can mend it. Pure.

::

    MonitorError
    ├── UsageError            the person at the command line       exit 2
    │   └── NotFound          asked for something that is not there exit 1
    ├── ConfigError           whoever edits config.toml            exit 78
    ├── StoreError            the operator of the machine          exit 74
    │   ├── StoreForeign      not our database, empty or damaged   exit 65
    │   ├── StoreNewer        written by a newer program           exit 76
    │   └── StoreUnwritable   folder or file cannot be written     exit 73
    └── AlreadyRunning        nobody: another daemon is at work    exit 75

Faults that belong to the pages and channels are not errors but `monitor.model.Fault` values.
Exit codes follow sysexits.h.
"""

from __future__ import annotations


class MonitorError(Exception):
    """Base of all. `str(error)` is fit to be shown: what, where, who can mend it."""

    exit_code = 70


class UsageError(MonitorError):
    exit_code = 2


class NotFound(UsageError):
    exit_code = 1


class ConfigError(MonitorError):
    """All mistakes of a configuration at once, each as `config.toml:LINE: path: what is wrong`."""

    exit_code = 78

    def __init__(self, problems: tuple[str, ...] | str) -> None:
        self.problems = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(self.problems))


class StoreError(MonitorError):
    exit_code = 74


class StoreForeign(StoreError):
    exit_code = 65


class StoreNewer(StoreError):
    exit_code = 76


class StoreUnwritable(StoreError):
    exit_code = 73


class AlreadyRunning(MonitorError):
    exit_code = 75
