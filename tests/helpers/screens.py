"""A screen in the place of standard error."""

import io
import sys


class Screen(io.StringIO):
    def isatty(self):
        return True


def look_at(monkeypatch):
    """Put a screen in the place of standard error; in the test itself, since pytest does so too."""
    monkeypatch.setattr(sys, "stderr", screen := Screen())
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    return screen
