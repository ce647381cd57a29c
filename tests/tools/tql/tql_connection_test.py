"""The server and the user that tql connects to, and what it shows of them; without a terminal.

`tql_connection_test.py PATH_OF_TQL PATH_OF_TQLMOCKD [unittest arguments]`
"""

import subprocess
import unittest

import fake_service
from batch_shell import PATIENCE, SUCCESS, TQL, ShellTest, harness


class WireVariantTest(unittest.TestCase):
    """tql reads the responses of its own mock in all variants of the public material."""

    def test_a_type_that_is_unknown_is_text(self):
        server = harness.Server("--wire-variant", "date-time")
        self.addCleanup(server.stop)
        statements = ("create database d; use d; create table t (x int, at datetime); "
                      "insert into t values (1, '2020-02-29 01:02:03'); select x, at from t;")
        grpc = f"https://{server.ready['grpc']}/?transport=grpc&insecure=true"
        for url in server.ready["http"], server.ready["https"] + "/?insecure=true", grpc:
            for form, row in (("csv", "1,2020-02-29 01:02:03\n"), ("json", '"2020-02-29 01:02:03"'),
                              ("jsonl", '"2020-02-29 01:02:03"'), ("tql", "1|2020-02-29 01:02:03\n"),
                              ("aligned", "| 2020-02-29 01:02:03\n")):
                ended = subprocess.run(
                    [TQL, url, "--user", "tsadmin", "--format", form, "-c",
                     statements if url == server.ready["http"] and form == "csv" else "use d; select x, at from t;"],
                    text=True, capture_output=True, timeout=PATIENCE, check=False,
                    env=harness.bare_environment(TQL_PASSWORD="admin"))
                self.assertEqual(0, ended.returncode, ended.stderr)
                self.assertIn(row, ended.stdout, (url, form))


class ConnectionTest(ShellTest):
    """Flag, URL, environment, profile, default: in this order."""

    def connect(self, *flags, url=None, **variables):
        environment = harness.bare_environment(XDG_CONFIG_HOME=str(self.folder), USER="nobody",
                                               **variables)
        words = [TQL, *([url] if url else []), *flags, "-c", "\\conninfo"]
        ended = subprocess.run(words, text=True, env=environment, timeout=PATIENCE, check=False,
                               start_new_session=True, stdin=subprocess.DEVNULL,
                               capture_output=True)
        return ended.returncode, ended.stderr

    def profile(self, *lines):
        (self.folder / "tql").mkdir(exist_ok=True)
        self.file("tql/profiles", "\n".join(["[p]", *lines, ""]))

    def test_a_profile_has_everything(self):
        password = self.file("password", "admin\n")
        self.profile(f"url = {self.url}", "user = tsadmin", f"password_file = {password}",
                     "database = retail")
        expected = (0, f"{self.url}, user tsadmin, database retail.\n")
        self.assertEqual(expected, self.connect("--profile", "p"))
        self.assertEqual(expected, self.connect(TQL_PROFILE="p"))
        self.assertEqual((0, f"{self.url}, user tsadmin, database other.\n"),
                         self.connect("--profile", "p", TQL_DATABASE="other"))
        self.assertEqual((0, f"{self.url}, user tsadmin, database flag.\n"),
                         self.connect("--profile", "p", "--database", "flag", TQL_DATABASE="other"))
        status, err = self.connect("--profile", "q")
        self.assertEqual(1, status)
        self.assertIn("q", err)

    def test_the_environment_has_a_service_too(self):
        good = {"TQL_URL": self.url, "TQL_USER": "tsadmin", "TQL_PASSWORD": "admin"}
        self.assertEqual((0, f"{self.url}, user tsadmin.\n"), self.connect(**good))
        self.assertEqual(2, self.connect("--host", "127.0.0.1:1", **good)[0])

    def test_a_host_is_an_https_url(self):
        https = self.server.ready["https"]
        self.assertEqual((0, f"{https}, user tsadmin.\n"), self.connect(
            "--host", https.removeprefix("https://"), "--insecure", "--username", "tsadmin",
            TQL_PASSWORD="admin"))

    def test_a_host_is_not_a_url(self):
        ended = subprocess.run([TQL, "--host", "http://h", "-c", "x;"], capture_output=True, text=True,
                               env=harness.bare_environment(), timeout=PATIENCE, check=False)
        self.assertEqual((1, "", "tql: --host takes HOST[:PORT] alone; give a URL without it: tql URL\n"),
                         (ended.returncode, ended.stdout, ended.stderr))

    def test_the_schema_goes_with_each_statement(self):
        service = fake_service.FakeService({"q": lambda request: [fake_service.line(complete=True)]})
        self.addCleanup(service.close)
        for flags, url in ((("--schema", "s"), service.url), ((), service.url + "/?schema=s")):
            self.tql(*flags, "-c", "q;", url=url)
            self.assertEqual("s", service.asked[-1]["context"]["schema"])

    def test_flag_and_url_must_not_contradict_each_other(self):
        host = self.url.removeprefix("http://")
        for flags, parameters, said, of_url in (
                (("--user", "a"), "http://b@h/", "--user says 'a'", "'b'"),
                (("--database", "a"), "http://h/b", "--database says 'a'", "'b'"),
                (("--schema", "a"), "http://h/?schema=b", "--schema says 'a'", "'b'"),
                (("--cacert", "a"), "https://h/?cacert=b", "--cacert says 'a'", "'b'"),
                (("--insecure",), "https://h/?insecure=false", "--insecure says 'true'", "'false'"),
                (("--timeout", "2"), "http://h/?timeout=3s", "--timeout says '2000ms'", "'3000ms'"),
                (("--host", "a"), "http://h:1/", "--host says 'a'", "'http://h:1'")):
            status, err = self.connect(*flags, url=parameters, TQL_PASSWORD="x")
            self.assertEqual((1, f"tql: {said}, and the URL {of_url}; give one of them\n"),
                             (status, err))
        self.assertEqual(0, self.connect("--host", host, "--user", "tsadmin", url=(
            f"http://tsadmin@{host}"), TQL_PASSWORD="admin")[0])

    def test_a_password_on_the_command_line_is_refused_and_not_shown(self):
        for words in (("--password", "s3cret"), ("--password=s3cret",)):
            status, err = self.connect(*words, url=self.url)
            self.assertEqual(1, status)
            self.assertTrue(err.startswith("--password: is not taken"), err)
            self.assertIn("TQL_PASSWORD", err)
            self.assertNotIn("s3cret", err)


class DebugTest(ShellTest):
    def test_the_log_has_what_was_sent_and_no_secret(self):
        token = "0123456789abcdef"  # of the fake service

        def echo(request):
            return [fake_service.line(message=[fake_service.message(f"you are {token}\n")],
                                      complete=True)]

        service = fake_service.FakeService({"q": echo})
        self.addCleanup(service.close)
        status, out, err = self.tql("--debug", "-c", "q;", url=service.url, password="s3cret&s")
        self.assertEqual((0, f"you are {token}\n"), (status, out))
        for text in ("POST " + service.url + "/callosum/v1/session/login\n", "> ***\n",
                     "< Set-Cookie: JSESSIONID=***; Path=/\n", "> Cookie: JSESSIONID=***\n",
                     '"statement":"q;"', "< HTTP 200\n", "you are ***"):
            self.assertIn(text, err)
        for secret in (token, "s3cret"):
            self.assertNotIn(secret, err)

    def test_the_same_over_grpc(self):
        grpc = self.server.ready["grpc"]
        url = f"tql://{grpc}/?transport=grpc"
        flags = ("--insecure", "--debug", "-c", "show databases;")
        status, out, err = self.tql(*flags, url=url)
        self.assertEqual(0, status, err)
        for text in (f"> gRPC https://{grpc}/tql.v1.TqlService/Login\n> ***\n",
                     "/tql.v1.TqlService/Query\n> tql-session: ***\n", '"statement":"show databases;"',
                     "< thoughtspot_internal\n", "< end, 0 rows\n"):
            self.assertIn(text, err)
        self.assertIn("thoughtspot_internal", out)
        status, _, err = self.tql(*flags, url=url, password="s3cret")
        self.assertEqual(2, status)
        self.assertNotIn("s3cret", err)

    def test_no_log_by_default(self):
        self.assertEqual(SUCCESS, self.tql("--debug", "false", "-c", "show databases;")[2])


class PasswordTest(ShellTest):
    def test_a_file_for_its_owner_alone(self):
        path = self.file("password", "admin\n")
        status, _, err = self.tql("--password-file", path, "-c", "show databases;", password=None)
        self.assertEqual(0, status, err)

    def test_a_file_that_others_can_read_is_refused(self):
        for mode in (0o640, 0o604):
            path = self.file("password", "admin\n", mode)
            status, _, err = self.tql("--password-file", path, "-c", "show databases;",
                                      password=None)
            self.assertEqual(1, status)
            self.assertIn(path, err)

    def test_a_file_that_is_not_there_is_1(self):
        path = str(self.folder / "none")
        status, out, err = self.tql("--password-file", path, "-c", "show databases;", password=None)
        self.assertEqual((1, "", f"tql: password file {path}: No such file or directory\n"),
                         (status, out, err))

    def test_does_not_ask_without_a_terminal(self):
        status, _, err = self.tql("-c", "show databases;", password=None)
        self.assertEqual(2, status)
        self.assertIn("TQL_PASSWORD", err)

    def test_tls_is_verified(self):
        https = self.server.ready["https"]
        self.assertEqual(2, self.tql("-c", "show databases;", url=https)[0])
        self.assertEqual(0, self.tql("--insecure", "-c", "show databases;", url=https)[0])


if __name__ == "__main__":
    harness.main()
