"""Vendor mode over pipes: what public connectors send to a `tql` program and how they read its output.

`tql_vendor_test.py PATH_OF_TQL PATH_OF_TQLMOCKD [unittest arguments]`
"""

import os
import shlex
import subprocess

from batch_shell import PATIENCE, SUCCESS, TQL, ShellTest, harness

SETUP = """create database d; use d;
create table t (a int, "b c" varchar(40), since datetime, primary key (a));
create table emptied (a int);
insert into t values (1, 'x', '2020-01-02 03:04:05'); insert into t values (2, null, null);
"""


class VendorTest(ShellTest):
    setup_script = SETUP

    def setUp(self):
        super().setUp()
        os.symlink(TQL, self.folder / "tql")

    def environment(self, **more):
        return harness.bare_environment(
            **{"PATH": f"{self.folder}:{os.environ['PATH']}", "TQL_VENDOR": "1", "TQL_URL": self.url,
               "TQL_USER": "tsadmin", "TQL_PASSWORD": "admin", **more})

    def shell(self, command, stdin="", **more):
        """Runs the command line of a connector; returns status, output and error output."""
        ended = subprocess.run(["sh", "-c", command], input=stdin, text=True, check=False,
                               env=self.environment(**more), timeout=PATIENCE,
                               start_new_session=True, capture_output=True)
        return ended.returncode, ended.stdout, ended.stderr


class ConnectorTest(VendorTest):
    @staticmethod
    def fields(line):
        """Splits a line like py-tql."""
        splitter = shlex.shlex(line, posix=True)
        splitter.whitespace = "|"
        splitter.whitespace_split = True
        splitter.commenters = ""
        splitter.quotes = '"'
        return list(splitter)

    def py_tql(self, query):
        """py-tql: header and rows, or None if it finds an error."""
        path = self.file("query.tql", query)
        _, out, err = self.shell(f"cat '{path}' | tql -query_results_apply_top_row_count=-1")
        if "error=" in err:
            return None
        header = next((line for line in err.splitlines() if query not in line), "")
        return self.fields(header), [self.fields(line) for line in out.splitlines()]

    def test_py_tql(self):
        self.assertEqual((["a", "b c"], [["1", "x"], ["2", "(null)"]]),
                         self.py_tql('select a, "b c" from d.t order by a;'))
        self.assertEqual([["d"]], [row for row in self.py_tql("show databases;")[1] if row == ["d"]])
        self.assertIsNone(self.py_tql("select nothing from d.t;"))
        self.assertIsNone(self.py_tql("selekt 1;"))

    def keboola(self, tql, drops=False):
        """keboola's writer: the output; a failure where keboola raises an exception."""
        status, out, err = self.shell(f"echo '{tql}' | tql")
        self.assertEqual(0, status, err)
        if err and "Statement executed successfully" not in err and not drops:
            raise ValueError(err)
        return out

    def test_keboola(self):
        self.assertIn("d", self.keboola("SHOW DATABASES;").split("\n"))
        schemas = [line.split("|")[0].strip()
                   for line in self.keboola('SHOW SCHEMAS "d";').split("\n") if line]
        self.assertEqual(["falcon_default_schema"], schemas)
        table = '"d"."falcon_default_schema"."k"'
        self.keboola(f"DROP TABLE {table};", drops=True)
        self.keboola(f'CREATE  TABLE {table} ("id" INT,"name" VARCHAR(255) , PRIMARY KEY (id));')
        with self.assertRaisesRegex(ValueError, "error="):
            self.keboola(f'CREATE  TABLE {table} ("id" INT );')
        self.keboola(f"DROP TABLE {table};", drops=True)

    def test_quasar(self):
        script = 'USE "d";\n DROP TABLE "q";\n CREATE TABLE "q" ("x" BOOL,"y" DOUBLE);\n      exit;'
        for _ in range(2):  # the table does not exist the first time
            self.assertEqual(0, self.shell("tql", stdin=script)[0])
            self.assertEqual("0\n", self.shell("tql", stdin='select count(*) from d.q;')[1])

    def test_alteryx(self):
        """It prints every line of both streams."""
        status, out, err = self.shell("tql", stdin="create database d;")
        self.assertEqual((0, ""), (status, out))
        self.assertIn("error=", err)
        script = 'use d;\ndrop table "n";\ncreate table "n" ( "x" int );\ninsert into n values (7);'
        status, out, err = self.shell("tql", stdin=script)
        self.assertEqual((0, ""), (status, out))
        self.assertEqual(1, err.count("error="), err)
        self.assertEqual(3, err.count(SUCCESS), err)
        self.assertEqual("7\n", self.shell("tql", stdin="select x from d.n;")[1])

    def test_load_files(self):
        """It greps the error output, and awk reads SHOW TABLE, of which no line is skipped."""
        run = 'sql="{}"; echo ${{sql}} | tql 2>errors; grep --quiet "Statement executed successfully." errors'
        at = f"cd {self.folder}; "
        self.assertEqual(0, self.shell(at + run.format("truncate table d.falcon_default_schema.emptied;"))[0])
        self.assertEqual(1, self.shell(at + run.format("truncate table d.falcon_default_schema.none;"))[0])
        command = """echo "show table d.t;" | tql 2>/dev/null | awk '
          BEGIN { FS="|" }
          { if ($5=="datetime") { $3=$5 }
            gsub(/[ \\t]+$/, "", $1)
            gsub(/[ \\t]+$/, "", $3)
            print $1","$3 }'"""
        self.assertEqual((0, "a,int32\nb c,varchar\nsince,datetime\n", ""), self.shell(command))


class ModeTest(VendorTest):
    SCRIPT = "selekt 1;\nselect 7 from d.t limit 1;\n\\nonsense\nselect 8 from d.t limit 1;\n"

    def test_scripts_go_on_and_end_with_0(self):
        path = self.file("script.tql", self.SCRIPT)
        for command, stdin in (("tql", self.SCRIPT), (f"tql -f {path}", ""),
                               (f'tql -c "$(cat {path})"', ""), (f"tql < {path}", "")):
            status, out, err = self.shell(command, stdin=stdin)
            self.assertEqual((0, "7\n8\n"), (status, out), command)
            self.assertEqual(2, err.count("error="), err)

    def test_three_ways_in(self):
        os.symlink(TQL, self.folder / "my-tql-vendor")
        for command, variable in (("tql --vendor", ""), ("tql", "yes"), ("my-tql-vendor", ""),
                                  ("tql --vendor", "0"), ("tql --vendor=true", "no")):
            self.assertEqual((0, "7\n8\n"),
                             self.shell(command, stdin=self.SCRIPT, TQL_VENDOR=variable)[:2], command)
        for command, variable in (("tql", ""), ("tql", "0"), ("tql --vendor=false", "1"),
                                  ("my-tql-vendor", "false"), ("my-tql-vendor --vendor=false", "")):
            status, out, err = self.shell(command, stdin=self.SCRIPT, TQL_VENDOR=variable)
            self.assertEqual((3, ""), (status, out), command)
            self.assertIn("<stdin>:1: error: ", err)
        self.assertEqual((1, "", "TQL_VENDOR: found 'maybe', expected true or false\n"
                          "Run with --help for more information.\n"),
                         self.shell("tql", TQL_VENDOR="maybe"))

    def test_errors(self):
        self.assertEqual(2, self.shell("tql", stdin="show databases;", TQL_URL="http://127.0.0.1:1")[0])
        self.assertEqual(2, self.shell("tql", stdin="show databases;", TQL_PASSWORD="wrong")[0])
        self.assertEqual(2, self.shell("tql", stdin="\\c http://127.0.0.1:1\nshow databases;")[0])
        self.assertEqual(1, self.shell("tql -f none")[0])
        self.assertEqual(1, self.shell("tql --nonsense")[0])
        self.assertEqual(1, self.shell("tql -c 'select 1;' >/dev/full")[0])

    def test_a_service_that_ends_meanwhile_is_not_forgiven(self):
        server = harness.Server()
        process = subprocess.Popen([str(self.folder / "tql")], stdin=subprocess.PIPE, text=True,
                                   env=self.environment(TQL_URL=server.ready["http"]),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   start_new_session=True)
        process.stdin.write("create database e;\nshow databases;\n")
        process.stdin.flush()
        while process.stdout.readline() != "e\n":
            pass
        server.stop()
        out, err = process.communicate("show databases;\nshow tables;\n", timeout=PATIENCE)
        self.assertEqual((2, "", 1), (process.returncode, out, err.count("error=")), err)

    def test_flags_that_say_otherwise_win(self):
        self.assertEqual((0, ""), self.shell("tql -continue_execution_on_error=false",
                                             stdin=self.SCRIPT)[:2])
        self.assertEqual((0, "n\n7\n"), self.shell("tql --format csv -c 'select 7 as n from d.t limit 1;'")[:2])

    def test_output_to_a_file_is_kept_after_errors(self):
        target = self.folder / "out"
        self.assertEqual(0, self.shell(f"tql -o {target}", stdin=self.SCRIPT)[0])
        self.assertEqual("7\n8\n", target.read_text())

    def test_a_server_script(self):
        script = 'script: "selekt 1; select 7 from d.t limit 1;"'
        status, out, err = self.shell("tql -server_script", stdin=script)
        self.assertEqual(0, status, err)
        self.assertIn("error=", err)


if __name__ == "__main__":
    harness.main()
