"""What differs between two texts: clauses aligned, words compared, every place classed. Pure."""

from monitor.diff.compare import compare
from monitor.diff.places import rebuild

__all__ = ["compare", "rebuild"]
