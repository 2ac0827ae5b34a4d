"""What Python finds around it in a component. There are no files, no clock and no output, and most of what wants them would end the rule
without a word. Here it gets an answer, or an exception that says what to do.

`datetime.now` cannot be helped: it asks the clock by itself.
"""

from __future__ import annotations

import builtins
import importlib.machinery
import io
import sys
import time
from typing import Any

from .host import Host, Level


def arrange(host: Host) -> None:
    """To be called when the component runs, not when it is built: building reads files."""
    sys.stdout, sys.stderr = _Printed(host, Level.DEBUG), _Printed(host, Level.WARN)
    time.time = lambda: host.window.until / 1000
    time.time_ns = lambda: host.window.until * 1_000_000
    builtins.open = io.open = _open
    if importlib.machinery.PathFinder in sys.meta_path:
        sys.meta_path[sys.meta_path.index(importlib.machinery.PathFinder)] = _NoFiles


class _Printed(io.TextIOBase):
    """Printed lines go to the log, under the rule's name."""

    def __init__(self, host: Host, level: Level) -> None:
        self._host = host
        self._level = level
        self._line = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        *lines, self._line = (self._line + text).split("\n")
        for line in lines:
            self._host.log(line, self._level)
        return len(text)


class _NoFiles:
    """Stands where modules would be looked for in directories."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> None:
        reason = "was not loaded when the component was built: import it at the top of the rule's file"
        raise ModuleNotFoundError(f"`{name}` {reason}", name=name)


def _open(file: Any, *_arguments: Any, **_options: Any) -> None:
    raise FileNotFoundError(f"a rule has no files, so there is no {file!r}")
