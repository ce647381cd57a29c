"""Scripts of tql: how they arrive, the places of errors, which output of SHOW is data; without a terminal.

`tql_script_test.py PATH_OF_TQL PATH_OF_TQLMOCKD [unittest arguments]`
"""

import array
import fcntl
import os
import subprocess
import termios
import time

import fake_service
from batch_shell import PATIENCE, SUCCESS, TQL, ShellTest, harness

SETUP = """create database d; use d;
create table t (a int, "b|c" varchar(40));
insert into t values (1, 'x');
create schema "-";
"""


class PieceTest(ShellTest):
    """A script that arrives in arbitrary pieces is the same script."""

    def pieces(self, *pieces, flags=("--dry-run",)):
        """tql reads each piece separately."""
        read, write = os.pipe()
        process = subprocess.Popen(
            [TQL, "http://127.0.0.1:1", *flags], stdin=read, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=harness.bare_environment(), start_new_session=True)
        os.close(read)
        try:
            for piece in pieces:
                data = piece.encode()
                while data:
                    data = data[os.write(write, data):]
                self.wait_until_read(write, process)
        except BrokenPipeError:  # it has ended already
            pass
        os.close(write)
        out, err = process.communicate(timeout=PATIENCE)
        return process.returncode, out.decode(), err.decode()

    def wait_until_read(self, pipe, process):
        held = array.array("i", [1])
        deadline = time.monotonic() + PATIENCE
        while held[0] > 0 and process.poll() is None:
            fcntl.ioctl(pipe, termios.FIONREAD, held)
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.001)

    def test_each_way_to_cut_a_script(self):
        script = ("\ufeff/* a /* b */ -- c\n/**/ show tables /*;*/;;\n-- d;\n\\echo 'e;'\nselect '/*;' -- f\n"
                  ", \"--;\" /* g * / */ from t;/")
        whole = self.pieces(script)
        data = script.encode()
        for cut in range(1, len(data)):
            first, second = (data[:cut].decode("utf-8", "surrogateescape"),
                             data[cut:].decode("utf-8", "surrogateescape"))
            self.assertEqual(whole, self.raw_pieces(first, second), cut)
        self.assertEqual(whole, self.raw_pieces(*script))

    def test_each_way_to_cut_a_script_with_data(self):
        script = "\\copy t from stdin csv\n1,\"/*;\n\\.\nselect 1\n\\echo a\n\\copy u from pstdin csv\n\n2\n\\.\r\n;"
        whole = self.pieces(script)
        self.assertEqual(0, whole[0], whole)
        for cut in range(1, len(script)):
            self.assertEqual(whole, self.pieces(script[:cut], script[cut:]), cut)
        self.assertEqual(whole, self.pieces(*script))

    def raw_pieces(self, *pieces):
        class Raw(str):
            def encode(self):
                return str.encode(self, "utf-8", "surrogateescape")
        return self.pieces(*(Raw(piece) for piece in pieces))

    def test_a_comment_that_is_not_closed(self):
        long = "x" * 200_000
        for pieces in (("/*t", "/"), ("/*", "*"), ("/", "*"), ("/*", "/"), ("/* ", "t", "*"), (f"/*{long}",),
                       (f"/*{long}", long, "*"), ("/*" + long, "/"), (" \n" * 100_000 + "/*t", "/"),
                       ("/*t\n", "\\q\n"), ("/*/", ""), ("\ufeff/*t", "/")):
            status, out, err = self.pieces(*pieces)
            text = "".join(pieces).lstrip("\ufeff \n")
            self.assertEqual((3, text + ";\n"), (status, out), err[:200])
            self.assertIn("the comment that begins here has no closing */", err)

    def test_others_that_are_not_closed(self):
        for pieces, problem in ((("select 'a", ";", "''"), "has no closing '"),
                                (("select \"a", "\"\"", ";"), 'has no closing "'),
                                (("select 1 /*", "*", " ", "/"), "has no closing */")):
            status, out, err = self.pieces(*pieces)
            self.assertEqual((3, "".join(pieces) + ";\n"), (status, out))
            self.assertIn(problem, err)
        for pieces in (("--t", ";"), ("/*t*", "/"), ("/*", "*/", "-", "-"), ("-", "-x" * 200_000),
                       ("/*" + "x" * 200_000, "*", "/"), ("\ufeff", "/**", "/")):
            self.assertEqual((0, "", ""), self.pieces(*pieces), pieces[0][:9])


class PlaceTest(ShellTest):
    """Lines and columns are counted in the script, in characters."""

    setup_script = SETUP

    def errors(self, script, how):
        flags = {"file": lambda: ("-f", self.file("s.tql", script)), "stdin": lambda: (),
                 "-f -": lambda: ("-f", "-"),
                 "include": lambda: ("-c", f"\\i {self.file('s.tql', script)}")}[how]()
        _, _, err = self.tql("--database", "d", "--continue", *flags,
                             stdin=script if how in ("stdin", "-f -") else "")
        name = "<stdin>" if how in ("stdin", "-f -") else str(self.folder / "s.tql")
        return [line.removeprefix(name + ":") for line in err.splitlines() if "error: " in line], err

    def test_errors_of_all_kinds_have_the_place_in_the_script(self):
        script = """-- a first line
show tables; selekt 1;
select '\u00e9\u672c', nothing
  from t;
insert into t (a, "b|c")
  values (2, 'y'),
         (9999999999, '\u00e9');
\\nonsense
  create table t
  (a int); select '\u672c' x y from t;
select '\u672c', none
  \\g
select cast('x' as int) from t;
"""
        for how in ("file", "stdin", "-f -", "include"):
            errors, err = self.errors(script, how)
            expected = [("2: ", "2, column 14"), ("3: ", "3, column 14"), ("7: ", "7, column 11"),
                        ("8: ", ""), ("9: ", "9, column 16"), ("10: ", "10, column 25"),
                        ("11: ", "11, column 13")]
            self.assertEqual(len(expected) + 1, len(errors), err)
            for error, (begin, place) in zip(errors, expected):
                self.assertTrue(error.startswith(begin + "error: "), (how, error))
                self.assertIn(place, error)
            self.assertTrue(errors[-1].startswith("13: error: "), errors[-1])
            self.assertIn("\n  select '\u00e9\u672c', nothing\n                ^\n", err)

    def test_lines_count_on_behind_data_and_commands(self):
        script = """\\copy t from stdin csv
5,"a
b"
\\.
select 1
\\timing off
, none from t;
"""
        errors, err = self.errors(script, "stdin")
        self.assertEqual(1, len(errors), err)
        self.assertTrue(errors[0].startswith("7: "), errors)
        self.assertIn("line 7, column 3", errors[0])

    def test_a_text_of_the_command_line(self):
        _, _, err = self.tql("--database", "d", "-c", "show tables;\n select none from t;")
        self.assertIn("error: ", err)
        self.assertNotIn("<", err.split("error: ")[1].split("\n")[0])
        self.assertIn("line 2, column 9", err)

    def test_invalid_utf8_bytes_count_as_characters(self):
        path = self.folder / "s.tql"
        path.write_bytes("select '\u00e9', 'V".encode() + b"\xed' from t;")
        _, _, err = self.tql("-f", str(path))
        self.assertIn(f"{path}:1: error: the statement is not valid UTF-8: found the byte 0xED at "
                      "line 1, column 15\n", err)

    def test_dry_run(self):
        status, _, err = self.tql("--dry-run", stdin="show tables;\n  select '\u00e9' a frm t;\n",
                                  password=None)
        self.assertEqual(3, status)
        self.assertTrue(err.startswith("<stdin>:2: error: "), err)
        self.assertIn(" at line 2, column 16\n", err)


class ShowTest(ShellTest):
    setup_script = SETUP

    def test_header_and_dashes_of_show_are_not_data(self):
        for statement, rows, columns in (("show tables", 1, 4), ("show table t", 2, 5),
                                         ("show schemas", 2, 2), ("show views", 0, 4),
                                         ("show statistics for server", None, 13),
                                         ("/* a */ SHOW\nTABLES", 1, 4)):
            for flags in ((), ("--format", "tql")):
                status, out, err = self.tql("--database", "d", *flags, "-c", statement + ";")
                self.assertEqual(0, status, err)
                header, dashes, success = err.split("\n")[:3]
                self.assertEqual(columns, len(header.split("|")), err)
                self.assertEqual((columns, set("-|")), (len(dashes.split("|")), set(dashes)), err)
                self.assertEqual(SUCCESS, success + "\n")
                if rows is not None:
                    self.assertEqual(rows, len(out.splitlines()), out)
            _, same, err = self.tql("--database", "d", "--no-header", "-c", statement + ";")
            self.assertEqual((out, SUCCESS), (same, err))
            _, text, err = self.tql("--database", "d", "--format", "aligned", "-c", statement + ";")
            self.assertEqual((f"{header}\n{dashes}\n{out}", SUCCESS), (text, err))

    def test_unusual_database_names_are_data(self):
        self.assertEqual(0, self.tql("-c", 'create database "a|b"; create database "-|-";')[0])
        _, out, err = self.tql("-c", "show databases;")
        self.assertEqual(["a|b", "-|-"], out.splitlines()[-2:])
        self.assertEqual(SUCCESS, err)

    def test_other_services_may_cut_the_text_elsewhere(self):
        text = "Name|Guid\n----|----\na   |1\n"
        for size in (1, 3, 10, 15, 100):
            pieces = [text[at:at + size] for at in range(0, len(text), size)]
            whole = [piece + ("" if piece.endswith("\n") else "\n") for piece in text.splitlines()]
            answers = {"show tables": lambda _, pieces=whole if size > 99 else ["".join(pieces)]: [
                fake_service.line(message=[fake_service.message(piece)]) for piece in pieces] + [
                    fake_service.line(message=[fake_service.message(SUCCESS)], complete=True)]}
            service = fake_service.FakeService(answers)
            self.addCleanup(service.close)
            self.assertEqual((0, "a   |1\n", "Name|Guid\n----|----\n" + SUCCESS),
                             self.tql("-c", "show tables;", url=service.url))

    def test_an_answer_that_fails_keeps_its_lines(self):
        answers = {"show tables": lambda _: [fake_service.line(message=[
            fake_service.message("one line\n"), fake_service.message("no\n", "ERROR")], complete=True)]}
        service = fake_service.FakeService(answers)
        self.addCleanup(service.close)
        self.assertEqual((3, "one line\n", "error: no\n"), self.tql("-c", "show tables;", url=service.url))

    def test_a_file_gets_the_rows_alone(self):
        target = self.folder / "out"
        self.assertEqual(0, self.tql("--database", "d", "-c", f"\\o {target}\n\\dt\n")[0])
        self.assertEqual(1, len(target.read_text().splitlines()))


class HomeFolderTest(ShellTest):
    setup_script = SETUP

    def run_at_home(self, script, *flags):
        ended = subprocess.run(
            [TQL, self.url, "--user", "tsadmin", "--database", "d", *flags], input=script, text=True,
            env=harness.bare_environment(TQL_PASSWORD="admin", HOME=str(self.folder)),
            timeout=PATIENCE, check=False, start_new_session=True, capture_output=True)
        self.assertEqual(0, ended.returncode, ended.stderr)
        return ended.stdout

    def test_a_tilde_is_the_home_folder(self):
        self.file("in.tql", "\\echo included\n")
        self.file("in.csv", "7,seven\n")
        out = self.run_at_home("""\\i ~/in.tql
\\ir '~/in.tql'
\\o ~/o.txt
select a from t where a = 1;
\\o
select a from t where a = 1 \\g ~/g.txt
\\copy t from ~/in.csv csv
\\copy (select a from t where a = 7) to '~/out.csv' csv
\\o | cat > ~/piped.txt
select a from t where a = 1;
""")
        self.assertEqual("included\nincluded\n", out)
        for name, text in (("o.txt", "1\n"), ("g.txt", "1\n"), ("out.csv", "7\n"), ("piped.txt", "1\n")):
            self.assertEqual(text, (self.folder / name).read_text(), name)
        out = self.run_at_home("\\i ~/in.tql\n\\copy t from ~/in.csv csv\n", "--dry-run")
        self.assertIn("included", out)

    def test_a_tilde_within_a_path_is_itself(self):
        (self.folder / "~").mkdir()
        self.run_at_home(f"\\o {self.folder}/~/a\nselect a from t where a = 1;\n")
        self.assertEqual("1\n", (self.folder / "~" / "a").read_text())


if __name__ == "__main__":
    harness.main()
