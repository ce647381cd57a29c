"""tql load, as a process without a terminal.

`tql_load_test.py PATH_OF_TQL PATH_OF_TQLMOCKD [unittest arguments]`
"""

import gzip
import os
import signal
import subprocess

from batch_shell import PATIENCE, TQL, ShellTest, harness


class LoadTest(ShellTest):
    def setUp(self):
        super().setUp()
        self.sql("create database loads; use loads; create table t (a int, b varchar(0));")
        self.addCleanup(self.sql, "drop database loads;")

    def environment(self):
        return harness.bare_environment(LC_ALL="C.UTF-8", TQL_PASSWORD="admin")

    def sql(self, statements, *flags):
        done = subprocess.run([TQL, self.url, "--user", "tsadmin", *flags, "-c", statements],
                              capture_output=True, timeout=PATIENCE, env=self.environment())
        self.assertEqual(0, done.returncode, done.stderr)
        return done.stdout.decode()

    def rows(self):
        return self.sql("use loads; select a, b from t order by a;").split()

    def load(self, *flags, stdin=b"", program=(TQL, "load"), url=None, user="tsadmin"):
        done = subprocess.run(
            [*program, url or self.url, "--user", user, "--target_database", "loads",
             "--target_table", "t", *flags],
            input=stdin, capture_output=True, timeout=PATIENCE, env=self.environment(),
            cwd=self.folder)
        self.assertEqual(b"", done.stdout)
        return done.returncode, done.stderr.decode()

    def write(self, name, data):
        (self.folder / name).write_bytes(data)

    def test_standard_input(self):
        self.assertEqual((0, "2 rows loaded, 0 rows ignored\n"), self.load(stdin=b"1,x\n2,y\n"))
        self.assertEqual(["1|x", "2|y"], self.rows())

    def test_a_file_with_flags_of_the_vendor_under_the_name_of_its_program(self):
        self.write("in.csv", b"id|name|\n1|x|\n2|NULL|\n")
        program = self.folder / "tsload"
        os.symlink(TQL, program)
        status, err = self.load(
            "-source_file", "in.csv", "--field_separator=|", "--has_header_row", "--v", "0",
            "-null_value", "NULL", "--noempty_target", "--trailing_field_separator", "true",
            "--alsologtostderr", program=(str(program),))
        self.assertEqual((0, "2 rows loaded, 0 rows ignored\n"), (status, err))
        self.assertEqual(["1|x", "2|(null)"], self.rows())

    def test_the_output_of_gzip(self):
        self.write("in.csv.gz", gzip.compress(b"1,x\n"))
        with subprocess.Popen(["gzip", "-dc", self.folder / "in.csv.gz"],
                              stdout=subprocess.PIPE) as unpacked:
            done = subprocess.run(
                [TQL, "load", self.url, "--user", "tsadmin", "--target_database", "loads",
                 "--target_table", "t"],
                stdin=unpacked.stdout, capture_output=True, timeout=PATIENCE, env=self.environment())
        self.assertEqual((0, b"1 row loaded, 0 rows ignored\n"), (done.returncode, done.stderr))

    def test_every_flag_of_the_format(self):
        self.sql("use loads; drop table t; "
                 "create table t (a int, d date, m datetime, h time, o bool);")
        data = b"'1';31.01.2024;31.01.2024 10:00:00,5;10-00;yes;surplus\n"
        status, err = self.load(
            "--source_data_format", "csv", "--field_separator", ";", "--enclosing_character", "'",
            "--flexible", "--date_format", "%d.%m.%Y", "--date_time_format", "%d.%m.%Y %H:%M:%S",
            "--time_format", "%H-%M", "--skip_second_fraction", "--second_fraction_start", ",",
            "--boolean_representation", "yes_no", stdin=data)
        self.assertEqual((0, "1 row loaded, 0 rows ignored\n"), (status, err))
        self.assertEqual("1|2024-01-31|2024-01-31 10:00:00|10:00:00|true\n",
                         self.sql("use loads; select * from t;"))

    def test_delimited(self):
        status, err = self.load("--source_data_format", "delimited", "--escape_character", "\\",
                                stdin=b'1,a\\,"b\n')
        self.assertEqual((0, "1 row loaded, 0 rows ignored\n"), (status, err))
        self.assertEqual(['1|a,"b'], self.rows())

    def test_bad_records(self):
        status, err = self.load("--max_ignored_rows", "2", "--bad_records_file", "bad.csv",
                                stdin=b"1,x\nzwei,y\n3\n")
        self.assertEqual((0, "line 2: Column \"a\": Cannot convert 'zwei' to int\n"
                             "line 3: found 1 fields, expected 2\n"
                             "1 row loaded, 2 rows ignored\n"), (status, err))
        self.assertEqual(b"zwei,y\n3\n", (self.folder / "bad.csv").read_bytes())

    def test_too_many_bad_records(self):
        status, err = self.load("--bad_records_file", "bad.csv", stdin=b"1,x\nzwei,y\n")
        self.assertEqual(3, status)
        self.assertIn("tql load: More than 0 rows are not valid (max_ignored_rows). The first: line "
                      "2: Column \"a\": Cannot convert 'zwei' to int\n", err)
        self.assertEqual([], self.rows())
        self.assertEqual(b"zwei,y\n", (self.folder / "bad.csv").read_bytes())

    def test_empty_target_and_validate_only(self):
        self.load(stdin=b"1,x\n")
        self.assertEqual((0, "1 row valid, 0 rows ignored\n"),
                         self.load("--empty_target", "--validate_only", stdin=b"2,y\n"))
        self.assertEqual(["1|x"], self.rows())
        self.assertEqual(0, self.load("--empty_target", stdin=b"2,y\n")[0])
        self.assertEqual(["2|y"], self.rows())

    def test_a_text_of_many_chunks(self):
        line = b"%d,\"a \"\"quoted\"\"\ntext\"\n"
        data = b"".join(line % number for number in range(1_000_000))
        self.assertGreater(len(data), 3 * (8 << 20))
        self.assertEqual((0, "1000000 rows loaded, 0 rows ignored\n"), self.load(stdin=data))
        self.assertEqual("1000000|999999\n",
                         self.sql("use loads; select count(*), max(a) from t;"))

    def test_mistakes_on_the_command_line(self):
        for flags, error in (
                (("--field_separator",), "--field_separator"),
                (("--max_ignored_rows", "-1"), "found '-1', expected a number"),
                (("--source_data_format", "json"), "found 'json', expected csv or delimited"),
                (("--flexible=maybe",), "found 'maybe', expected true or false"),
                (("--boolean_representation", "TF"), "found 'TF', expected the words"),
                (("--unknown",), "--unknown"),
                (("--source_file", "missing.csv"), "cannot read missing.csv"),
                (("--source_file", "."), "Is a directory"),
                (("--bad_records_file", "/no/bad.csv"), "/no/bad.csv")):
            with self.subTest(flags):
                status, err = self.load(*flags)
                self.assertEqual(1, status)
                self.assertIn(error, err)
        done = subprocess.run([TQL, "load", self.url], capture_output=True, timeout=PATIENCE,
                              env=self.environment())
        self.assertEqual(1, done.returncode)
        self.assertIn(b"--target_database", done.stderr)

    def test_help(self):
        done = subprocess.run([TQL, "load", "--help"], capture_output=True, timeout=PATIENCE,
                              env=self.environment())
        self.assertEqual(0, done.returncode)
        for flag in (b"--target_database", b"--boolean_representation", b"Exit status:"):
            self.assertIn(flag, done.stdout)

    def test_exit_statuses_of_the_service(self):
        status, err = self.load(url="http://127.0.0.1:1")
        self.assertEqual(2, status, err)
        status, err = self.load(user="nobody")
        self.assertEqual(2, status, err)
        self.assertIn("Unable to verify user. Please login again.", err)
        self.sql("use loads; drop table t;")
        status, err = self.load(stdin=b"1,x\n")
        self.assertEqual(3, status)
        self.assertIn("Unable to find table in Falcon. Cannot load data.", err)

    def test_ctrl_c_cancels_the_load(self):
        process = subprocess.Popen(
            [TQL, "load", self.url, "--user", "tsadmin", "--target_database", "loads",
             "--target_table", "t"],
            stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment(),
            start_new_session=True)
        line = b"1,x\n"
        # More than a pipe and a chunk hold, so that the program has begun when this returns.
        process.stdin.write(line * ((9 << 20) // len(line)))
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)
        process.stdin.close()
        self.assertEqual(130, process.returncode, process.stderr.read())
        process.stderr.close()
        self.assertEqual([], self.rows())


if __name__ == "__main__":
    harness.main()
