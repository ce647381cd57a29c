"""tql on a terminal: several progress bars, \\copy.

`tql_commands_pty_test.py PATH_OF_TQL PATH_OF_TQLMOCKD [unittest arguments]`
"""

import pathlib
import sys
import tempfile
import threading
import unittest

import fake_service
import pty_shell
import tql_pty_test
from fake_service import line, message

ERROR, PROMPT = tql_pty_test.ERROR, tql_pty_test.PROMPT


def progress(identifier, label, percentage):
    return line(progress=[{"id": identifier, "label": label, "percentage": percentage}])


class CommandsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.going_on = threading.Event()
        self.addCleanup(self.going_on.set)

    def serve(self, answers):
        service = fake_service.FakeService(answers)
        self.addCleanup(service.close)
        return service

    def start(self, url, *flags):
        terminal = tql_pty_test.Terminal(url, "--user", "tsadmin", *flags, home=str(self.folder))
        self.addCleanup(terminal.kill)
        terminal.resize(24, 20)
        return terminal


class EscapesTest(CommandsTest):
    def test_no_bars_if_disabled(self):
        """TERM=dumb at the prompt; a pipe as standard input while results are printed to a terminal."""
        service = self.serve({
            "slow": lambda request: [progress("1", "first", 25), self.going_on,
                                     line(message=[message("done\n")], complete=True)],
            "bad": lambda request: [line(message=[message("no\n", "ERROR")], complete=True)],
            "long": lambda request: [line(table={
                "headers": [{"name": "n", "type": "INT"}],
                "rows": [{"v": [str(i)]} for i in range(1000)]}, complete=True)]})
        self.going_on.set()
        shell = tql_pty_test.Terminal(service.url, "--user", "tsadmin", home=str(self.folder), TERM="dumb")
        self.addCleanup(shell.kill)
        shell.type("slow;\nbad;\nlong;\n\x04")
        self.assertEqual(0, shell.end())
        script = self.folder / "script"
        script.write_text("slow;\nbad;\n\\pager on\nlong;\n")
        piped = pty_shell.Terminal(
            "sh", "-c", f"cat {script} | {tql_pty_test.TQL} {service.url} --user tsadmin --continue",
            home=str(self.folder), PAGER="echo paged; cat")
        self.addCleanup(piped.kill)
        self.assertEqual(3, piped.end())
        for terminal in (shell, piped):
            self.assertNotIn("\x1b", terminal.seen)
            self.assertNotIn("paged\r\n", terminal.seen.replace("Nothing is paged", ""))
            self.assertIn("error: no", terminal.seen)
            self.assertIn("999\r\n", terminal.seen)


class ProgressTest(CommandsTest):
    def setUp(self):
        super().setUp()
        self.service = self.serve({
            "two": lambda request: [
                progress("1", "first", 25), progress("2", "the second one", 75), self.going_on,
                line(message=[message("done\n")], complete=True)],
            "one": lambda request: [progress("1", "first", 25), line(message=[message("fast\n")],
                                                                     complete=True)]})

    def test_a_line_for_each_in_20_columns_and_nothing_at_the_end(self):
        shell = self.start(self.service.url)
        shell.expect(PROMPT)
        shell.type("two;\n")
        shell.expect("first [#.....]  25%\r\nthe second one  75%")
        self.going_on.set()
        # Moves to the first of both lines and clears everything from there on.
        self.assertEqual("", shell.expect("\r\x1b[1A\x1b[J"))
        self.assertEqual("", shell.expect("done"))
        shell.expect(PROMPT)

    def test_off_by_a_command_and_by_a_flag(self):
        for flags, command in (((), "\\progress off\n"), (("--progress", "off"), "\\timing\n")):
            with self.subTest(flags=flags):
                self.going_on.clear()
                shell = self.start(self.service.url, *flags)
                shell.expect(PROMPT)
                shell.type(command)
                shell.expect(" is o")
                shell.expect(PROMPT)
                threading.Timer(0.5, self.going_on.set).start()
                shell.type("two;\n")
                self.assertNotIn("%", shell.expect("done"))
                shell.type("\x04")
                self.assertEqual(0, shell.end())

    def test_on_standard_error_and_not_for_what_is_fast(self):
        shell = self.start(self.service.url, "-c", "one;")
        self.assertEqual(0, shell.end())
        self.assertEqual("fast\r\n", shell.seen)


class StartFileTest(CommandsTest):
    def setUp(self):
        super().setUp()
        self.service = self.serve({"one": lambda request: [line(message=[message("first\n")],
                                                               complete=True)]})
        (self.folder / ".config/tql").mkdir(parents=True)
        (self.folder / ".config/tql/tqlrc").write_text("\\timing on\none;\n\\nonsense\none;\n")

    def test_runs_before_the_prompt_until_the_first_error(self):
        shell = self.start(self.service.url)
        shell.expect("Timing is on.")
        shell.expect("first")
        shell.expect("/.config/tql/tqlrc:3: " + ERROR + "unknown command \\nonsense")
        self.assertNotIn("first", shell.expect(PROMPT))
        shell.type("one;\n")
        shell.expect("Time: ")  # its setting is in effect

    def test_not_when_others_may_write_it(self):
        file = self.folder / ".config/tql/tqlrc"
        for mode in (0o664, 0o646):
            file.chmod(mode)
            shell = self.start(self.service.url)
            shell.expect(f"tql: {file} is not run: other users can write it; run: chmod go-w {file}")
            self.assertNotIn("Timing", shell.expect(PROMPT))

    def test_not_without_a_prompt_and_not_with_no_rc(self):
        shell = self.start(self.service.url, "-c", "one;")
        self.assertEqual(0, shell.end())
        self.assertEqual("first\r\n", shell.seen)
        shell = self.start(self.service.url, "--no-rc")
        self.assertNotIn("Timing", shell.expect(PROMPT))


class Answers(dict):
    """The second INSERT waits; all other requests are answered at once."""

    def __init__(self, waits):
        super().__init__({"select * from one": lambda request: [line(
            table={"headers": [{"name": "i", "type": "INT"}]}, complete=True)]})
        self.waits = waits
        self.inserts = 0

    def __missing__(self, statement):
        self.inserts += 1
        done = line(message=[message("Statement executed successfully. \n")], complete=True)
        return lambda request: [*self.waits[:self.inserts - 1], done]


class CopyTest(CommandsTest):
    def test_a_bar_while_it_loads_and_ctrl_c(self):
        service = self.serve(Answers([self.going_on]))
        # Two INSERTs: the first has 2000 of the 2500 rows.
        (self.folder / "in.csv").write_text("123456789\n" * 2500, encoding="utf-8")
        for ending in ("", "\x03"):
            with self.subTest(ending=ending):
                service.answers.inserts = 0
                self.going_on.clear()
                shell = self.start(service.url)
                shell.resize(24, 60)
                shell.expect(PROMPT)
                shell.type(f"\\copy one from {self.folder}/in.csv csv\n")
                shell.expect("copy one [########################......]  80% 2000 rows")
                if ending:
                    shell.type(ending)
                    shell.expect(ERROR + "cancelled; 2000 rows are stored, and up to 500 more may be")
                else:
                    self.going_on.set()
                    shell.expect("\r\x1b[J")
                    self.assertEqual("", shell.expect("COPY 2500"))
                shell.expect(PROMPT)
                shell.type("\x04")
                self.assertEqual(0, shell.end())


if __name__ == "__main__":
    del sys.argv[1:3]
    unittest.main(verbosity=2)
