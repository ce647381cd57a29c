"""\\copy of tql, as a process without a terminal.

`tql_copy_test.py PATH_OF_TQL PATH_OF_TQLMOCKD [unittest arguments]`
"""

import os
import signal
import threading

import fake_service
from copy_shell import PATIENCE, CopyTest, harness


class ToTest(CopyTest):
    def test_a_query_to_where_results_go(self):
        out, err = self.good("create table one (i int, v varchar(0)); insert into one values (1, 'a');",
                             "\\copy (select v, i + 1 as j from one where v = 'a') to stdout csv header")
        self.assertEqual("v,j\na,2\n", out)
        self.assertTrue(err.endswith("COPY 1\n"), err)

    def test_columns_of_a_name_in_quotes(self):
        self.good('create table "a t" ("x y" int, b int); insert into "a t" values (1, 2);',
                  '\\copy "a t" (b, "x y") to \'o ut.csv\' csv header')
        self.assertEqual("b,x y\n2,1\n", self.read("o ut.csv"))

    def test_settings_of_other_statements_do_not_change_it(self):
        self.good("create table one (a date); insert into one values ('2020-01-31');"
                  "insert into one values (null);",
                  "\\copy one to out.csv csv", flags=("--date_format", "%d.%m.%Y", "--null", "?",
                                                      "--size", "1", "--count", "--no-header"))
        self.assertEqual(["", "2020-01-31"], sorted(self.read("out.csv").split("\n"))[1:])

    def test_a_failure_leaves_the_file_as_it_was(self):
        self.write("out.csv", "old")
        status, _, err = self.tql("\\copy (select x frm y) to out.csv csv", "select 1;")
        self.assertEqual(3, status)
        self.assertIn("\n  select x frm y\n               ^\n", err)
        self.assertEqual("old", self.read("out.csv"))
        self.assertEqual(["out.csv"], os.listdir(self.folder))

    def test_a_file_that_cannot_be_written(self):
        status, _, err = self.tql("\\copy (select 1) to /no/file csv")
        self.assertEqual((3, "error: cannot write /no/file: No such file or directory\n"),
                         (status, err))
        status, _, err = self.tql("create table one (i int);insert into one values (1);",
                                  "\\copy one to /dev/full csv")
        self.assertEqual(3, status)
        self.assertIn("No space left", err)


class FromTest(CopyTest):
    def setUp(self):
        super().setUp()
        self.good("create table one (i int primary key, v varchar(0));"
                  .replace(" primary key", ""))

    def rows(self):
        return self.good("select * from one order by i;", flags=("--no-header", "--top", "0"))[0]

    def fails(self, data, error, rows="", options="csv"):
        self.write("in.csv", data)
        status, _, err = self.tql(f"\\copy one from in.csv {options}")
        self.assertEqual((3, f"error: in.csv, {error}\n"), (status, err))
        self.assertEqual(rows, self.rows())
        self.good("truncate table one;")

    def test_line_ends_mark_and_header(self):
        self.write("in.csv", b"\xef\xbb\xbfI,\"v\"\r\n1,\"a\r\nb\"\r\n2,c")
        self.assertEqual("COPY 2\n", self.good("\\copy one from in.csv csv header")[1])
        self.assertEqual('1,"a\r\nb"\n2,c\n', self.rows())

    def test_a_header_must_have_the_columns_in_their_order(self):
        for header, columns, names in (("v,i", "", "i, v"), ("i,v,x", "", "i, v"), ("i", "(v)", "v")):
            self.write("in.csv", header + "\na,1\n")
            self.assertEqual((3, "", f"error: in.csv, line 1: found the header {header.replace(',', ', ')}, "
                              f"expected {names}; name the columns in its order behind the table, or say "
                              "header ignore; 0 rows are stored\n"),
                             self.tql(f"\\copy one {columns} from in.csv csv header"))
        self.write("in.csv", "v,i\na,1\n")
        self.good("\\copy one (v, i) from in.csv csv header match")
        self.write("in.csv", "whatever\n2,b\n")
        self.good("\\copy one from in.csv csv header ignore")
        self.assertEqual("1,a\n2,b\n", self.rows())

    def test_columns_in_another_order(self):
        self.write("in.csv", "a,1\n")
        self.good("\\copy one (v, i) from in.csv csv")
        self.write("in.csv", "b\n")
        self.good("\\copy one (v) from in.csv csv")
        self.assertEqual(",b\n1,a\n", self.rows())

    def test_standard_input_when_statements_come_from_elsewhere(self):
        self.good("\\copy one from stdin csv", stdin=b"1,x\n")
        self.assertEqual("1,x\n", self.rows())
        self.write("inner.tql", "\\copy one from pstdin csv\n")
        self.good("\\i inner.tql", stdin=b"2,y\n")
        self.assertEqual("1,x\n2,y\n", self.rows())
        self.assertEqual((3, "", "inner.tql:1: error: \\copy: standard input has the statements; name a file\n"),
                         self.script("\\i inner.tql\n2,y\n"))

    def script(self, text, *flags):
        process = self.start("--database", "copies", "--no-header", *flags)
        out, err = process.communicate(text.encode(), timeout=PATIENCE)
        return process.returncode, out.decode(), err.decode()

    def test_data_in_a_script_on_standard_input(self):
        status, out, err = self.script("select 1\n\\copy one from stdin csv header\ni,v\n1,\"a\n;\"\n2,b;\n"
                                       "\\.\n+ i from one order by i;\n\\copy one (v, i) from pstdin csv\n"
                                       "c,3\n\\.\r\nselect v from one where i > 1 order by i;\n"
                                       "\\copy one from stdin csv\n\\.\n\\nonsense\n\\copy one from stdin csv\n"
                                       "4,d", "--continue")
        self.assertEqual((3, "2\n3\nb;\nc\n"), (status, out), err)
        self.assertEqual(["COPY 2", "COPY 1", "COPY 0", "COPY 1"],
                         [line for line in err.splitlines() if line.startswith("COPY")])
        self.assertEqual('1,"a\n;"\n2,b;\n3,c\n4,d\n', self.rows())

    def test_data_in_a_file(self):
        self.write("inner.tql", "\\copy one from stdin csv\n2,b\n\\.\nselekt;\n")
        self.write("script.tql", "\\copy one from stdin csv\n1,a\n\\.\n\\ir inner.tql\n")
        self.assertEqual((3, ""), self.script("", "-f", "script.tql")[:2])
        self.assertEqual("1,a\n2,b\n", self.rows())
        _, _, err = self.script("", "--continue", "-f", "script.tql")
        self.assertIn("inner.tql:4: error: ", err)
        self.assertEqual((3, "\\copy one from stdin csv\n-- insert into one  values …;\n\\ir inner.tql\n"
                          "\\copy one from stdin csv\n-- insert into one  values …;\nselekt;\n"),
                         self.script("", "--dry-run", "-f", "script.tql")[:2])

    def test_data_that_come_byte_by_byte(self):
        process = self.start("--database", "copies", "--no-header", bufsize=0)
        for byte in b"\\copy one from stdin csv\n1,\\.\n2,b\n\\.\nselect v from one order by i;\n":
            process.stdin.write(bytes([byte]))
        out, err = process.communicate(timeout=PATIENCE)
        self.assertEqual((0, b'"\\."\nb\n'), (process.returncode, out), err)

    def test_data_of_a_script_are_never_statements(self):
        for failing in ("none from stdin csv", "one from stdin csv"):
            status, out, err = self.script(f"\\copy {failing}\n1\ndrop table one;\n\\.\nselect 'on' from one "
                                           "group by 1;\nselect count(*) from one;", "--continue")
            self.assertEqual((3, "0\n"), (status, out.splitlines(True)[-1]), err)
            self.assertIn("0 rows are stored", err)
        status, out, err = self.script("\\copy one from stdin csv\nselekt 1;\n\\.\nshow tables;", "--dry-run")
        self.assertEqual((0, "\\copy one from stdin csv\n-- insert into one  values …;\nshow tables;\n", ""),
                         (status, out, err))

    def test_data_after_an_invalid_command_is_skipped(self):
        for command in ("\\copy one from stdin csv headr", "\\COPY one from stdin csv",
                        "\\copy (select 1) from  stdin csv", "\\copy one from stdin csv -- 'x"):
            for how in ("--continue", "--dry-run"):
                status, out, err = self.script(f"{command}\n1;drop table one;\n\\.\nselect i from one;\n", how)
                self.assertEqual((3, 1), (status, err.count("error:")), err)
                self.assertNotIn("drop", out)

    def test_psqls_other_word_for_standard_input(self):
        self.assertEqual((0, "1\n"), self.script("\\copy one from stdout csv\n1,a\n\\.\nselect i from one;")[:2])

    def test_end_marker_as_a_value(self):
        self.good("create table texts (v varchar(0));", "insert into texts values ('\\.'); ")
        written, _ = self.good("\\copy texts to stdout csv")
        self.assertEqual('"\\."\n', written)
        self.good("\\copy texts from stdin csv", stdin=written.encode())
        status, out, err = self.script("\\copy texts from stdin csv\n" + written + "\\.\nselect count(*) from texts;")
        self.assertEqual((0, "3\n"), (status, out), err)

    def test_a_long_line_of_data(self):
        text = "x" * 3_000_000
        status, out, err = self.script(f"\\copy one from stdin csv\n1,{text}\n\\.\nselect v from one;")
        self.assertEqual((0, text + "\n"), (status, out), err[:300])

    def test_many_data_in_a_script(self):
        rows = "".join(f"{i},{'x' * (i % 50)}\n" for i in range(20000))
        status, out, err = self.script("\\copy one from stdin csv\n" + rows + "\\.\nselect count(*) from one;\nselekt;")
        self.assertEqual((3, "20000\n"), (status, out), err)
        self.assertTrue(err.startswith("COPY 20000\n"), err)

    def test_errors_have_places_and_the_number_of_stored_rows(self):
        self.fails("1,a\n2,b\nx,c\n4,d\n",
                   "line 3, column i: found 'x', expected a whole number from -2147483648 to "
                   "2147483647; 2 rows are stored", "1,a\n2,b\n")
        self.fails('1,"a\n\n"\n2\n', "line 4: found 1 field, expected 2 fields; 1 row is stored",
                   '1,"a\n\n"\n')
        self.fails("1,a\n\n", "line 2: found an empty line, expected 2 fields; 1 row is stored", "1,a\n")
        self.fails("1,a,b\n", "line 1: found 3 fields, expected 2 fields; 0 rows are stored")
        self.fails('1,a\n2,"b\n', "line 2, field 2: a quote that is never closed; 1 row is stored",
                   "1,a\n")
        self.fails(b"1,a\n2,\xff\n", "line 2, field 2: invalid UTF-8: the byte 0xff; 1 row is stored",
                   "1,a\n")

    def test_service_errors_have_lines(self):
        self.good("create table days (i int, a date);")
        rows = [f"{i},2020-01-01\n" for i in range(3000)]
        rows[2500] = "2500,never\n"
        self.write("in.csv", "".join(rows))
        status, _, err = self.tql("\\copy days from in.csv csv")
        self.assertEqual((3, "error: in.csv, line 2501: Insert returned error: Column \"a\": "
                             "Cannot convert 'never' to date: unrecognized format; 2500 rows are stored\n"), (status, err))
        self.assertEqual("count(*)\n2500\n", self.good("select count(*) from days;")[0])

    def test_missing_file_or_table(self):
        self.assertEqual((3, "", "error: cannot read none.csv: No such file or directory; "
                                 "0 rows are stored\n"), self.tql("\\copy one from none.csv csv"))
        self.write("in.csv", "1\n")
        status, _, err = self.tql("\\copy none from in.csv csv")
        self.assertEqual(3, status)
        self.assertIn("0 rows are stored", err)

    def test_in_a_file_the_place_is_that_of_the_command(self):
        self.write("in.csv", "1,a\n2\n")
        self.write("script.tql", "use copies;\n\\copy one from in.csv csv\nselect 1;\n")
        process = self.start("-f", "script.tql")
        out, err = process.communicate(timeout=PATIENCE)
        self.assertEqual((3, b""), (process.returncode, out))
        self.assertIn(b"script.tql:2: error: in.csv, line 2: found 1 field, ", err)


class ProgramTest(CopyTest):
    def setUp(self):
        super().setUp()
        self.good("create table one (i int, v varchar(0));")

    def test_there_and_back(self):
        self.good("insert into one values (1, 'it''s');", "\\copy one to program 'sed s/1/2/ > ''o ut.csv''' csv")
        self.assertEqual("2,it's\n", self.read("o ut.csv"))
        self.assertEqual("COPY 1\n", self.good("\\copy one from program 'cat ''o ut.csv''' csv")[1])
        self.assertEqual("1,it's\n2,it's\n",
                         self.good("select * from one order by i;", flags=("--no-header",))[0])

    def test_a_program_that_fails(self):
        self.assertEqual((3, "", "error: the program 'echo 1,a; exit 7' ended with status 7; 1 row is stored\n"),
                         self.tql("\\copy one from program 'echo 1,a; exit 7' csv"))
        self.assertEqual((3, "", "error: the program 'cat >&2; exit 8' ended with status 8\n"),
                         self.tql("\\copy (select 1 from one where i > 1) to program 'cat >&2; exit 8' csv"))

    def test_a_program_that_does_not_read_to_the_end(self):
        self.good("\\copy one from stdin csv", stdin=b"".join(b"%d,%b\n" % (i, b"x" * 200) for i in range(2000)))
        status, _, err = self.tql("\\copy one to program 'true' csv")
        self.assertEqual((3, "error: the program 'true' did not read all rows\n"), (status, err))
        status, _, err = self.tql("\\copy one to program 'exit 7' csv")
        self.assertEqual((3, "error: the program 'exit 7' ended with status 7\n"), (status, err))

    def test_ctrl_c_while_it_is_waited_for(self):
        self.good("\\copy one from stdin csv", stdin=b"1,a\n")
        mark = self.folder / "reads"
        process = self.start("--database", "copies", "-c",
                             f"\\copy one to program 'trap \"\" INT; cat >/dev/null; touch {mark}; sleep 1' csv",
                             "-c", "select 'never';")
        while not mark.exists():
            pass
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
        self.assertEqual((130, b"", b"error: cancelled\n"), (process.returncode, out, err))

    def test_it_does_not_read_the_script(self):
        process = self.start("--database", "copies")
        out, err = process.communicate(b"\\copy one from program 'cat; echo 3,c' csv\n"
                                       b"select v from one;\n", timeout=PATIENCE)
        self.assertEqual((0, b"c\n"), (process.returncode, out.splitlines(True)[-1]), err)


class InterruptTest(CopyTest):
    def answers(self, values):
        header = fake_service.line(table={"headers": [{"name": "i", "type": "INT"}]}, complete=True)
        return {"select * from one": lambda request: [header], **values}

    def test_ctrl_c_while_a_pipe_is_silent(self):
        self.good("create table one (i int);")
        process = self.start("--database", "copies", "-c", "\\copy one from stdin csv", "-c", "x;")
        rows = b"".join(b"%d\n" % i for i in range(2000))
        process.stdin.write(rows)
        process.stdin.flush()
        while b"2000" not in self.good("select count(*) from one;")[0].encode():
            pass
        process.send_signal(signal.SIGINT)
        self.assertEqual(b"error: cancelled; 2000 rows are stored\n", process.stderr.readline())
        self.assertEqual(130, process.wait(PATIENCE))
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()

    def test_lost_connection(self):
        stop = threading.Event()
        self.addCleanup(stop.set)
        reached = threading.Event()

        def hang(request):
            reached.set()
            return [stop]

        service = fake_service.FakeService(self.answers({"insert into one  values (1)": hang}))
        self.addCleanup(service.close)
        self.write("in.csv", "1\n")
        process = self.start("-c", "\\copy one from in.csv csv", url=service.url)
        self.assertTrue(reached.wait(PATIENCE))
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
        self.assertEqual((130, b"error: cancelled; 0 rows are stored, and up to 1 more may be\n"),
                         (process.returncode, err))


if __name__ == "__main__":
    harness.main()
