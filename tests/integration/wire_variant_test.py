"""--wire-variant: the alternative response formats of the service; one server with all of them."""

import subprocess

import harness


class WireVariantTest(harness.ServerTest):
    flags = ("--wire-variant", "date-time", "--wire-variant", "cell-objects", "--wire-variant",
             "lowercase-strings", "--wire-variant", "content-type=application/x-ndjson")
    setup_script = """CREATE DATABASE "v"; USE "v";
        CREATE TABLE "t" ("At" DATETIME, "Name" VARCHAR(0), "day" DATE, "n" INT);
        INSERT INTO "t" VALUES ('2020-02-29 01:02:03', 'Slovakia', '2020-02-29', 7);"""

    def test_all_together(self):
        answer = self.session.query('select "At", "Name", "day", "n" from t;',
                                    context={"database": "v"})
        self.assertEqual("application/x-ndjson", answer.response.head.get_all("Content-Type")[0])
        self.assertEqual([("At", "DATE_TIME"), ("Name", "VARCHAR"), ("day", "DATE"), ("n", "INT")],
                         answer.headers)
        self.assertEqual([[{"s": "2020-02-29 01:02:03"}, {"s": "slovakia"}, {"s": "2020-02-29"},
                           {"s": "7"}]], answer.rows)

    def test_names_that_look_like_the_type_stay(self):
        answer = self.session.query('''select 1 as """type"":""DATETIME""" from t;''',
                                    context={"database": "v"})
        self.assertEqual([('"type":"DATETIME"', "INT")], answer.headers)

    def test_stored_texts_are_unchanged(self):
        answer = self.session.query("select n from t where \"Name\" = 'Slovakia';",
                                    context={"database": "v"})
        self.assertEqual([[{"s": "7"}]], answer.rows)

    def test_unknown_variants_are_refused(self):
        for variant in ("", "datetime", "content-type=", "content-type=a\r\nX: y"):
            with self.subTest(variant=variant):
                done = subprocess.run(
                    [harness.binary(), "--http", "127.0.0.1:0", "--https", "off", "--grpc", "off",
                     "--wire-variant", variant], capture_output=True, text=True, timeout=60)
                self.assertEqual((1, ""), (done.returncode, done.stdout))
                self.assertIn("wire", done.stderr)


if __name__ == "__main__":
    harness.main()
