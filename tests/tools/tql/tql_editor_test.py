"""The line editor of tql as seen by a user at a terminal.

`tql_editor_test.py PATH_OF_TQL PATH_OF_TQLMOCKD [unittest arguments]`
"""

import os
import pathlib
import signal
import sys
import tempfile
import time
import unittest

import fake_service
import pty_shell
from fake_service import line, message
from pty_shell import PATIENCE, PROMPT

TQL = os.path.abspath(sys.argv[1])
UP, DOWN, RIGHT, LEFT = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D"
HOME, END, DELETE, BACK_TAB = "\x1b[H", "\x1b[F", "\x1b[3~", "\x1b[Z"


class Answers(dict):
    """Every statement succeeds."""

    def __missing__(self, statement):
        return lambda request: [line(message=[message("ran\n")], complete=True)]


class EditorTest(unittest.TestCase):
    NAMES = []

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = folder.name
        self.history = pathlib.Path(self.home, "state", "tql", "history")
        self.service = fake_service.FakeService(Answers(), {"static": ["select"], "dynamic": self.NAMES})
        self.addCleanup(self.service.close)

    def start(self, *flags, **more):
        terminal = pty_shell.Terminal(TQL, self.service.url, *flags, home=self.home, **more)
        self.addCleanup(terminal.kill)
        return terminal

    def shell(self, *flags, **more):
        terminal = self.start(*flags, **more)
        terminal.expect_rows(*self.prompt_rows(terminal.screen.columns))
        return terminal

    def prompt_rows(self, columns):
        return [PROMPT[i:i + columns] for i in range(0, len(PROMPT), columns)]

    def run_in(self, shell, keys, *statements):
        """Types keys that make the shell run statements."""
        before = len(self.service.asked)
        shell.type(keys)
        for _ in statements:
            shell.expect("ran")
        shell.expect(PROMPT)
        self.assertEqual(list(statements),
                         [request["query"]["statement"] for request in self.service.asked[before:]])

    def write_history(self, text):
        self.history.parent.mkdir(parents=True)
        self.history.write_text(text)


class LinesTest(EditorTest):
    def test_a_statement_is_one_text_of_several_lines(self):
        shell = self.shell()
        shell.type("select a\nfrom t\nwhere x")
        shell.expect_rows(PROMPT + "select a", "> from t", "> where x", cursor=(2, 9))
        shell.type(UP + UP + "," + "b")
        shell.expect_rows(PROMPT + "select ,ba", "> from t", "> where x", cursor=(0, len(PROMPT) + 9))
        shell.type(RIGHT + "\x7f" + LEFT + "\x7f" + "a" + END + "," + DOWN + END + " s")
        shell.expect_rows(PROMPT + "select ab,", "> from t s", "> where x", cursor=(1, 10))
        shell.type(HOME + "\x1b\r" + UP + "c")  # Alt-Enter
        shell.expect_rows(PROMPT + "select ab,", "> c", "> from t s", "> where x", cursor=(1, 3))
        self.run_in(shell, DOWN + DOWN + END + ";\n", "select ab,\nc\nfrom t s\nwhere x;")

    def test_enter_runs_complete_input(self):
        shell = self.shell()
        self.run_in(shell, "one\ntwo;" + UP + HOME + "\n", "one\ntwo;")
        shell.type("'a;\n")  # not within a string
        shell.expect_rows(PROMPT + "'a;", ">", cursor=(1, 2))
        self.run_in(shell, "b';\n", "'a;\nb';")

    def test_newlines_are_deleted_like_characters(self):
        shell = self.shell()
        shell.type("one\ntwo" + HOME + "\x7f")
        shell.expect_rows(PROMPT + "onetwo", cursor=(0, len(PROMPT) + 3))
        shell.type("\n" + LEFT + DELETE + "\x0b;")  # Ctrl-K
        shell.expect_rows(PROMPT + "one;")

    def test_history_walks_over_whole_statements(self):
        shell = self.shell()
        self.run_in(shell, "one;\n", "one;")
        self.run_in(shell, "select a\nfrom t;\n", "select a\nfrom t;")
        shell.type("draft")
        shell.expect_rows(PROMPT + "draft")
        shell.type(UP)
        shell.expect_rows(PROMPT + "select a", "> from t;", cursor=(1, 9))
        shell.type(UP + UP)
        shell.expect_rows(PROMPT + "one;")
        shell.type(UP + DOWN + DOWN)
        shell.expect_rows(PROMPT + "draft", cursor=(0, len(PROMPT) + 5))
        shell.type(UP + UP + END + ", b")
        shell.expect_rows(PROMPT + "select a, b", "> from t;")
        self.run_in(shell, "\n", "select a, b\nfrom t;")
        shell.type(UP + "\x1bp")  # Alt-P: the previous entry, from any line
        shell.expect_rows(PROMPT + "select a", "> from t;")

    def test_a_text_that_is_taller_than_the_terminal(self):
        shell = self.shell(size=(5, 40))
        shell.type("".join(f"{i}\n" for i in range(20)))
        shell.expect_rows("> 16", "> 17", "> 18", "> 19", ">", cursor=(4, 2))
        shell.type(UP * 18)
        shell.expect_rows("> 2", "> 3", "> 4", "> 5", "> 6", cursor=(0, 2))
        shell.type(UP * 2)
        shell.expect_rows(PROMPT + "0", "> 1", "> 2", "> 3", "> 4", cursor=(0, len(PROMPT)))
        self.run_in(shell, "\x1b[1;5F20;\n", "".join(f"{i}\n" for i in range(20)) + "20;")

    def test_ctrl_c_and_ctrl_d(self):
        shell = self.shell()
        shell.type("one\ntwo" + UP)
        shell.expect_rows(PROMPT + "one", "> two", cursor=(0, len(PROMPT) + 3))
        shell.type("\x03")
        shell.expect_rows(PROMPT + "one", "> two^C", PROMPT)
        shell.type("ab" + LEFT + "\x04")
        shell.expect_rows(PROMPT + "a")
        shell.type("\x7f\x04")
        self.assertEqual(0, shell.end())

    def test_typing_ahead(self):
        shell = self.start()
        shell.type("one;\nselect\n2;\nexit\n")
        self.assertEqual(0, shell.end())
        self.assertEqual(["one;", "select\n2;"], [r["query"]["statement"] for r in self.service.asked])


class KeysTest(EditorTest):
    def check(self, shell, keys, text, column):
        shell.type(keys)
        shell.expect_rows(PROMPT + text, cursor=(0, len(PROMPT) + column))

    def test_moving(self):
        shell = self.shell()
        self.check(shell, "one two_2 three\x01", "one two_2 three", 0)
        self.check(shell, "\x06\x06", "one two_2 three", 2)
        self.check(shell, "\x02", "one two_2 three", 1)
        self.check(shell, "\x1b[1;5C\x1bf", "one two_2 three", 9)
        self.check(shell, "\x1b[1;5D", "one two_2 three", 4)
        self.check(shell, "\x1bb", "one two_2 three", 0)
        self.check(shell, "\x05", "one two_2 three", 15)

    def test_killing_and_yanking(self):
        shell = self.shell()
        self.check(shell, "select one, two\x17\x17", "select ", 7)
        self.check(shell, "\x19", "select one, two", 15)
        self.check(shell, "\x1b\x7f\x01\x1bd", " one, ", 0)
        self.check(shell, "\x05\x15", "", 0)
        self.check(shell, "\x19\x19", " one,  one, ", 12)
        self.check(shell, "\x02\x02\x02\x02\x14", " one,  noe, ", 9)

    def test_undo(self):
        shell = self.shell()
        self.check(shell, "select one\x17", "select ", 7)
        self.check(shell, "\x1f", "select one", 10)
        self.check(shell, "\x1f", "select ", 7)
        self.check(shell, "\x1f\x1f", "", 0)

    def test_quoted_characters_and_invalid_utf8(self):
        shell = self.shell()
        self.check(shell, "a\x16\x1b[A\x16\t.", "a^[[A    .", 10)
        self.check(shell, b"\x15\xff\xc3(", "\ufffd\ufffd(", 3)

    def test_ctrl_l_empties_the_screen(self):
        shell = self.shell()
        self.run_in(shell, "one;\n", "one;")
        shell.type("two\x0c")
        shell.wait_until(lambda: shell.screen.lines() == [PROMPT + "two"], lambda: "an empty screen")


class WidthTest(EditorTest):
    def test_20_columns(self):
        shell = self.shell(size=(24, 20))
        shell.type("select a, b, c from t")
        shell.expect_rows("TQL [database=(none)", "]> select a, b, c fr", "om t", cursor=(2, 4))
        shell.type("\x01" + DELETE)
        shell.expect_rows("TQL [database=(none)", "]> elect a, b, c fro", "m t", cursor=(1, 3))
        self.run_in(shell, "s\x05;\n", "select a, b, c from t;")

    def test_cursor_after_a_full_row(self):
        shell = self.shell(size=(24, 20))
        shell.type("select a, b, c fr")
        shell.expect_rows("TQL [database=(none)", "]> select a, b, c fr", cursor=(2, 0))
        shell.type("\x7f")
        shell.expect_rows("TQL [database=(none)", "]> select a, b, c f", cursor=(1, 19))

    def test_wide_and_combining_characters(self):
        shell = self.shell(size=(24, 30))
        shell.type("'漢字e\u0301漢'")
        shell.expect_rows(PROMPT + "'漢字e\u0301", "漢'", cursor=(1, 3))
        shell.type(LEFT * 3 + "\x7f")
        shell.expect_rows(PROMPT + "'漢e\u0301漢'", cursor=(0, len(PROMPT) + 3))
        shell.type(DELETE)
        shell.expect_rows(PROMPT + "'漢漢'", cursor=(0, len(PROMPT) + 3))
        self.run_in(shell, "\x05;\n", "'漢漢';")

    def test_an_emoji_of_several_code_points_is_one_wide_character(self):
        family, flag = "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1e9\U0001f1ea"
        shell = self.shell(size=(24, 30))
        shell.type(f"'{family}{flag}xy{family}'")
        shell.expect_rows(PROMPT + f"'{family}{flag}xy", f"{family}'", cursor=(1, 3))
        shell.type(LEFT * 2 + "\x7f\x7f")
        shell.expect_rows(PROMPT + f"'{family}{flag}{family}", "'", cursor=(0, len(PROMPT) + 5))
        shell.type("\x7f\x7f")
        shell.expect_rows(PROMPT + f"'{family}'", cursor=(0, len(PROMPT) + 1))
        shell.type(DELETE)
        self.run_in(shell, "\x05;\n", "'';")

    def test_a_database_of_wide_characters_in_the_prompt(self):
        context = {**fake_service.CONTEXT, "database": "漢\x1b[31m"}
        self.service.close()
        answers = Answers(use=lambda request: [{"result": {"final_context": context, "complete": True}}])
        self.service = fake_service.FakeService(answers)
        self.addCleanup(self.service.close)
        shell = self.shell()
        shell.type("use;\n")
        prompt = "TQL [database=漢\\x1b[31m]> "
        shell.expect_rows(prompt, cursor=(0, len(prompt) + 1))

    def test_another_size(self):
        shell = self.shell(size=(24, 60))
        self.run_in(shell, "one;\n", "one;")
        shell.type("select 1234567890\nfrom t where 1234567890")
        shell.expect_rows("ran", PROMPT + "select 1234567890", "> from t where 1234567890")
        for columns, rows in ((30, (PROMPT + "select ", "1234567890", "> from t where 1234567890")),
                              (20, ("TQL [database=(none)", "]> select 1234567890", "> from t where 12345",
                                    "67890")),
                              (70, (PROMPT + "select 1234567890", "> from t where 1234567890"))):
            with self.subTest(columns=columns):
                shell.resize(24, columns)
                shell.type("x\x7f")
                shell.expect_rows("ran", *rows)


class PasteTest(EditorTest):
    NAMES = ["select_1"]

    def test_a_paste_runs_when_enter_is_pressed(self):
        shell = self.shell()
        shell.paste("sel\tect 1;\r\nselect 2;\n\x03\x1b[A")
        shell.expect_rows(PROMPT + "sel      ect 1;", "> select 2;", "> ^C^[[A", cursor=(2, 8))
        self.assertEqual([], self.service.asked)
        self.run_in(shell, "\x15\n", "sel\tect 1;", "select 2;")
        shell.type(UP)  # each is a separate entry
        shell.expect_rows(PROMPT + "select 2;")

    def test_paste_at_the_cursor(self):
        shell = self.shell()
        shell.type("f(x)" + LEFT)
        shell.paste(",\r  y")
        shell.expect_rows(PROMPT + "f(x,", ">   y)", cursor=(1, 5))
        shell.type("\x1f")
        shell.expect_rows(PROMPT + "f(x)")

    def test_a_paste_that_the_terminal_does_not_mark(self):
        shell = self.shell()
        expected = [f"select '\t{i}'\n\tfrom t;" for i in range(400)]
        shell.type("\r".join(text.replace("\n", "\r") for text in expected) + "\r")
        for _ in expected:
            shell.expect("ran")
        shell.expect(PROMPT)
        self.assertEqual(expected, [r["query"]["statement"] for r in self.service.asked])

    def test_a_large_paste(self):
        shell = self.shell()
        statement = "select '" + "0123;56789\n" * 50000 + "';"
        shell.paste(statement)
        shell.expect_rows("> 0123;56789", "> ';")
        self.run_in(shell, "\n", statement)

    def test_ctrl_c_ends_an_unterminated_paste(self):
        shell = self.shell()
        shell.type("\x1b[200~select")
        time.sleep(0.1)
        shell.type("\x03")
        shell.expect_rows(PROMPT + "^C", PROMPT)

    def test_ctrl_c_ends_all_that_was_pasted(self):
        ending = fake_service.threading.Event()
        self.addCleanup(ending.set)
        self.service.close()
        self.service = fake_service.FakeService(Answers(hang=lambda request: [ending]))
        self.addCleanup(self.service.close)
        shell = self.shell()
        shell.paste("one;\nhang;\ntwo;\n")
        shell.expect_rows(PROMPT + "one;", "> hang;", "> two;", ">")
        shell.type("\n")
        shell.expect("ran")
        deadline = time.monotonic() + PATIENCE
        while len(self.service.asked) < 2:
            self.assertLess(time.monotonic(), deadline)
        shell.type("\x03")
        shell.expect("cancelled")
        shell.expect(PROMPT)
        self.assertEqual(2, len(self.service.asked))


class CompletionTest(EditorTest):
    NAMES = ["sales", "sales_2020", "store", "evil\x1b[2Jname"]

    def shell_with_names(self):
        shell = self.shell()
        for i in range(1000):  # until the names have arrived
            shell.type(f"\x15use sto\t{i}.")
            shell.wait_until(lambda: shell.screen.lines()[-1].endswith(f"{i}."), lambda: i)
            if shell.screen.lines()[-1].endswith(f"use store {i}."):
                break
        shell.type("\x15")
        shell.expect_rows(PROMPT)
        return shell

    def test_several_are_listed_and_tab_takes_one_after_the_other(self):
        shell = self.shell_with_names()
        shell.type("use s\t")
        shell.expect_rows(PROMPT + "use s", "sales       sales_2020  store", cursor=(0, len(PROMPT) + 5))
        shell.type("\t\t")
        shell.expect_rows(PROMPT + "use sales_2020", "sales       sales_2020  store",
                          cursor=(0, len(PROMPT) + 14))
        shell.type("\t\t" + BACK_TAB)
        shell.expect_rows(PROMPT + "use store", "sales       sales_2020  store")
        shell.type(".")
        shell.expect_rows(PROMPT + "use store.")
        shell.type("\x15use sa\t")
        shell.expect_rows(PROMPT + "use sales", "sales       sales_2020")
        self.run_in(shell, ";\n", "use sales;")
        self.assertNotIn("sales_2020", shell.screen.lines()[-3])

    def test_in_a_line_of_a_statement(self):
        shell = self.shell_with_names()
        shell.type("select *\nfrom sto\t")
        shell.expect_rows(PROMPT + "select *", "> from store ")
        shell.type(UP + END + "\n  where x = 1\n\ty")
        shell.expect_rows(PROMPT + "select *", ">   where x = 1", ">       y", "> from store ")

    def test_off_as_in_the_vendors_program_and_on_again(self):
        shell = self.shell("-autocomplete", "false")
        shell.type("sel\t")
        self.run_in(shell, "ect 1;\n", "select 1;")
        shell.type("\\set autocomplete on\n")
        shell.expect_rows(PROMPT + "\\set autocomplete on", PROMPT)
        shell.type("sel\t")
        shell.expect_rows(PROMPT + "select ")

    def test_names_cannot_steer_the_terminal(self):
        shell = self.shell_with_names()
        shell.type("use ev\t")
        shell.expect_rows(PROMPT + 'use "evil^[[2Jname" ')
        shell.type("\x15use e\t")
        shell.expect_rows(PROMPT + 'use "evil^[[2Jname" ')

    def test_on_a_small_terminal(self):
        shell = self.shell_with_names()
        shell.screen = pty_shell.Screen(6, 14)
        shell.resize(6, 14)
        shell.type("\x0c\x15use s\t")
        shell.expect_rows("TQL [database=", "(none)]> use s", "", "sales", "...", cursor=(2, 0))


class SearchTest(EditorTest):
    def setUp(self):
        super().setUp()
        self.write_history("select a\\nfrom t;\nuse retail;\nSELECT two;\n")

    def search_prompt(self, query, kind="reverse-i-search"):
        return f"({kind})`{query}': "

    def test_each_key_searches_on(self):
        shell = self.shell()
        shell.type("draft\x12")
        shell.expect_rows(self.search_prompt("") + "draft")
        shell.type("sel")
        shell.expect_rows(self.search_prompt("sel") + "SELECT two;", cursor=(0, 25))
        shell.type("\x12")
        shell.expect_rows(self.search_prompt("sel") + "select a", "> from t;", cursor=(0, 25))
        shell.type("\x12")
        shell.expect_rows(self.search_prompt("sel", "failed reverse-i-search") + "select a", "> from t;")
        shell.type("\x13")
        shell.expect_rows(self.search_prompt("sel", "i-search") + "SELECT two;")
        shell.type("\x07")  # Ctrl-G
        shell.expect_rows(PROMPT + "draft", cursor=(0, len(PROMPT) + 5))

    def test_enter_runs_the_found_entry(self):
        shell = self.shell()
        self.run_in(shell, "\x12from\r", "select a\nfrom t;")
        self.run_in(shell, "\x12tail\x12\x7f\r", "use retail;")

    def test_other_keys_edit_the_found_entry(self):
        shell = self.shell()
        shell.type("\x12retail")
        shell.expect_rows(self.search_prompt("retail") + "use retail;", cursor=(0, 32))
        shell.type("\x1b")
        shell.expect_rows(PROMPT + "use retail;", cursor=(0, len(PROMPT) + 4))
        shell.type(UP)  # continues from there
        shell.expect_rows(PROMPT + "select a", "> from t;")
        shell.type("\x12\x12")  # the text of the last search
        shell.expect_rows(self.search_prompt("retail", "failed reverse-i-search") + "select a", "> from t;")
        shell.type("\x03")
        shell.expect("^C")

    def test_empty_search_restores_the_input(self):
        shell = self.shell()
        shell.type("draft\x12two\x7f\x7f\x7f")
        shell.expect_rows(self.search_prompt("") + "draft")
        shell.type("xyz")
        shell.expect_rows(self.search_prompt("xyz", "failed reverse-i-search") + "draft")
        shell.type(END)
        shell.expect_rows(PROMPT + "draft", cursor=(0, len(PROMPT) + 5))


class ColorTest(EditorTest):
    KEYWORD, STRING, NUMBER, NAME, COMMENT, ERROR = "0;1;34", "0;32", "0;36", "0;33", "0;90", "0;1;31"

    def check(self, shell, text, *looks):
        """The styles of the words of the text."""
        shell.type("\x15" + text)
        shell.expect_rows(PROMPT + text)
        self.assertEqual(list(looks), [shell.screen.looks(word)[0] for word in text.split()])

    def test_words_have_their_colours_as_they_are_typed(self):
        shell = self.shell()
        self.check(shell, "select \"a\" , 'b' , 12 x -- zzz", self.KEYWORD, self.NAME, "", self.STRING, "",
                   self.NUMBER, "", self.COMMENT, self.COMMENT)
        self.check(shell, "selec", "")
        shell.type("t")
        shell.expect_rows(PROMPT + "select")
        self.assertEqual([self.KEYWORD] * 6, shell.screen.looks("select"))
        self.check(shell, "a 'b", "", self.ERROR)
        self.check(shell, "\\dt x", "0;35", "")
        self.assertEqual({""}, set(shell.screen.looks(PROMPT.strip())))

    def test_the_colours_end_with_the_text(self):
        shell = self.shell()
        shell.type("select 1;\n")
        shell.expect("ran")
        shell.expect_rows("ran", PROMPT)
        self.assertEqual(["", "", ""], shell.screen.looks("ran"))

    def test_the_found_text_is_marked(self):
        self.write_history("use retail;\n")
        shell = self.shell()
        shell.type("\x12tail")
        shell.expect_rows("(reverse-i-search)`tail': use retail;")
        self.assertEqual(["", "", "0;7", "0;7", "0;7", "0;7", ""], shell.screen.looks("retail;"))

    def test_no_colours(self):
        for flags, more in ((("--color", "never"), {}), (("--highlight=false",), {}), ((), {"NO_COLOR": "1"}),
                            (("--color=auto",), {"NO_COLOR": "1"})):
            with self.subTest(flags=flags, more=more):
                shell = self.shell(*flags, **more)
                self.check(shell, "select 'a' 12", "", "", "")
                self.assertNotIn("m", shell.seen.replace("\x1b[?2004h", "").partition(PROMPT)[2])

    def test_asked_for_in_spite_of_the_environment(self):
        shell = self.shell("--color", "always", NO_COLOR="1")
        self.check(shell, "select", self.KEYWORD)

    def test_errors_are_red(self):
        for more, look in (({}, self.ERROR), ({"NO_COLOR": "1"}, "")):
            with self.subTest(more=more):
                shell = self.shell(**more)
                shell.type("\\nonsense\n")
                shell.expect_rows(PROMPT + "\\nonsense",
                                  "error: unknown command \\nonsense; \\? shows all commands", PROMPT)
                self.assertEqual([look.removeprefix("0;")] * 6, shell.screen.looks("error:"))
                self.assertEqual(["0" if look else ""] * 7, shell.screen.looks("unknown"))

    def test_off_and_on_at_the_prompt(self):
        shell = self.shell()
        shell.type("\\set highlight off\n")
        shell.expect_rows(PROMPT + "\\set highlight off", PROMPT)
        self.check(shell, "select", "")
        shell.type("\x15\\set highlight on\n")
        shell.expect_rows(PROMPT + "\\set highlight on", PROMPT)
        self.check(shell, "select", self.KEYWORD)

    def test_long_texts_are_plain(self):
        shell = self.shell()
        shell.paste("select " + "'a'\n" * 20000 + "select 1")
        shell.expect_rows("> 'a'", "> select 1")
        self.assertEqual({""}, set(shell.screen.looks("select 1")))


class HistoryFileTest(EditorTest):
    def test_the_file_of_an_earlier_version(self):
        self.write_history("_HiStOrY_V2_\nselect\\0401;\nselect\\040a\\012from\\040t;\n")
        shell = self.shell()
        shell.type(UP)
        shell.expect_rows(PROMPT + "select a", "> from t;")
        self.run_in(shell, "\n", "select a\nfrom t;")
        shell.type("two;\n\x04")
        shell.end()
        shell = self.shell()
        shell.type(UP + UP)
        shell.expect_rows(PROMPT + "select a", "> from t;")

    def test_it_cannot_steer_the_terminal(self):
        self.write_history("_HiStOrY_V2_\nselect \x1b[2J\\033]0;x\\007;\n")
        shell = self.shell()
        shell.type(UP)
        shell.expect_rows(PROMPT + "select ^[[2J^[]0;x^G;")

    def test_two_shells_at_once(self):
        one = self.shell()
        other = self.shell()
        self.run_in(one, "one;\n", "one;")
        self.run_in(other, "other;\n", "other;")
        for shell in one, other:
            shell.type("\x04")
            shell.end()
        self.assertEqual("_HiStOrY_V2_\none;\nother;\n", self.history.read_text())


class PlainTest(EditorTest):
    def test_no_escapes_on_dumb_terminals(self):
        for term in "dumb", "", None:
            with self.subTest(term=term):
                shell = self.start(TERM=term)
                shell.expect(PROMPT)
                shell.type("select a\n")
                shell.expect("\r\n> ")
                shell.type("from t;\n")
                shell.expect("ran\r\n" + PROMPT)
                shell.type("tw")
                os.kill(shell.pid, signal.SIGINT)
                shell.expect(PROMPT)
                shell.type(b"\xff\xc3(;\n")
                shell.expect("ran\r\n" + PROMPT)
                shell.type("\x04")
                self.assertEqual(0, shell.end())
                self.assertEqual("select a\nfrom t;", self.service.asked[-2]["query"]["statement"])
                self.assertNotIn("\x1b", "".join(shell.screen.everything()))
                self.assertEqual([], shell.screen.unknown)


class TerminalModesTest(EditorTest):
    def test_restores_the_terminal_at_exit(self):
        for end in ("\x04", "exit;\n", "\\q\n"):
            with self.subTest(end=end):
                shell = self.shell()
                self.assertFalse(shell.shows_typing())
                shell.type(end)
                self.assertEqual(0, shell.end())
                self.assertTrue(shell.showed_typing)

    def test_so_it_is_when_a_signal_ends_it(self):
        for ending in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGABRT, signal.SIGALRM,
                       signal.SIGUSR1):
            with self.subTest(signal=ending):
                shell = self.shell()
                shell.type("sel")
                shell.expect_rows(PROMPT + "sel")
                os.kill(shell.pid, ending)
                self.assertEqual(-ending, shell.end())
                self.assertTrue(shell.showed_typing)
                self.assertTrue(shell.seen.endswith("\x1b[?2004l"), shell.seen)

    def test_ctrl_backslash_ends_it_but_not_in_a_paste(self):
        shell = self.shell()
        shell.paste("one\x1c\x03\x04two")
        shell.expect_rows(PROMPT + "one^\\^C^Dtwo")
        shell.type("\x1c")
        self.assertEqual(-signal.SIGQUIT, shell.end())
        self.assertTrue(shell.showed_typing)

    def test_ctrl_z_suspends(self):
        script = f"set -m; {TQL} {self.service.url}; stty -a | grep -o ' echo '; echo stopped; fg; echo over"
        shell = pty_shell.Terminal("bash", "-c", script, home=self.home)
        self.addCleanup(shell.kill)
        shell.expect_rows(PROMPT)
        shell.type("one\ntwo" + UP + "\x1a")
        shell.expect(" echo \r\nstopped")
        shell.expect_rows(PROMPT + "one", "> two", cursor=(0, len(PROMPT) + 3))
        self.run_in(shell, "\x05 x" + DOWN + END + ";\n", "one x\ntwo;")
        shell.type("\x04")
        shell.expect("over")
        self.assertEqual(0, shell.end())


if __name__ == "__main__":
    del sys.argv[1:3]
    unittest.main(verbosity=2)
