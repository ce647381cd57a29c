"""Output of tql's \\copy is read back unchanged, and is read by other programs.

`tql_copy_roundtrip_test.py PATH_OF_TQL PATH_OF_TQLMOCKD [unittest arguments]`
"""

import csv
import random

from copy_shell import ALL_TYPES, CopyTest, harness

# Everything with a special meaning in CSV or SQL, and some text without.
PIECES = ('"', "'", ",", ";", "\t", "\n", "\r\n", "\r", "\\", "\\.", "#", " ", "|", "a", "NULL", "\\N", "",
          "é", "€", "日", "\U0001f600", "\ufeff", "1", "true", "-", "\v", "\u2028", "%")
OPTIONS = ("csv", "csv header", r"csv delimiter E'\t' null '\N'", r"csv quote '''' escape '\'",
           "with (format csv, delimiter ';', quote '|', header)", "csv encoding 'utf-16'",
           "csv null 'true'", "csv delimiter '1' quote 'a'", "csv delimiter ' '", "csv delimiter 't' null '-'",
           r"(format csv, delimiter ':', quote E'\x27', escape E'\x27', null '(null)', encoding 'UTF8')",
           "csv escape ','", r"csv delimiter E'\x01' quote E'\x02'")
# One table has the first hint of each, the next the second, and so on.
DATE_HINTS = ("", "%Y-%d-%m", "%d.%m.%Y", "%Y%d%m", "%y%m%d", "yyyy-dd-MM")
DATETIME_HINTS = ("", "%Y-%d-%m %H:%M:%S", "%Y-%m-%d %M:%H:%S", "%d/%m/%y %H:%M", "%s", "yyyy-dd-MM HH:mm:ss")
TIME_HINTS = ("", "%M:%H:%S", "%S:%M:%H", "%H%M%S", "", "mm:HH:ss")
BOOL_HINTS = ("", "0_1", "100_0", "Y_N", "false_true", "_0")
TABLES = len(DATE_HINTS)


def literal(text):
    return "'" + text.replace("'", "''") + "'"


def hinted(kind, hint):
    return f'{kind} [parsinghint="{hint}"]' if hint else kind


class TypesTest(CopyTest):
    def test_every_type_comes_back_as_it_was(self):
        rows = ("(-2147483648, -9223372036854775808, 0.1, 0.1, true, 'it''s \"so\"', '2020-02-29',"
                " '1999-12-31 23:59:59', '23:59:59')",
                "(2147483647, 9223372036854775807, 1.7976931348623157e308, 3.4028235e38, false,"
                " 'a,b\nc\r\nd\\n;', '1900-01-01', '2000-01-01 00:00:00', '00:00:00')",
                "(0, 0, 2.2250738585072014e-308, 1.17549435e-38, true, 'é本\U0001f600 \t', '9999-12-31',"
                " '2000-01-01 00:00:00', '12:00:00')",
                "(1, 1, -123456789.123456789, 0.333333343, false, '', null, null, null)",
                "(null, null, null, null, null, null, null, null, null)",
                "(2, 3, 4, 5, true, ' x ', null, null, null)", "(3, 3, 4, 5, true, 'NULL', null, null, null)",
                "(4, 3, 4, 5, true, '\\N', null, null, null)")
        select = "select * from one order by i;"
        setup = f"create table one {ALL_TYPES}; create table two {ALL_TYPES};"
        self.good(setup, *(f"insert into one values {row};" for row in rows))
        expected, _ = self.good(select)
        self.assertEqual(len(rows) + 3, expected.count("\n"))  # a header, and the line ends in a text
        for options in ("csv", "csv header", "csv null '\\N' delimiter '\\t' header", "csv delimiter ';'"):
            with self.subTest(options=options):
                _, err = self.good(f"\\copy one to rows.csv {options}",
                                   f"\\copy two from rows.csv {options}")
                self.assertEqual("COPY 8\nCOPY 8\n", err)
                self.assertEqual(expected, self.good(select.replace("one", "two"))[0])
                self.good("truncate table two;")

    def test_one_column_of_nulls(self):
        self.good("create table one (v varchar(0)); create table two (v varchar(0));",
                  "insert into one values (null), (''), ('x'), (null);", "\\copy one to rows.csv csv",
                  "\\copy two from rows.csv csv")
        self.assertEqual('\n""\nx\n\n', self.read("rows.csv"))
        self.assertEqual('v\n\n\n""\nx\n', self.good("select * from two order by v;")[0])

    def test_more_rows_than_the_service_gives_unasked(self):
        self.good("create table one (i int); create table two (i int);")
        self.write("in.csv", "".join(f"{i}\n" for i in range(5001)))
        _, err = self.good("\\copy one from in.csv csv", "\\copy one to out.csv csv")
        self.assertEqual("COPY 5001\nCOPY 5001\n", err)
        self.assertEqual(sorted(self.read("in.csv").split()), sorted(self.read("out.csv").split()))


class PropertyTest(CopyTest):
    """Tables of every type and hint with special values are read back equal, whatever the options."""

    def values(self, chance):
        """One row without its number: literals that do not depend on a hint."""
        number = chance.choice((0, 1, -1, 2**31 - 1, -2**31, chance.randrange(-2**31, 2**31)))
        real = chance.choice(("0.1", "-0.0", "1e308*10", "-1e308*10", "2.2250738585072014e-308",
                              "1.7976931348623157e308", repr(chance.uniform(-1e6, 1e6))))
        single = chance.choice(("0.1", "3.4028235e38", "1.17549435e-38", "-0.0", "16777217"))
        text = literal("".join(chance.choice(PIECES) for _ in range(chance.randrange(4))))
        # The first and the last day, days whose month and day can be swapped, and any other.
        day = chance.choice((-62135596800, 253402214400, 0, 1715472000, 1709337600, 63072000,
                             86400 * chance.randrange(-700000, 2900000)))
        clock = chance.choice((0, 86399, 37230, chance.randrange(86400)))
        row = [number, number * 4294967296 + 1, real, single, chance.choice(("true", "false")), text, day,
               day + clock, clock]
        return ",".join("null" if chance.random() < 0.1 else str(value) for value in row)

    def make(self, variant, count):
        """Table one with rows and table two without; the rows as they are printed."""
        kinds = [hinted(kind, hints[variant]) for kind, hints in
                 (("bool", BOOL_HINTS), ("date", DATE_HINTS), ("datetime", DATETIME_HINTS), ("time", TIME_HINTS))]
        columns = "(k int, i int, b bigint, d double, f float, o {}, v varchar(0), a {}, m {}, t {})".format(*kinds)
        chance = random.Random(variant)
        rows = ",".join(f"({k},{self.values(chance)})" for k in range(count))
        self.good(f"create table one {columns}; create table two {columns};", f"insert into one values {rows};")
        self.addCleanup(self.tql, "drop table one; drop table two;")
        return self.rows("one")

    def rows(self, table, *flags):
        return self.good(f"select * from {table} order by k;", flags=("--top", "0", *flags))[0]

    def test_tables(self):
        for variant in range(TABLES):
            expected = self.make(variant, 60)
            for options in OPTIONS:
                with self.subTest(variant=variant, options=options):
                    _, err = self.good("truncate table two;", f"\\copy one to rows.csv {options}",
                                       f"\\copy two from rows.csv {options}")
                    self.assertTrue(err.endswith("COPY 60\nCOPY 60\n"), err)
                    self.assertEqual(expected, self.rows("two"))
            self.good("drop table one; drop table two;")

    def test_queries(self):
        """\\copy of a SELECT, and the CSV output of a SELECT, also with dates as epochs."""
        for variant in range(TABLES):
            expected = self.make(variant, 20)
            epochs = self.rows("one", "--format_date_as_epoch")
            self.good("\\copy (select * from one) to rows.csv csv header", "\\copy two from rows.csv csv header")
            self.assertEqual(expected, self.rows("two"))
            for data, flags in ((expected, ()), (epochs, ("--format_date_as_epoch",))):
                with self.subTest(variant=variant, flags=flags):
                    self.write("in.csv", data)
                    self.good("truncate table two;", "\\copy two from in.csv csv header", flags=flags)
                    self.assertEqual(expected, self.rows("two"))
            self.good("drop table one; drop table two;")


class OthersTest(CopyTest):
    """Other programs read and write the same files."""

    ROWS = ("(1,'plain','a,b'),(2,'say \"hi\"','two\nlines'),(3,'',null),(4,null,''),(5,'cr\rhere','crlf\r\nx'),"
            "(6,'it''s','back\\slash'),(7,'a;b','tab\there'),(8,'pipe|','\\N'),(9,'é€日','\\\"'),"
            "(10,'NULL','x\\''y')")
    # The output of psql 15 for \copy t to stdout with these rows and options. The letters stand for characters that a
    # raw string cannot contain.
    PSQL = {
        "csv": r'''1,plain,"a,b"N2,"say ""hi""","twoNlines"N3,"",N4,,""N5,"crRhere","crlfRNx"N'''
               r'''6,it's,back\slashN7,a;b,tabThereN8,pipe|,\^N9,é€日,"\"""N10,^ULL,x\'yN''',
        "csv header delimiter ';' null 'NULL'":
            r'''i;v;wN1;plain;a,bN2;"say ""hi""";"twoNlines"N3;;^ULLN4;^ULL;N5;"crRhere";"crlfRNx"N'''
            r'''6;it's;back\slashN7;"a;b";tabThereN8;pipe|;\^N9;é€日;"\"""N10;"^ULL";x\'yN''',
        "(format csv, quote '|', header true)":
            r'''i,v,wN1,plain,|a,b|N2,say "hi",|twoNlines|N3,||,N4,,||N5,|crRhere|,|crlfRNx|N'''
            r'''6,it's,back\slashN7,a;b,tabThereN8,|pipe|||,\^N9,é€日,\"N10,^ULL,x\'yN''',
        r"csv quote '''' escape '\' null '\N'":
            r'''1,plain,'a,b'N2,say "hi",'twoNlines'N3,,\^N4,\^,N5,'crRhere','crlfRNx'N'''
            r'''6,'it\'s',back\slashN7,a;b,tabThereN8,pipe|,'\\^'N9,é€日,\"N10,^ULL,'x\\\'y'N''',
        r"csv delimiter E'\t' escape E'\\'":
            r'''1TplainTa,bN2T"say \"hi\""T"twoNlines"N3T""TN4TT""N5T"crRhere"T"crlfRNx"N'''
            r'''6Tit'sTback\slashN7Ta;bT"tabThere"N8Tpipe|T\^N9Té€日T"\\\""N10T^ULLTx\'yN''',
        "csv escape ','":
            r'''1,plain,"a,,b"N2,"say ,"hi,"","twoNlines"N3,"",N4,,""N5,"crRhere","crlfRNx"N'''
            r'''6,it's,back\slashN7,a;b,tabThereN8,pipe|,\^N9,é€日,"\,""N10,^ULL,x\'yN''',
        "csv delimiter 'a'":
            r'''1a"plain"a"a,b"N2a"say ""hi"""a"twoNlines"N3a""aN4aa""N5a"crRhere"a"crlfRNx"N'''
            r'''6ait'sa"back\slash"N7a"a;b"a"tabThere"N8apipe|a\^N9aé€日a"\"""N10a^ULLax\'yN''',
    }

    def setUp(self):
        super().setUp()
        self.good("create table t (i int, v varchar(0), w varchar(0)); "
                  "create table back (i int, v varchar(0), w varchar(0));", f"insert into t values {self.ROWS};")

    def test_the_bytes_of_psql(self):
        for options, expected in self.PSQL.items():
            with self.subTest(options=options):
                expected = expected.translate(str.maketrans({"N": "\n", "R": "\r", "T": "\t", "^": "N"}))
                self.good(f"\\copy (select * from t order by i) to rows.csv {options}")
                self.assertEqual(expected, self.read("rows.csv"))
                self.good("truncate table back;", f"\\copy back from rows.csv {options}")
                self.assertEqual(self.good("select * from t order by i;")[0],
                                 self.good("select * from back order by i;")[0])

    def test_pythons_csv(self):
        chance = random.Random(1)
        texts = ["".join(chance.choice(PIECES) for _ in range(chance.randrange(1, 5))) or "x" for _ in range(200)]
        rows = [[str(i), text, text[::-1]] for i, text in enumerate(texts)]
        with open(self.folder / "in.csv", "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
        self.good("truncate table t;", "\\copy t from in.csv csv",
                  "\\copy (select * from t order by i) to out.csv csv")
        with open(self.folder / "out.csv", newline="", encoding="utf-8") as file:
            self.assertEqual(rows, list(csv.reader(file, strict=True)))

    def test_quotes_special_fields(self):
        self.good("truncate table t;",
                  "insert into t values (1, '#a', ''''), (2, ' a', 'a '), (3, '\ufeffa', '\ta');",
                  "\\copy (select v, w from t order by i) to rows.csv csv")
        self.assertEqual('"#a","\'"\n" a","a "\n"\ufeffa","\ta"\n', self.read("rows.csv"))


class EncodingTest(CopyTest):
    def setUp(self):
        super().setUp()
        self.good("create table one (v varchar(0));")

    def test_there_and_back(self):
        for name, codec, text in (("'latin1'", "latin-1", "\xe9\xff\n"), ("'windows-1252'", "cp1252", "€–é\n"),
                                  ("'WIN1252'", "cp1252", "€\n"), ("'utf8'", "utf-8", "€日\n"),
                                  ("latin9", "iso8859-15", "€\n"), ("'EUC_JP'", "euc_jp", "日本\n"),
                                  ("'sjis'", "shift_jis", "ソ表\n"), ("'utf-16le'", "utf-16-le", "日\n")):
            with self.subTest(name=name):
                self.write("in.csv", text.encode(codec))
                self.good("truncate table one;", f"\\copy one from in.csv csv encoding {name}",
                          f"\\copy one to out.csv csv encoding {name}")
                self.assertEqual(text, self.good("select v from one;", flags=("--no-header",))[0])
                self.assertEqual(text.encode(codec), (self.folder / "out.csv").read_bytes())

    def test_much_text(self):
        lines = [f"{i:06}é€" for i in range(60000)]
        self.write("in.csv", "\n".join(lines).encode("cp1252"))
        self.good("\\copy one from in.csv csv encoding 'windows-1252'",
                  "\\copy one to out.csv csv encoding 'windows-1252'")
        self.assertEqual(lines, sorted((self.folder / "out.csv").read_bytes().decode("cp1252").splitlines()))

    def test_characters_outside_the_encoding(self):
        self.write("in.csv", b"a\nb\n\x81\n")
        self.assertEqual((3, "", "error: in.csv, line 3: not windows-1252: the byte 0x81; 2 rows are stored\n"),
                         self.tql("\\copy one from in.csv csv encoding 'windows-1252'"))
        self.write("out.csv", "old")
        self.good("insert into one values ('1€');")
        self.assertEqual((3, "", "error: the character '€' does not exist in the encoding latin1\n"),
                         self.tql("\\copy one to out.csv csv encoding 'latin1'"))
        self.assertEqual("old", self.read("out.csv"))

    def test_standard_output_remains_utf_8(self):
        self.good("insert into one values ('é');")
        process = self.start("--database", "copies", "--no-header", "-c", "\\copy one to stdout csv encoding 'latin1'",
                             "-c", "select v from one;")
        out, err = process.communicate(timeout=60)
        self.assertEqual((0, b"\xe9\n\xc3\xa9\n"), (process.returncode, out), err)

    def test_data_of_a_script(self):
        self.write("script.tql", "\\copy one from stdin csv encoding 'latin1'\n\xe9\n\\.\nselect v from one;\n"
                   .encode("latin-1"))
        process = self.start("--database", "copies", "--no-header", "-f", "script.tql")
        out, err = process.communicate(timeout=60)
        self.assertEqual((0, "é\n".encode()), (process.returncode, out), err)


class ReadingTest(CopyTest):
    """The texts that \\copy from accepts for a date, a time, a number or a boolean."""

    def read_as(self, columns, data, *flags):
        self.tql("drop table one;")
        self.good(f"create table one ({columns});")
        self.write("in.csv", data)
        self.good("\\copy one from in.csv csv", flags=flags)
        return self.good("select * from one order by 1;", flags=("--no-header",))[0]

    def test_iso_8601(self):
        for text in ("2024-01-01T10:00:00+00:00", "2024-01-01 10:00:00+00", "2024-01-01T10:00Z",
                     "2024-01-01T10:00:00Z", "2024-01-01T10:00:00.25Z", "2024-01-01T10:00"):
            with self.subTest(text=text):
                self.assertEqual("2024-01-01 10:00:00\n", self.read_as("m datetime", text + "\n"))

    def test_dates_in_the_form_of_the_hint(self):
        for hint, text, expected in (("%d.%m.%Y", "12.05.2024", "2024-05-12"), ("%Y%d%m", "20241205", "2024-05-12"),
                                     ("%Y-%d-%m", "2024-25-12", "2024-12-25"),
                                     ("dd/MM/yyyy", "12/05/2024", "2024-05-12")):
            self.assertEqual(expected + "\n", self.read_as(f'a date [parsinghint="{hint}"]', text + "\n"))

    def test_a_column_of_dates_has_one_order(self):
        self.good('create table one (a date [parsinghint="%Y-%d-%m"]);')
        self.write("in.csv", "2024-05-12\n2024-25-12\n")
        self.assertEqual((3, "", "error: in.csv, line 2, column a: found '2024-25-12', expected YYYY-MM-DD, as "
                                 "the lines before were read; 1 row is stored\n"), self.tql("\\copy one from in.csv csv"))

    def test_a_line_settles_the_order_of_a_column(self):
        self.assertEqual("2024-12-05\n2024-12-25\n",
                         self.read_as('a date [parsinghint="%Y-%d-%m"]', "2024-25-12\n2024-05-12\n"))

    def test_epochs(self):
        self.assertEqual("2024-05-12\n", self.read_as("a date", "1715472000\n"))
        self.assertEqual("2024-05-12\n", self.read_as("a date", "20240512\n"))
        self.assertEqual("1970-08-23\n", self.read_as("a date", "20240512\n", "--format_date_as_epoch"))
        self.assertEqual("1972-01-01\n", self.read_as("a date", "63072000\n"))
        self.assertEqual("1969-12-31 23:59:59\n", self.read_as("m datetime", "-1\n"))
        self.assertEqual("10:00:00\n", self.read_as("t time", "36000\n"))
        self.assertEqual("2024-05-12\n", self.read_as('"a ""x""" date [parsinghint="%Y-%d-%m"]', "1715472000\n"))

    def test_booleans_by_hint_or_by_the_words_of_postgres(self):
        self.assertEqual("false\ntrue\n", self.read_as('o bool [parsinghint="0_1"]', "0\n1\n"))
        self.assertEqual("false\ntrue\n", self.read_as('o bool [parsinghint="100_0"]', "100\n0\n"))
        self.assertEqual("false\nfalse\ntrue\ntrue\n", self.read_as("o bool", "yes\nf\n1\n0\n"))

    def test_infinity(self):
        self.assertEqual("-inf,-inf\ninf,inf\n",
                         self.read_as("d double, f float", "inf,Infinity\n-inf,-infinity\n"))


if __name__ == "__main__":
    harness.main()
