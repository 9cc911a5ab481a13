"""The type of the fixture that sends one alert."""

from __future__ import annotations

from collections.abc import Callable

from monitor.model import Fault, Receipt

Send = Callable[..., Receipt | Fault]
