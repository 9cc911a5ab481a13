"""The servers of the sending tests, for what must not get through to them."""

from tests.notify.conftest import robots, send, sink

__all__ = ["robots", "send", "sink"]
