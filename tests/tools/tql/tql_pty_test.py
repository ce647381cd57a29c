"""tql on a terminal: prompt, lines, history, Ctrl-C and Ctrl-D, questions, progress, passwords.

`tql_pty_test.py PATH_OF_TQL PATH_OF_TQLMOCKD [unittest arguments]`
"""

import itertools
import os
import pathlib
import signal
import stat
import sys
import tempfile
import time
import unittest

import fake_service
import pty_shell
from fake_service import line, message
from pty_shell import ERROR, PATIENCE, PROMPT

TQL = os.path.abspath(sys.argv[1])
SUCCESS = "Statement executed successfully. \n"


def say(text):
    return lambda request: [line(message=[message(text), message(SUCCESS)], complete=True)]


def ask(request):
    answers = request["query"].get("prompt_responses", request["query"].get("promptResponses"))
    if not answers:
        return [line(interactive_question=[{
            "question_id": "q1", "banner": "WARNING: this will hurt.",
            "prompt": "Do you wish to proceed?", "options": ["yes", "no"]}])]
    return say("answered " + answers[0]["answer"] + "\n")(request)


class Terminal(pty_shell.Terminal):
    def __init__(self, *flags, **more):
        super().__init__(TQL, *flags, **more)


class ShellTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = folder.name
        self.ending = fake_service.threading.Event()
        self.service = fake_service.FakeService({
            "one": say("first\n"),
            "two\nlines": say("second\n"),
            "ask": ask,
            "evil": lambda request: [line(
                table={"headers": [{"name": "a\x1b[31m", "type": "VARCHAR"}],
                       "rows": [{"v": ["cell\x1b[2J\r\x7f\u009b1m"]}]},
                message=[message("told\x1b]0;title\x07\n\ttwo\u009b1m lines\n"),
                         message("no\x1b[H\n", "ERROR")], complete=True)],
            "say \x1b[2J": lambda request: [line(
                message=[message("Unexpected input at line 1, column 9.\n", "ERROR")],
                complete=True)],
            "sé": say("accented\n"),
            **{f"select '\t{i}'\n\tfrom t": say(f"pasted {i}.\n") for i in range(400)},
            "use retail": say("used\n"),
            "long": lambda request: [line(
                table={"headers": [{"name": "n", "type": "INT"}],
                       "rows": [{"v": [str(i)]} for i in range(1000)]},
                message=[message(SUCCESS)], complete=True)],
            "hang": lambda request: [
                line(progress=[{"id": "1", "label": "Loading", "percentage": 40, "details": "x"}]),
                self.ending],
        }, self.tokens())
        self.addCleanup(self.service.close)
        self.addCleanup(self.ending.set)

    def tokens(self):
        return {"static": ["two", "use", "one"], "dynamic": ["retail"]}

    def start(self, *flags, **more):
        terminal = Terminal(self.service.url, *flags, home=self.home, **more)
        self.addCleanup(terminal.kill)
        return terminal

    def shell(self):
        terminal = self.start()
        terminal.expect(PROMPT)
        return terminal

    def statements(self):
        return [request["query"]["statement"] for request in self.service.asked]


class TerminalTest(ShellTest):
    def test_statements_end_at_their_semicolon(self):
        shell = self.shell()
        shell.type("one;\n")
        shell.expect("first")
        shell.expect(PROMPT)
        shell.type("two\n")
        shell.expect("> ")
        shell.type("lines;\n")
        shell.expect("second")
        shell.expect(PROMPT)
        shell.type("exit;\n")
        self.assertEqual(0, shell.end())
        self.assertEqual(["one;", "two\nlines;"], self.statements())

    def test_commands_of_the_shell(self):
        shell = self.shell()
        shell.type("\\dtt\n")
        shell.expect(ERROR + "unknown command \\dtt; did you mean \\dt?")
        shell.expect(PROMPT)
        shell.type("\\?\n")
        shell.expect("\\conninfo")
        shell.expect(PROMPT)
        shell.type("\\format jsonl\n")
        shell.expect(PROMPT)
        shell.type("evil;\n")
        shell.expect('"cell\\u001b[2J')
        shell.expect(PROMPT)
        shell.type("two\n")
        shell.expect("> ")
        shell.type("lines; \n")
        shell.expect("second")
        shell.expect(PROMPT)
        other = fake_service.FakeService({"one": say("elsewhere\n")})
        self.addCleanup(other.close)
        shell.type(f"\\c {other.url}\n")
        shell.expect(f"{other.url}, user me.")
        shell.expect(PROMPT)
        shell.type("one;\n")
        shell.expect("elsewhere")
        shell.expect(PROMPT)
        shell.type("\x10\x10\n")  # the second last entry of the history
        shell.expect(f"{other.url}, user me.")
        shell.expect(PROMPT)
        shell.type("\\q\n")
        self.assertEqual(0, shell.end())

    def test_a_paste_of_400_statements_arrives_intact(self):
        shell = self.shell()
        expected = [f"select '\t{i}'\n\tfrom t;" for i in range(400)]
        shell.paste("\r".join(text.replace("\n", "\r") for text in expected) + "\r")
        shell.expect("399'")
        self.assertEqual([], self.statements())  # nothing of a paste is run automatically
        shell.type("\r")
        shell.expect("pasted 399.")
        shell.expect(PROMPT)
        self.assertEqual(expected, self.statements())

    def test_incomplete_paste_can_be_continued(self):
        shell = self.shell()
        shell.paste("one;\ntw\x1b[3Do\x04")
        shell.expect_rows(PROMPT + "one;", "> tw^[[3Do^D", cursor=(1, 12))
        shell.type("\x15one;\n")  # Ctrl-U
        shell.expect("first")
        shell.expect(PROMPT)
        self.assertEqual(["one;", "one;"], self.statements())

    def test_tab_completes_words_and_names(self):
        shell = self.shell()
        shell.type("\\conni\t\n")
        shell.expect("user me.")
        shell.expect(PROMPT)
        for i in itertools.count():  # until the tokens have arrived
            shell.type(f"\x15use ret\t{i}.")
            shell.wait_until(lambda: shell.screen.lines()[-1].endswith(f"{i}."), lambda: i)
            if shell.screen.lines()[-1].endswith(f"use retail {i}."):
                break
        shell.type("\x17\x7f;\n")  # deletes the number and the space after the completed word
        shell.expect("used")
        self.assertEqual(["use retail;"], self.statements())
        shell.type("\\d ret\t\n")
        shell.wait_until(lambda: self.statements()[1:], self.statements)
        self.assertEqual(["show table retail;"], self.statements()[1:])

    def test_g_repeats_the_statement(self):
        shell = self.shell()
        shell.type("two\n")
        shell.expect("> ")
        shell.type("lines \\g\n")
        shell.expect("second")
        shell.expect(PROMPT)
        shell.type("\\g\n")
        shell.expect("second")
        shell.expect(PROMPT)
        path = pathlib.Path(self.home, "out.txt")
        shell.type(f"one \\g {path}\n")
        shell.expect("executed successfully")
        shell.expect(PROMPT)
        self.assertEqual("first\n", path.read_text())
        self.assertEqual(["two\nlines;"] * 2 + ["one;"], self.statements())

    def test_g_needs_a_statement(self):
        shell = self.shell()
        shell.type("\\g\n")
        shell.expect(ERROR + "no statement has been run yet")

    def test_e_runs_the_edited_text(self):
        editor = pathlib.Path(self.home, "editor")
        editor.write_text('#!/bin/sh\ngrep -q "^one;$" "$1" && printf "two\\nlines;\\n" > "$1"\n')
        editor.chmod(0o700)
        shell = self.start(EDITOR=str(editor))
        shell.expect(PROMPT)
        shell.type("one;\n")
        shell.expect(PROMPT)
        shell.type("\\e\n")
        shell.expect("second")
        shell.expect(PROMPT)
        shell.type("\\e\n")  # the editor no longer finds its line and fails
        shell.expect(ERROR + "the editor failed: " + str(editor))
        self.assertEqual(["one;", "two\nlines;"], self.statements())

    def test_watch_runs_until_ctrl_c(self):
        shell = self.shell()
        shell.type("one \\watch 0.01\n")
        for _ in range(3):
            shell.expect("first")
        os.kill(shell.pid, signal.SIGINT)
        shell.expect(PROMPT)
        shell.type("\\watch never\n")
        shell.expect(ERROR + "found 'never', expected a number from 0.01 to 86400")

    def test_s_shows_the_history(self):
        shell = self.shell()
        shell.type("one;\n")
        shell.expect(PROMPT)
        shell.type("\\s\n")
        shell.expect("one;\r\n\\s\r\n")
        shell.expect(PROMPT)

    def test_pager_shows_long_results_only(self):
        path = pathlib.Path(self.home, "paged")
        shell = self.start(PAGER=f"cat > {path}; echo left")
        shell.resize(24, 80)
        shell.expect(PROMPT)
        shell.type("one;\n")
        self.assertNotIn("left", shell.expect("executed successfully"))
        self.assertFalse(path.exists())
        shell.expect(PROMPT)
        shell.type("long;\n")
        self.assertNotIn("999", shell.expect("left\r\n"))
        shell.expect("executed successfully")
        self.assertEqual(1002, len(path.read_text().splitlines()))
        shell.expect(PROMPT)
        shell.type("\\pager off\n")
        shell.expect("The pager is off.")
        shell.type("long;\n")
        shell.expect("999")
        shell.expect("executed successfully")

    def test_empty_pager_disables_paging(self):
        path = pathlib.Path(self.home, "paged")
        program = f"cat > {path}"
        for variables in ({"PAGER": ""}, {"PAGER": " "}, {"TQL_PAGER": "", "PAGER": program},
                          {"PAGER": program, "TERM": "dumb"}, {"PAGER": program, "TERM": None}):
            shell = self.start(**variables)
            shell.expect(PROMPT)
            shell.type("long;\n")
            self.assertIn("999\r\n", shell.expect(PROMPT))
            self.assertFalse(path.exists(), variables)
            shell.type("\\pager on\n")
            shell.expect("Nothing is paged: ")
            shell.expect(PROMPT)
            shell.type("long;\n")
            self.assertIn("999\r\n", shell.expect(PROMPT))
            self.assertFalse(path.exists(), variables)
        shell = self.start(TQL_PAGER=program, PAGER="")
        shell.expect(PROMPT)
        shell.type("long;\n")
        shell.expect(PROMPT)
        self.assertIn("999\n", path.read_text())

    def test_a_pager_can_be_left_early(self):
        shell = self.start(PAGER="head -n 3; echo left")
        shell.resize(24, 80)
        shell.expect(PROMPT)
        shell.type("long;\n")
        shell.expect("left")
        shell.expect(PROMPT)
        shell.type("one;\n")
        shell.expect("first")

    def test_ctrl_d_ends_it(self):
        shell = self.shell()
        shell.type("\x04")
        self.assertEqual(0, shell.end())

    def test_ctrl_c_discards_the_input(self):
        shell = self.shell()
        shell.type("two\n")
        shell.expect("> ")
        os.kill(shell.pid, signal.SIGINT)
        shell.expect("^C")
        shell.expect(PROMPT)
        shell.type("one;\n")
        shell.expect("first")
        shell.expect(PROMPT)
        self.assertEqual(["one;"], self.statements())

    def test_ctrl_c_ends_the_statement_and_not_the_shell(self):
        shell = self.shell()
        shell.type("hang;\n")
        shell.expect("Loading [")
        shell.expect("40%")
        shell.type("\x03")
        shell.expect("cancelled")
        shell.expect(PROMPT)
        shell.type("one;\n")
        shell.expect("first")

    def test_escapes_messages_of_the_service(self):
        shell = self.shell()
        shell.type("evil;\n")
        shell.expect("a\\x1b[31m")
        shell.expect("cell\\x1b[2J\\r")
        shell.expect("told\\x1b]0;title\\x07\r\n\ttwo\\x9b1m lines\r\n")
        shell.expect(ERROR + "no\\x1b[H")
        shell.expect(PROMPT)

    def test_escapes_results_in_all_formats(self):
        for form, seen in (("tql", ["cell\\x1b[2J\\r\\x7f\\x9b1m"]),
                           ("aligned", ["a\\x1b[31m\r\n", "cell\\x1b[2J\\r\\x7f\\x9b1m"]),
                           ("csv", ["a\\x1b[31m\r\n", "cell\\x1b[2J\\r\\x7f\\x9b1m"]),
                           ("json", ['"a\\u001b[31m":', '"cell\\u001b[2J\\r\\u007f\\u009b1m"']),
                           ("jsonl", ['"a\\u001b[31m":', '"cell\\u001b[2J\\r\\u007f\\u009b1m"'])):
            with self.subTest(form=form):
                shell = self.start("--format", form, "-c", "evil;", NO_COLOR="1")
                self.assertEqual(3, shell.end())
                for text in seen:
                    self.assertIn(text, shell.seen)
                for control in "\x1b\x7f\x9b":
                    self.assertNotIn(control, shell.seen)

    def test_escapes_echoed_statements(self):
        path = pathlib.Path(self.home, "evil.tql")
        path.write_text("say \x1b[2J;", encoding="utf-8")
        shell = self.start("-f", str(path), NO_COLOR="1")
        self.assertEqual(3, shell.end())
        self.assertIn("  say \\x1b[2J\r\n" + " " * 13 + "^\r\n", shell.seen)

    def test_characters_are_whole_without_a_locale(self):
        shell = self.start(LC_ALL="")
        shell.expect(PROMPT)
        shell.type("sé;\n")
        shell.expect("accented")
        self.assertEqual(["sé;"], self.statements())

    def test_a_question_is_asked_until_it_is_answered(self):
        shell = self.shell()
        shell.type("ask;\n")
        shell.expect("WARNING: this will hurt.")
        shell.expect("Do you wish to proceed? [yes/no] ")
        shell.type("perhaps\n")
        shell.expect("'perhaps' is not one of the answers.")
        shell.expect("Do you wish to proceed? [yes/no] ")
        shell.type("yes\n")
        shell.expect("answered yes")
        shell.expect(PROMPT)

    def test_ctrl_c_at_a_question_ends_the_statement(self):
        shell = self.shell()
        shell.type("ask;\n")
        shell.expect("[yes/no] ")
        shell.type("\x03")
        shell.expect("cancelled")
        shell.expect(PROMPT)
        shell.type("one;\n")
        shell.expect("first")
        self.assertEqual(["ask;", "one;"], self.statements())

    def test_history_has_whole_statements_in_a_private_file(self):
        shell = self.shell()
        shell.type("two\nlines;\n")
        shell.expect("second")
        shell.expect(PROMPT)
        shell.type("\x04")
        shell.end()
        path = pathlib.Path(self.home, "state", "tql", "history")
        self.assertEqual(0o600, stat.S_IMODE(path.stat().st_mode))
        shell = self.shell()
        shell.type("\x10\n")  # Ctrl-P
        shell.expect("second")
        self.assertEqual(["two\nlines;"] * 2, self.statements())

    def test_state_folders_are_private_and_a_home_that_does_not_exist_is_not_made(self):
        home = pathlib.Path(self.home, "home")
        for exists in (False, True):
            if exists:
                home.mkdir()
            shell = Terminal(self.service.url, home=str(home), XDG_STATE_HOME=None)
            self.addCleanup(shell.kill)
            shell.expect(PROMPT)
            shell.type("one;\n\x04")
            self.assertEqual(0, shell.end())
            self.assertEqual(exists, home.exists())
        for folder in (home / ".local", home / ".local/state", home / ".local/state/tql"):
            self.assertEqual(0o700, stat.S_IMODE(folder.stat().st_mode), folder)

    def test_the_password_does_not_show(self):
        shell = self.start("--user", "me", password=None)
        shell.expect("Password for me: ")
        self.wait_until_hidden(shell)
        shell.type("hidden-word\n")
        self.assertNotIn("hidden-word", shell.expect(PROMPT))

    def test_ctrl_c_at_the_password_ends_it_and_lets_typing_show_again(self):
        shell = self.start("--user", "me", password=None)
        shell.expect("Password for me: ")
        self.wait_until_hidden(shell)
        shell.type("\x03")
        self.assertEqual(130, shell.end())
        self.assertTrue(shell.showed_typing)

    def test_ctrl_z_at_the_password_does_nothing(self):
        # Otherwise typing would remain visible afterwards.
        shell = self.start("--user", "me", password=None)
        shell.expect("Password for me: ")
        self.wait_until_hidden(shell)
        shell.type("\x1ahidden-word\n")
        self.assertNotIn("hidden-word", shell.expect(PROMPT))

    def test_ctrl_c_at_the_password_of_another_service_leaves_this_one(self):
        shell = self.start("--user", "me", password=None)
        shell.expect("Password for me: ")
        self.wait_until_hidden(shell)
        shell.type("first\n")
        shell.expect(PROMPT)
        shell.type(f"\\c {self.service.url.replace('//', '//you@')}\n")
        shell.expect("Password for you: ")
        self.wait_until_hidden(shell)
        shell.type("\x03")
        shell.expect("cancelled")
        shell.expect(PROMPT)
        shell.type("\\conninfo\n")
        shell.expect("user me")

    def test_so_does_any_signal_that_ends_it_there(self):
        for ending in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGABRT):
            with self.subTest(signal=ending):
                shell = self.start("--user", "me", password=None)
                shell.expect("Password for me: ")
                self.wait_until_hidden(shell)
                os.kill(shell.pid, ending)
                self.assertEqual(-ending, shell.end())
                self.assertTrue(shell.showed_typing)

    def wait_until_hidden(self, shell):
        deadline = time.monotonic() + PATIENCE
        while shell.shows_typing():
            if time.monotonic() > deadline:
                raise AssertionError("typing still shows")


class SilentTokensTest(ShellTest):
    """The service never returns its tokens: nothing waits for them."""

    def tokens(self):
        return {"static": self.ending}

    def test_tab_completes_keywords(self):
        shell = self.shell()
        shell.type("trunca\tX")
        self.assertIn("te", shell.expect("X"))
        shell.type("\x15\x04")
        self.assertEqual(0, shell.end())


if __name__ == "__main__":
    del sys.argv[1:3]
    unittest.main(verbosity=2)
