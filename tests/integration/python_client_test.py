"""The Python client with which the benchmark compares the shell prints the correct output."""

import subprocess
import sys

import harness

CLIENT = harness.ROOT / "tests" / "bench" / "python_client.py"


class PythonClientTest(harness.ServerTest):
    setup_script = """CREATE DATABASE "python"; USE "python";
        CREATE TABLE "t" ("id" INT, "s" VARCHAR(0));
        INSERT INTO "t" VALUES (1, 'one'), (2, 'na\u00efve "x"'), (3, null);"""

    def run_client(self, statement):
        host, port = self.server.http
        return subprocess.run(
            [sys.executable, CLIENT, f"http://{host}:{port}", "python", statement],
            capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
            env={"TQL_PASSWORD": harness.PASSWORD, "PYTHONIOENCODING": "utf-8"})

    def test_rows_go_to_standard_output_and_messages_to_standard_error(self):
        done = self.run_client("select * from t order by id;")
        self.assertEqual('1|one\n2|na\u00efve "x"\n3|(null)\n', done.stdout)
        self.assertEqual("(3 result rows)\n" + harness.SUCCESS, done.stderr)
        self.assertEqual(0, done.returncode)

    def test_row_limit_is_disabled(self):
        done = self.run_client("select a.id from t a, t b, t c, t d;")
        self.assertEqual(81, len(done.stdout.splitlines()))

    def test_errors_set_the_exit_status(self):
        done = self.run_client("select nothing from t;")
        self.assertEqual("", done.stdout)
        self.assertIn("nothing", done.stderr)
        self.assertEqual(1, done.returncode)


if __name__ == "__main__":
    harness.main()
