"""The demonstration: a small policy web on loopback, one release among noise, and what comes of it."""

from monitor.demo.story import Story, tell_story

__all__ = ["Story", "tell_story"]
