"""tql as a process without a terminal: standard output and error, exit statuses, files.

`tql_batch_test.py PATH_OF_TQL PATH_OF_TQLMOCKD [unittest arguments]`
"""

import json
import os
import socket
import subprocess

import fake_service
from batch_shell import PATIENCE, SUCCESS, TQL, ShellTest, harness

SETUP = """create database d; use d;
create table t (a int, b varchar(40));
insert into t values (1, 'x,y'); insert into t values (2, null); insert into t values (3, '');
"""


class ResultTest(ShellTest):
    setup_script = SETUP

    def select(self, form):
        status, out, err = self.tql("--database", "d", "--format", form,
                                    "-c", "select a, b from t order by a;")
        self.assertEqual(0, status, err)
        return out, err

    def test_csv(self):
        self.assertEqual('a,b\n1,"x,y"\n2,\n3,""\n', self.select("csv")[0])

    def test_json(self):
        self.assertEqual([{"a": 1, "b": "x,y"}, {"a": 2, "b": None}, {"a": 3, "b": ""}],
                         json.loads(self.select("json")[0]))

    def test_jsonl(self):
        lines = self.select("jsonl")[0].splitlines()
        self.assertEqual({"a": 2, "b": None}, json.loads(lines[1]))
        self.assertEqual(3, len(lines))

    def test_json_keeps_the_columns_of_one_name(self):
        _, out, _ = self.tql("--database", "d", "--format", "json",
                             "-c", "select x.a, y.a, x.a as a_1 from t x join t y on x.a = y.a where x.a = 1;")
        self.assertEqual([{"a": 1, "a_2": 1, "a_1": 1}], json.loads(out))

    def test_show_gives_records(self):
        def show(statement, form):
            status, out, err = self.tql("--database", "d", "--format", form, "-c", statement)
            self.assertEqual((0, SUCCESS), (status, err.splitlines(True)[-1]))
            return out

        tables = json.loads(show("show tables;", "json"))
        self.assertEqual([["falcon_default_schema", "t", "UNKNOWN"]],
                         [[row["Schema Name"], row["Table Name"], row["Type"]] for row in tables])
        self.assertEqual(["Schema Name", "Table Name", "Guid", "Type"], list(tables[0]))
        columns = [json.loads(line) for line in show("show table t;", "jsonl").splitlines()]
        self.assertEqual([("a", "int32", ""), ("b", "varchar", "40")],
                         [(row["Column Name"], row["Data Type"], row["Length"]) for row in columns])
        self.assertIn("d", [row["Database Name"] for row in json.loads(show("show databases;", "json"))])
        self.assertTrue(show("show databases;", "csv").startswith("Database Name\nthoughtspot_internal\n"))
        self.assertEqual("Schema Name\tTable Name\tGuid\tType\n", show("show views;", "tsv"))
        self.assertEqual([], json.loads(show("show views;", "json")))
        self.assertEqual("d", json.loads(show("show statistics for database d;", "json"))[0]["Database Name"])
        self.assertIn("<td>t</td>", show("show tables;", "html"))
        status, out, _ = self.tql("--database", "d", "--format", "json", "-c", "show table nothing;")
        self.assertEqual((3, ""), (status, out))

    def test_json_of_a_truncated_response_is_incomplete(self):
        table = {"headers": [{"name": "a", "type": "INT"}], "rows": [{"v": ["1"]}, {"v": ["2"]}]}
        error = [fake_service.line(table=table),
                 fake_service.line(message=[fake_service.message("out of range", "ERROR")], complete=True)]
        service = fake_service.FakeService({"fails": lambda _: error, "ends": lambda _: error[:1]})
        self.addCleanup(service.close)
        for statement, expected in (("fails;", 3), ("ends;", 2)):
            status, out, err = self.tql("--format", "json", "-c", statement, url=service.url)
            self.assertEqual((expected, '[\n{"a":1},\n{"a":2}\n'), (status, out), err)
            with self.assertRaises(json.JSONDecodeError):
                json.loads(out)

    def test_tql_is_the_form_of_a_pipe(self):
        status, out, err = self.tql("--database", "d", stdin="select a, b from t order by a;")
        self.assertEqual((0, "1|x,y\n2|(null)\n3|\n"), (status, out))
        self.assertEqual("a|b\n---\n(3 result rows)\n" + SUCCESS, err)

    def test_top(self):
        _, out, _ = self.tql("--database", "d", "--format", "csv", "--top", "1",
                             "-c", "select a from t order by a;")
        self.assertEqual("a\n1\n", out)

    def test_inputs_run_in_the_order_they_are_given(self):
        path = self.file("two.tql", "select 2 from t limit 1;")
        status, out, err = self.tql("--database", "d", "-c", "select 1 from t limit 1;", "-f", path,
                                    "-c", "select 3 from t limit 1;", "-f", "-",
                                    stdin="select 4 from t limit 1")
        self.assertEqual((0, "1\n2\n3\n4\n"), (status, out), err)

    def test_a_reader_that_leaves_ends_it_quietly(self):
        read, write = os.pipe()
        os.close(read)
        status, _, err = self.tql("--database", "d", "-c", "select a from t;", stdout=write)
        os.close(write)
        self.assertEqual(0, status)
        self.assertNotIn("error", err)

    def closed(self, redirection, *flags):
        """Likewise, with a standard stream closed, as by a shell."""
        environment = harness.bare_environment(TQL_PASSWORD="admin")
        ended = subprocess.run(
            ["sh", "-c", f'exec "$@" {redirection}', "sh", TQL, self.url, "--user", "tsadmin",
             "--database", "d", *flags], stdin=subprocess.DEVNULL, capture_output=True, text=True,
            env=environment, timeout=PATIENCE, check=False, start_new_session=True)
        return ended.returncode, ended.stdout, ended.stderr

    def test_reports_closed_output(self):
        for form in ("tql", "csv", "json"):
            status, _, err = self.closed(">&-", "--format", form, "-c", "select a from t;")
            self.assertEqual(1, status)
            self.assertIn("tql: cannot write the results: Bad file descriptor\n", err)

    def test_reports_closed_input(self):
        self.assertEqual((1, "", "tql: cannot read standard input: Bad file descriptor\n"),
                         self.closed("<&-"))

    def test_closed_error_output(self):
        status, out, _ = self.closed("2>&-", "-c", "select a from t order by a;")
        self.assertEqual((0, "1\n2\n3\n"), (status, out))

    def test_a_pipe_gets_the_bytes_as_they_are(self):
        cell = "\x1b[2J\x7f\u009b1m"
        service = fake_service.FakeService({"q": lambda _: [fake_service.line(
            table={"headers": [{"name": "a", "type": "VARCHAR"}], "rows": [{"v": [cell]}]},
            complete=True)]})
        self.addCleanup(service.close)
        for form, expected in (("tql", cell + "\n"), ("csv", "a\n" + cell + "\n"),
                               ("jsonl", '{"a":"\\u001b[2J\\u007f\\u009b1m"}\n')):
            status, out, err = self.tql("--format", form, "-c", "q;", url=service.url)
            self.assertEqual((0, expected), (status, out), err)

    def test_reports_full_disk(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            status, _, err = self.tql("--database", "d", "-c", "select a from t;", stdout=full)
        self.assertEqual(1, status)
        self.assertIn("cannot write the results: No space left on device", err)


class StatusTest(ShellTest):
    def test_the_first_error_ends_it_with_3_and_its_place(self):
        status, out, err = self.tql("-c", "create database e; selekt 1; create database f;")
        self.assertEqual((3, ""), (status, out))
        self.assertIn("error: ", err)
        self.assertIn("\n  selekt 1\n  ^\n", err)
        _, out, _ = self.tql("-c", "show databases;")
        self.assertIn("e", out.split())
        self.assertNotIn("f", out.split())

    def test_rejects_a_file_with_invalid_utf8(self):
        self.assertEqual(0, self.tql("-c", "create database l; use l; create table t (a varchar(9));")[0])
        path = self.folder / "latin1.tql"
        path.write_bytes(b"use l;\n-- fine\ninsert into t\n  values ('V\xed');\n")
        status, _, err = self.tql("-f", str(path))
        self.assertEqual(3, status)
        self.assertIn(f"{path}:4: error: the statement is not valid UTF-8: found the byte 0xED at "
                      "line 4, column 13\n    values ('V\\xed')\n              ^\n", err)
        _, out, _ = self.tql("--database", "l", "-c", "select count(*) from t;")
        self.assertEqual("0\n", out)

    def test_unreadable_files_end_it_with_1_before_anything_runs(self):
        for path in (str(self.folder / "missing.tql"), str(self.folder)):
            status, _, err = self.tql("-c", "create database early;", "-f", path)
            self.assertEqual(1, status)
            self.assertIn(path, err)
        self.assertNotIn("early", self.tql("-c", "show databases;")[1].split())

    def test_a_file_without_a_name(self):
        self.assertEqual((1, "", "tql: -f: found '', expected the name of a file, or -\n"), self.tql("-f", ""))

    def test_usage_is_1(self):
        for flags in (["--nonsense"], ["--format", "xml"], ["--password", "admin"]):
            status, out, err = self.tql(*flags)
            self.assertEqual((1, ""), (status, out))
            self.assertNotEqual("", err)

    def test_numbers_out_of_their_range_are_usage(self):
        for flag, value, expected in (
                ("--top", "many", "expected a whole number"),
                ("--top", "99999999999999999999", "expected a whole number"),
                ("--timeout", "nan", "expected a number from 0.001 to 1000000000"),
                ("--timeout", "-1", "expected a number from 0.001 to 1000000000")):
            status, out, err = self.tql(flag, value, "-c", "create database never;")
            self.assertEqual((1, ""), (status, out))
            self.assertIn(f"{flag}: found '{value}', {expected}", err)

    def test_help_that_cannot_be_written_is_1(self):
        for flag in ("--help", "--version"):
            with open("/dev/full", "w", encoding="utf-8") as full:
                status, _, err = self.tql(flag, stdout=full)
            self.assertEqual((1, "tql: cannot write: No space left on device\n"), (status, err))

    def test_unreachable_server_is_2(self):
        status, out, err = self.tql("-c", "show databases;", url="http://127.0.0.1:1")
        self.assertEqual((2, "", "tql: http://127.0.0.1:1: cannot connect to 127.0.0.1: "
                          "Connection refused\n"), (status, out, err))

    def test_the_timeout_is_also_that_of_connecting(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            for scheme in ("https", "http"):
                url = f"{scheme}://127.0.0.1:{silent.getsockname()[1]}"
                status, out, err = self.tql("--timeout", "0.2", "-c", "show databases;", url=url)
                self.assertEqual((2, ""), (status, out))
                self.assertIn("took too long", err)

    def test_a_wrong_password_is_2_and_is_not_shown(self):
        status, _, err = self.tql("-c", "show databases;", password="wrong-one")
        self.assertEqual(2, status)
        self.assertTrue(err.startswith("tql: HTTP status 401: "), err)
        for text in ("wrong-one", "{", '"'):
            self.assertNotIn(text, err)

    def test_help_names_the_statuses_and_the_default_service(self):
        status, out, err = self.tql("--help")
        self.assertEqual((0, ""), (status, err))
        self.assertEqual((0, out, ""), self.tql("-usage"))
        for text in ("130", "https://127.0.0.1:8443", "TQL_PASSWORD", "--password-file"):
            self.assertIn(text, out)


class BatchFlagTest(ShellTest):
    setup_script = SETUP
    SELECT = "select a, b from t order by a;"

    def test_one_dash_will_do_as_in_the_vendors_program(self):
        status, out, err = self.tql("-query_results_apply_top_row_count=2", "-null_string", "",
                                    stdin="use d; " + self.SELECT)
        self.assertEqual((0, "1|x,y\n2|\n"), (status, out))
        self.assertIn("a|b\n---\n(2 result rows)\n" + SUCCESS, err)

    def test_a_script_of_a_server(self):
        script = r'context { database: "d" } script: "select a from t where a = 1; selekt;"'
        for how in ({"stdin": script}, {}):
            flags = [] if how else ["-f", self.file("server.txt", script)]
            status, out, err = self.tql("-server_script", "true", *flags, **how)
            # As in the vendor's program, output includes the statements that the service names.
            self.assertEqual((3, "1\nselect a from t where a = 1;\nselekt;\n"), (status, out), err)
            self.assertTrue(err.startswith("a\n-\n(1 result rows)\n" + SUCCESS + "error: "), err)
        status, _, err = self.tql("--server_script", "-c", "select 1;", "-c", "create database never;")
        self.assertEqual(3, status)
        self.assertIn("the script is not an ExecuteSqlScriptRequest in protobuf text form", err)
        self.assertEqual((1, ""), self.tql("--server_script", "-f", "none")[:2])
        folder = os.open("/", os.O_RDONLY)
        process = subprocess.run([TQL, self.url, "--user", "tsadmin", "--server_script"], stdin=folder,
                                 env=harness.bare_environment(TQL_PASSWORD="admin"),
                                 capture_output=True, text=True, timeout=PATIENCE, check=False)
        os.close(folder)
        self.assertEqual((1, "tql: cannot read standard input: Is a directory\n"),
                         (process.returncode, process.stderr))
        # The place refers to a statement that is not visible here.
        self.assertNotIn("^", self.tql("--server_script", "-c", 'script: "selekt 1;"')[2])

    def test_top_is_a_setting(self):
        self.assertEqual((0, "", "top = 1\ntop = 2\n"),
                         self.tql("--top", "1", "-c", "\\set top", "-c", "\\set top 2\n\\set top"))
        self.assertEqual((0, "1\n"), self.tql("--database", "d", "--no-header", "-c",
                                              "\\set top 1\n" + self.SELECT.replace(", b", ""))[:2])

    def test_pagination_and_dates(self):
        self.assertEqual(0, self.tql("--database", "d", "-c", "create table e (x date); "
                                     "insert into e values ('2020-02-03');")[0])
        _, out, _ = self.tql("--database", "d", "--date_format", "%d.%m.%Y", "-c", "select x from e;")
        self.assertEqual("03.02.2020\n", out)
        _, out, _ = self.tql("--database", "d", "--format_date_as_epoch", "-c", "select x from e;")
        self.assertEqual("1580688000\n", out)
        _, out, _ = self.tql("--database", "d", "--pagination_start", "1", "--pagination_size=1",
                             "-c", self.SELECT)
        self.assertEqual("2|(null)\n", out)

    def test_count(self):
        status, out, err = self.tql("--database", "d", "--count", "-c", self.SELECT)
        self.assertEqual((0, "3\n", SUCCESS), (status, out, err))

    def test_continue_runs_the_rest_and_ends_with_3(self):
        status, out, err = self.tql("--database", "d", "--continue", "--format", "csv",
                                    "--no-header", "-c", "selekt 1; select a from t where a = 3;")
        self.assertEqual((3, "3\n"), (status, out))
        self.assertIn("error: ", err)

    def test_output_appears_as_a_whole_or_not_at_all(self):
        path = self.folder / "out.csv"
        path.write_text("old")
        run = ("--database", "d", "--format", "csv", "--output", str(path), "-c")
        self.assertEqual(3, self.tql(*run, self.SELECT + " selekt 1;")[0])
        self.assertEqual("old", path.read_text())
        self.assertEqual((0, ""), self.tql(*run, self.SELECT)[:2])
        self.assertEqual('a,b\n1,"x,y"\n2,\n3,""\n', path.read_text())
        self.assertEqual((3, ""), self.tql("--continue", *run, "selekt 1; select a from t where a = 1;")[:2])
        self.assertEqual("a\n1\n", path.read_text())
        self.assertEqual([path], list(self.folder.iterdir()))

    def test_rejects_output_to_other_file_types(self):
        for path in ("/dev/null", str(self.folder)):
            status, out, err = self.tql("-o", path, "-c", "create database never;")
            self.assertEqual((1, "", f"tql: cannot write {path}: it is not a regular file\n"),
                             (status, out, err))
        self.assertNotIn("never", self.tql("-c", "show databases;")[1].split())

    def test_dry_run_does_not_connect(self):
        path = self.file("script.tql", "show tables;\n-- c\nselect a frm t;\ndrop table t;")
        status, out, err = self.tql("--dry-run", "-f", path, url="http://127.0.0.1:1", password=None)
        self.assertEqual((3, "show tables;\nselect a frm t;\ndrop table t;\n"), (status, out))
        self.assertTrue(err.startswith(f"{path}:3: error: "), err)
        self.assertIn(" at line 3, column 14\n  select a frm t\n               ^\n", err)
        self.assertEqual((0, "show tables;\n", ""),
                         self.tql("--dry-run", url="http://127.0.0.1:1", stdin="show tables"))

    def test_scripts_are_cut_by_the_rules_of_the_parser(self):
        script = "a /* /* ; */ ; */ b;\nselect $$;$$; E'\\';' c; (d;\ne);"
        flags = ("--dry-run", "--use_postgres_sql_parser=true")
        for how in (("-c", script), ("-f", self.file("script.tql", script))):
            status, out, _ = self.tql(*flags, *how, url="http://127.0.0.1:1", password=None)
            self.assertEqual((0, "a /* /* ; */ ; */ b;\nselect $$;$$;\nE'\\';' c;\n(d;\ne);\n"),
                             (status, out))

    def test_a_script_changes_the_rules(self):
        status, out, err = self.tql(
            "--database", "d", "--format", "csv", "--no-header",
            stdin="create table nz (a int); insert into nz values (1), (2), (3);\n"
                  "select 1 /* /* */;\n\\set use_postgres_sql_parser true\n"
                  "select $$a;b$$ /* /* ; */ ; */;\n"
                  "delete from nz /* /* x */ ; see */ where a = 1;\nselect count(*) from nz;\n"
                  "\\set use_postgres_sql_parser false\ndrop table nz; select '$$'; select '$$';\n")
        self.assertEqual((0, "1\na;b\n2\n$$\n$$\n"), (status, out), err)

    def test_errors_are_red_when_asked_for(self):
        for flags, red in ((["--color", "always"], True), ([], False)):
            _, _, err = self.tql("--dry-run", *flags, "-c", "select a frm t;", password=None)
            self.assertEqual(red, err.startswith("\x1b[1;31merror:\x1b[0m "), err)
            self.assertEqual(red, err.endswith("frm t\n               \x1b[1;31m^\x1b[0m\n"), err)
            self.assertEqual(red, "\x1b" in err)

    def test_dry_run_of_commands(self):
        path = self.file("script.tql", "\\dt\nselect\n1 \\g out.csv\n\\nonsense\n\\echo a\nb c;")
        status, out, err = self.tql("--dry-run", "-f", path, url="http://127.0.0.1:1", password=None)
        self.assertEqual((3, "\\dt\nselect\n1 \\g out.csv\n\\nonsense\n\\echo a\nb c;\n"),
                         (status, out))
        self.assertTrue(err.startswith(f"{path}:4: error: unknown command \\nonsense"), err)

    def test_dry_run_looks_into_files_and_copies(self):
        self.file("inner.tql", "show tables;\nselect a frm t;\n\\q\nnever;")
        rows = self.file("rows.csv", "1\n")
        target = self.folder / "out.csv"
        path = self.file("outer.tql", f"""\\ir 'inner.tql'
\\i none.tql
\\copy t (a) from {rows} csv
\\copy t from none.csv csv
\\copy (select a frm t) to '{target}' csv
\\copy t to x text
use d;
""")
        status, out, err = self.tql("--dry-run", "-f", path, url="http://127.0.0.1:1", password=None)
        self.assertEqual((3, f"""\\ir 'inner.tql'
show tables;
select a frm t;
\\q
\\i none.tql
\\copy t (a) from {rows} csv
-- insert into t (a) values …;
\\copy t from none.csv csv
-- insert into t  values …;
\\copy (select a frm t) to '{target}' csv
-- select a frm t;
\\copy t to x text
use d;
"""), (status, out))
        begins = [f"{self.folder}/inner.tql:2: error: ", f"{path}:2: error: cannot read none.tql: ",
                  f"{path}:4: error: cannot read none.csv: ", f"{path}:5: error: ",
                  f"{path}:6: error: \\copy: found 'text'"]
        self.assertEqual(len(begins), err.count("error: "), err)
        for begin in begins:
            self.assertIn(begin, err)
        self.assertFalse(target.exists())
        loop = self.file("loop.tql", "\\ir loop.tql\n")
        status, _, err = self.tql("--dry-run", "-f", loop, password=None)
        self.assertEqual(1, status)
        self.assertIn("files include each other without an end", err)

    def test_files_that_include_each_other_twice_end_at_the_first(self):
        loop = self.file("loop.tql", "\\ir loop.tql\n\\ir loop.tql\n")
        for how in ("--dry-run", "--continue"):
            status, _, err = self.tql(how, "-f", loop)
            self.assertEqual((1, 1), (status, err.count("without an end")), err)

    def test_one_dash_will_do_for_names_that_begin_like_a_short_option(self):
        target = self.folder / "out"
        for form in ([f"-output={target}"], ["-output", str(target)]):
            self.assertEqual((0, ""), self.tql(*form, "-command=select 7 from d.t limit 1;")[:2])
            self.assertEqual("7\n", target.read_text())
            target.unlink()

    def test_commands_of_files_and_pipes(self):
        inner = self.file("inner.tql", "\\echo inner\n")
        target = self.folder / "out.csv"
        script = f"""create database commands; use commands; create table t (a int, b varchar(0));
insert into t values (1, 'back\\slash');
\\timing off
\\ir inner.tql
\\format csv
select * from t -- all
  \\g {target}
select a from t;
"""
        path = self.file("outer.tql", script)
        status, out, err = self.tql("-f", path)
        self.assertEqual((0, "inner\na\n1\n"), (status, out), err)
        self.assertEqual("a,b\n1,back\\slash\n", target.read_text())
        self.assertEqual((0, "a\n1\n"), self.tql(
            stdin="\\c commands\n\\format csv\nselect a from t \\g\n\\q\nnonsense;")[:2])
        self.assertEqual((0, "1\n"), self.tql("--database", "commands", "-c", "select a from t \\g")[:2])
        status, _, err = self.tql("-c", "\\c http://127.0.0.1:1", "-c", "drop database commands;",
                                  "--continue")
        self.assertEqual(2, status, err)
        self.assertTrue(inner)

    def test_results_go_to_a_command(self):
        first, second = (self.folder / name for name in ("first.csv", "second.csv"))
        script = f"""\\format csv
\\o {first}
select 1 as a;
select 2 as b \\g {second}
select 3 as c;
\\o
select 4 as d \\g |tr d4 e5
\\o | sort -r
select 6 as f;
select 7 as g;
\\o
select 8 as h;
"""
        status, out, err = self.tql(stdin=script)
        self.assertEqual((0, "e\n5\ng\nf\n7\n6\nh\n8\n"), (status, out), err)
        self.assertEqual("a\n1\nc\n3\n", first.read_text())
        self.assertEqual("b\n2\n", second.read_text())
        path = self.folder / "all.txt"
        path.write_text("before\n")
        with path.open("a") as kept:
            for target in ("\\copy (select 1 as i) to /dev/stdout csv\n", "select 2 as j \\g /dev/stdout\n",
                           "\\o /dev/fd/1\nselect 3 as k;\n"):
                self.assertEqual(0, self.tql("--format", "csv", stdin=target, stdout=kept)[0])
        self.assertEqual("before\n1\nj\n2\nk\n3\n", path.read_text())
        status, _, err = self.tql("--output", "/dev/stdout", "-c", "select 1;")
        self.assertEqual(1, status)
        self.assertIn("it is not a regular file", err)
        os.mkfifo(self.folder / "pipe")
        status, _, err = self.tql("-c", f"\\copy (select 1) to {self.folder / 'pipe'} csv")
        self.assertEqual(3, status)
        self.assertIn("nobody reads it", err)
        status, out, err = self.tql(stdin="\\g /nowhere/x", url="http://127.0.0.1:1")
        self.assertEqual(2, status, err)
        status, _, err = self.tql(stdin="select 1 \\g /nowhere/x\n")
        self.assertEqual(3, status)
        self.assertIn("cannot write /nowhere/x: No such file or directory", err)

    def test_echo(self):
        _, out, err = self.tql("--echo", "-c", "create database echoed")
        self.assertEqual(("", "create database echoed;\n" + SUCCESS), (out, err))

    def test_answers(self):
        question = {"question_id": "q", "banner": "It will hurt.", "prompt": "Go on?",
                    "options": ["YES", "NO"]}

        def answer(request):
            answers = request["query"].get("prompt_responses")
            if not answers:
                return [fake_service.line(interactive_question=[question])]
            return [fake_service.line(message=[fake_service.message(answers[0]["answer"] + "\n")],
                                      complete=True)]

        service = fake_service.FakeService({"q": answer})
        self.addCleanup(service.close)
        for flag, sent in (("yes", "YES\n"), ("no", "NO\n")):
            status, out, err = self.tql("--answer", flag, "-c", "q;", url=service.url)
            self.assertEqual((0, sent), (status, out))
            self.assertEqual(f"It will hurt.\nGo on? {flag}\n", err)
        status, _, err = self.tql("-c", "q;", url=service.url)
        self.assertEqual(3, status)
        self.assertIn("that nobody can answer here: It will hurt. Go on?", err)
        question["options"] = ["now", "later"]
        status, _, err = self.tql("--answer", "yes", "-c", "q;", url=service.url)
        self.assertEqual(3, status)
        self.assertIn("error: 'yes' is not one of the answers", err)


if __name__ == "__main__":
    harness.main()
