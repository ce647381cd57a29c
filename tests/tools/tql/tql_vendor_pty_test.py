"""Vendor mode on a terminal driven by a program: what public connectors type and how they read the output.

`tql_vendor_pty_test.py PATH_OF_TQL PATH_OF_TQLMOCKD [unittest arguments]`
"""

import os
import pathlib
import re
import signal
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "integration"))

import fake_service  # noqa: E402
import harness  # noqa: E402
import pty_shell  # noqa: E402
from fake_service import line, message  # noqa: E402
from pty_shell import PROMPT  # noqa: E402

TQL = os.path.abspath(sys.argv.pop(1))
SUCCESS = "Statement executed successfully. \n"
SETUP = """create database d; use d;
create table t (a int, "b c" varchar(40), since datetime);
insert into t values (1, 'x', '2020-01-02 03:04:05'); insert into t values (2, null, null);
create schema s; create table s.u (a double);
"""


class VendorTerminalTest(harness.ServerTest):
    setup_script = SETUP

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = folder.name
        os.symlink(TQL, self.home + "/tql")

    def start(self, *command, **more):
        environment = {"PATH": f"{self.home}:{os.environ['PATH']}", "TQL_VENDOR": "1", "PS1": "",
                       "TQL_URL": self.server.ready["http"], "TQL_USER": "tsadmin", **more}
        terminal = pty_shell.Terminal(*command, home=self.home, **environment)
        self.addCleanup(terminal.kill)
        return terminal

    def tql(self, *flags, **more):
        return self.start(TQL, *flags, **more)


class PipeTest(VendorTerminalTest):
    def test_a_piped_script_does_not_ask(self):
        self.server.login().script(
            "use d; create table p (a int, primary key (a));"
            "create table c (a int, constraint f foreign key (a) references p (a));")
        terminal = self.start("sh")
        terminal.type("printf 'use d;\\ndrop table p;\\nselect 7;\\n' | tql 2>&1; echo status=$?; exit\n")
        self.assertEqual(0, terminal.end(), terminal.seen)
        self.assertIn("nobody can answer here", terminal.seen)
        self.assertRegex(terminal.seen, r"\b7\b[^$]*status=0")


class TalendTest(VendorTerminalTest):
    """Talend's component types all lines at once into a shell, which starts tql."""

    def run_lines(self, *statements):
        terminal = self.start("sh")
        terminal.type("".join(text + "\n" for text in ("tql", *statements, "exit;", "exit")))
        self.assertEqual(0, terminal.end(), terminal.seen)  # the second exit ends the shell
        self.assertNotIn("\x1b", terminal.seen)
        return terminal.seen.replace("\r", "").split("\n")

    @staticmethod
    def rows(lines, begins):
        found, inside = [], False
        for text in lines:
            if inside and text.startswith("Statement"):
                inside = False
            if inside:
                found.append(text)
            if begins(text):
                inside = True
        return found

    def test_databases(self):
        lines = self.run_lines("show databases;")
        names = self.rows(lines, lambda text: text.strip().startswith(
            "TQL [database=(none)]> show databases;"))
        self.assertIn("d", [name.strip() for name in names])
        self.assertNotIn("", names)

    def test_schemas_and_tables(self):
        def dashes(text):
            return text.startswith("----")
        lines = self.run_lines("use d;", "show schemas;")
        self.assertEqual(["falcon_default_schema", "s"],
                         [row.split("|")[0].strip() for row in self.rows(lines, dashes)])
        lines = self.run_lines("use d;", "show tables;")
        self.assertEqual([["falcon_default_schema", "t"], ["s", "u"]],
                         [[cell.strip() for cell in row.split("|")[:2]]
                          for row in self.rows(lines, dashes)])

    def test_columns(self):
        lines = self.run_lines("use d;", "show table falcon_default_schema.t;")
        columns, inside = {}, False
        for text in lines:
            if inside and text.startswith("Statement"):
                inside = False
            if inside and not text.startswith("-"):
                cells = re.sub(r"\|*$", "", text).split("|")  # like Java's split, which drops trailing empty fields
                columns[cells[0].strip()] = cells[4 if len(cells) == 5 else 2].strip()
            if "|" in text:
                inside = True
        self.assertEqual({"a": "int32", "b c": "varchar", "since": "datetime"}, columns)

    def test_changes(self):
        for statements in (["create database e;"], ["use e;", "create schema s;"],
                           ["use e;", "create table s.t(a int, b varchar(9));"],
                           ["use e;", "truncate table s.t;"]):
            text = "\n".join(self.run_lines(*statements))
            self.assertIn("Statement executed successfully.", text)
            self.assertNotIn("error=", text)
        self.assertIn("error=", "\n".join(self.run_lines("create database e;")))


class PyTqlTest(VendorTerminalTest):
    """py-tql types a line and waits for either prompt; the first line of output is the echo of its input."""

    def setUp(self):
        super().setUp()
        self.terminal = self.start("sh")
        self.command("tql -script_comments=false")

    def command(self, text):
        self.terminal.type(text + "\n")
        prompt = re.compile(r"TQL \[database=|\$> ")
        seen = ""
        while not (found := prompt.search(seen)):
            self.terminal.wait_until(lambda: self.terminal.seen, lambda: "an answer")
            seen, self.terminal.seen = seen + self.terminal.seen, ""
        if found.group() == "TQL [database=" and "]> " not in seen[found.start():]:
            seen += self.terminal.expect("]> ")
        self.assertNotIn("\x1b", seen)
        self.prompt = found.group()
        return seen.replace("\r", "").split("\n")[1:-1]

    def test_a_session(self):
        success = SUCCESS.rstrip("\n")
        self.assertEqual(["Changing database context to d", success], self.command("use d;"))
        self.assertEqual(["a", "-", "1", "2", "(2 result rows)", success],
                         self.command("select a from t order by a;"))
        self.assertEqual([], self.command("select a, since"))
        self.assertEqual("$> ", self.prompt)
        self.assertEqual(["a|since", "-------", "2|(null)", "1|2020-01-02 03:04:05",
                          "(2 result rows)", success], self.command("from t order by a desc;"))
        failed = self.command("selekt 1;")
        self.assertTrue(failed[0].startswith("error="), failed)
        self.assertEqual(["s|u"], [re.sub(r"\s*\|.*", "|u", row) for row in self.command("show tables;")
                                   if row.startswith("s ")])


class TerminalTest(VendorTerminalTest):
    def serve(self, answers):
        service = fake_service.FakeService(answers)
        self.addCleanup(service.close)
        return service

    def test_a_long_result_is_neither_paged_nor_aligned_nor_coloured(self):
        wide = "w" * 200
        service = self.serve({"long": lambda _: [line(
            table={"headers": [{"name": "n", "type": "INT"}, {"name": "w", "type": "VARCHAR"}],
                   "rows": [{"v": [str(i), wide]} for i in range(200)]},
            message=[message(SUCCESS)], complete=True)]})
        shell = self.tql(TQL_URL=service.url, PAGER="echo paged")
        shell.expect(PROMPT)
        shell.type("long;\n")
        rows = "".join(f"{i}|{wide}\r\n" for i in range(200))
        self.assertEqual("long;\r\nn|w\r\n---\r\n" + rows + SUCCESS.replace("\n", "\r\n"),
                         shell.expect(PROMPT))
        shell.type("\x04")
        self.assertEqual(0, shell.end())
        self.assertTrue(shell.showed_typing)

    def test_type_ahead(self):
        going_on, asked = threading.Event(), threading.Event()

        def slow(_):
            asked.set()
            yield line(progress=[{"id": "1", "label": "Loading", "percentage": 40, "details": "x"}])
            yield line(message=[message("begun\n")])
            yield going_on
            yield line(message=[message(SUCCESS)], complete=True)
        service = self.serve({"slow": slow, "s\u00e9\nnext": lambda _: [line(
            message=[message("sent\n")], complete=True)]})
        self.addCleanup(going_on.set)
        shell = self.tql(TQL_URL=service.url)
        shell.type("slow;\ns\u00e9\nne")
        self.assertTrue(asked.wait(pty_shell.PATIENCE))
        shell.type("xt;\nexit;\nfor whoever reads next\n")
        going_on.set()
        self.assertEqual(0, shell.end())
        ends = SUCCESS.replace("\n", "\r\n")
        seen = shell.seen[shell.seen.index(PROMPT):]  # input before tql started is echoed by the terminal
        self.assertEqual(f"{PROMPT}slow;\r\nbegun\r\n{ends}{PROMPT}s\u00e9\r\n$> next;\r\nsent\r\n"
                         f"{PROMPT}exit;\r\n", seen)

    def test_keys(self):
        shell = self.tql()
        shell.expect(PROMPT)
        shell.type("shox\x7fw \u672c\x7f'\x01\x7f\x7fdatabases\x15\x15ab\x08\x08\x08")
        shell.type("show databases;\r")
        self.assertIn("\r\nd\r\n", shell.expect(PROMPT))
        self.assertEqual("TQL [database=(none)]> show databases;", shell.screen.lines()[0])
        shell.type("dropped\x03")
        shell.expect("\r\n" + PROMPT)
        shell.type("kept\x04;\n")
        self.assertIn("kept;\r\nerror=", shell.expect(PROMPT))
        shell.type("\x04")
        self.assertEqual(0, shell.end())

    def test_restores_the_terminal(self):
        service = self.serve({"hang": lambda _: [threading.Event()]})
        for number in (signal.SIGTERM, signal.SIGHUP):
            for typed in ("", "hang;\n"):
                shell = self.tql(TQL_URL=service.url)
                shell.expect(PROMPT)
                self.assertFalse(shell.shows_typing())
                shell.type(typed)
                if typed:
                    shell.expect("hang;\r\n")
                os.kill(shell.pid, number)
                self.assertEqual(-number, shell.end())
                self.assertTrue(shell.showed_typing, (number, typed))
        shell = self.tql(TQL_URL=service.url)
        shell.expect(PROMPT)
        shell.type("hang;\n")
        shell.expect("hang;\r\n")
        shell.type("\x03")
        shell.expect("cancelled\r\n" + PROMPT)
        shell.type("exit\n")
        self.assertEqual(0, shell.end())

    def test_answers_show(self):
        def ask(request):
            answers = request["query"].get("prompt_responses")
            if not answers:
                return [line(interactive_question=[{"question_id": "q", "banner": "It will hurt.",
                                                    "prompt": "Go on?", "options": ["yes", "no"]}])]
            return [line(message=[message(answers[0]["answer"] + "!\n")], complete=True)]
        shell = self.tql(TQL_URL=self.serve({"ask": ask}).url)
        shell.expect(PROMPT)
        shell.type("ask;\n")
        shell.expect("Go on? [yes/no] ")
        shell.type("yes\n")
        self.assertEqual("yes\r\nyes!\r\n", shell.expect(PROMPT))
        shell.type("ask;\n")
        shell.expect("Go on? [yes/no] ")
        shell.type("no\n")
        self.assertEqual("no\r\nno!\r\n", shell.expect(PROMPT))
        self.assertFalse(shell.shows_typing())

    def test_a_password_stays_hidden(self):
        def answer():
            shell.expect("Password for tsadmin: ")
            while shell.shows_typing():
                time.sleep(0.001)
            shell.type("admin\n")
            self.assertNotIn("admin\r\n", shell.expect(PROMPT))
        shell = self.tql(password=None, TERM="vt100")
        answer()
        shell.type(f"\\c {self.server.ready['http']}\n")
        answer()
        shell.type("show databases;\n")
        shell.expect("\r\nd\r\n")

    def test_does_not_use_the_home_folder(self):
        (pathlib.Path(self.home) / ".config/tql").mkdir(parents=True)
        (pathlib.Path(self.home) / ".config/tql/tqlrc").write_text("\\echo started\n")
        shell = self.tql()
        self.assertNotIn("started", shell.expect(PROMPT))
        shell.type("show databases;\nexit;\n")
        self.assertEqual(0, shell.end())
        self.assertFalse((pathlib.Path(self.home) / "state").exists())

    def test_flags_win_and_plain_mode_is_as_it_was(self):
        shell = self.tql("--format", "aligned", "--database", "d")
        shell.expect("TQL [database=d]> ")
        shell.type("select a from t order by a;\n")
        shell.expect("\r\na\r\n-\r\n1\r\n2\r\n")
        shell = self.tql("--vendor=false")
        shell.expect("\x1b[?2004h")  # an editor with bracketed paste


if __name__ == "__main__":
    harness.main()
