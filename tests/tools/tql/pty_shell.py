"""tql on a pseudo-terminal, for its tests."""

import codecs
import fcntl
import os
import pty
import select
import signal
import struct
import termios

from screen_emulator import Screen

PATIENCE = float(os.environ.get("TQL_TEST_PATIENCE", 60))
PROMPT = "TQL [database=(none)]> "
ERROR = "\x1b[1;31merror:\x1b[0m "


def set_size(fd, rows, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


class Terminal:
    """`seen` is the output so far, `screen` what a user sees of it."""

    def __init__(self, *command, home, password="admin", size=(24, 80), **more):
        environment = {"PATH": os.environ["PATH"], "HOME": home, "TERM": "xterm",
                       "XDG_STATE_HOME": home + "/state", "LC_ALL": "C.UTF-8", "USER": "me", **more}
        if password is not None:
            environment["TQL_PASSWORD"] = password
        environment = {name: value for name, value in environment.items() if value is not None}
        sized, sizing = os.pipe()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.read(sized, 1)
            os.execvpe(command[0], command, environment)
        set_size(self._fd, *size)
        os.write(sizing, b"x")
        os.close(sized)
        os.close(sizing)
        self.seen = ""
        self.screen = Screen(*size)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._undrawn = ""

    def type(self, text):
        data = text.encode() if isinstance(text, str) else text
        while data:
            data = data[os.write(self._fd, data):]

    def resize(self, rows, columns):
        """Previous output must have been shown: see expect_rows."""
        self.screen.resize(rows, columns)
        set_size(self._fd, rows, columns)

    def paste(self, text):
        self.type("\x1b[200~" + text + "\x1b[201~")

    def _read(self):
        ready, _, _ = select.select([self._fd], [], [], PATIENCE)
        if not ready:
            raise AssertionError(f"nothing came after {self.seen!r}; the terminal shows:\n" +
                                 "\n".join(self.screen.lines()))
        try:
            data = os.read(self._fd, 65536)
        except OSError:  # the other side is closed
            data = b""
        text = self._decoder.decode(data)
        self.seen += text
        self._undrawn = self.screen.feed(self._undrawn + text)
        return data

    def expect(self, text):
        """Waits until the text appears; returns and forgets the output before it."""
        while text not in self.seen:
            if not self._read():
                raise AssertionError(f"{text!r} did not come, but {self.seen!r}")
        before, _, self.seen = self.seen.partition(text)
        return before

    def expect_rows(self, *rows, cursor=None):
        """Waits until the last rows of the terminal are these and the cursor is at this row, counted from the first of
        them, and column."""
        rows = [row.rstrip() for row in rows]

        def cursor_now():
            top = len(self.screen.lines()) - len(rows)
            return self.screen.row - top, self.screen.column
        self.wait_until(lambda: self.screen.lines()[-len(rows):] == rows and cursor in (None, cursor_now()),
                        lambda: f"{rows} with the cursor at {cursor}; it is at {cursor_now()}")
        if self.screen.unknown:
            raise AssertionError(f"no such sequences: {self.screen.unknown!r}")

    def wait_until(self, condition, expected):
        while not condition():
            try:
                if not self._read():
                    raise AssertionError("the terminal is closed")
            except AssertionError as error:
                raise AssertionError(f"{error}\nexpected: {expected()}") from None

    def end(self):
        """The exit status; the remaining output is in `seen`."""
        while self._read():
            pass
        _, status = os.waitpid(self.pid, 0)
        self.pid = 0
        self.showed_typing = self.shows_typing()
        os.close(self._fd)
        return os.waitstatus_to_exitcode(status)

    def shows_typing(self):
        return bool(termios.tcgetattr(self._fd)[3] & termios.ECHO)

    def kill(self):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            os.close(self._fd)
