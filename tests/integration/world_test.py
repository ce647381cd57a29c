"""Worlds: the file of --world, and /mock/world."""

import json
import pathlib
import subprocess
import tempfile
import unittest

import harness
from mock_control_test import Control


class WorldFileTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = pathlib.Path(folder.name) / "world.yaml"

    def test_a_server_has_the_world_of_its_file(self):
        self.file.write_text("user: [{name: zoe, mail: zoe@example.com}]\n")
        server = harness.Server("--world", self.file)
        self.addCleanup(server.stop)
        users = Control(server).do("GET", "/world")["user"]
        self.assertEqual("zoe@example.com", next(u for u in users if u["name"] == "zoe")["mail"])
        self.assertEqual({"zoe", "tsadmin", "su", "system", "guest"}, {u["name"] for u in users})

    def assertRefused(self, text, error):
        self.file.write_bytes(text)
        done = subprocess.run([harness.binary(), "--http", "127.0.0.1:0", "--https", "off", "--grpc", "off",
                               "--world", self.file], capture_output=True, text=True, timeout=60)
        self.assertEqual(1, done.returncode)
        self.assertIn(f"{self.file}: {error}", done.stderr)

    def test_mistakes_end_the_start_with_their_place(self):
        self.assertRefused(b"group:\n- {name: a, group: [b]}\n- {name: b, group: [a]}\n",
                           'group[1].group[0]: line 3, column 21: the group "a" would contain itself')
        self.assertRefused(b"user: [\xff]", "line 1, column 1: a NUL or invalid UTF-8")
        self.assertRefused(b"user: 7", "user: line 1, column 7: ")

    def test_a_missing_file_is_named(self):
        done = subprocess.run([harness.binary(), "--world", "/nonexistent/world.yaml"], capture_output=True, text=True,
                              timeout=60)
        self.assertEqual(1, done.returncode)
        self.assertIn("/nonexistent/world.yaml", done.stderr)


class WorldControlTest(harness.ServerTest):
    def test_each_namespace_has_a_world_of_its_own(self):
        main = Control(self.server)
        main.do("PUT", "/namespaces/w1", {})
        one = Control(self.server, "w1")
        one.do("PUT", "/world", "user: [{name: zoe}]")
        self.assertIn("zoe", [user["name"] for user in one.do("GET", "/world")["user"]])
        self.assertNotIn("zoe", [user["name"] for user in main.do("GET", "/world")["user"]])
        main.do("PUT", "/namespaces/w2", {"from": "w1"})
        two = Control(self.server, "w2")
        self.assertEqual(one.do("GET", "/world"), two.do("GET", "/world"))

    def test_a_world_can_be_put_back(self):
        main = Control(self.server)
        world = main.do("GET", "/world")
        self.assertEqual(world, main.do("PUT", "/world", json.dumps(world)))

    def test_a_wrong_world_changes_nothing(self):
        main = Control(self.server)
        before = main.do("GET", "/world")
        for body, error in (("user: [{name: a}, {name: a}]",
                             'user[1].name: line 1, column 26: "a" is the name of user[0], too'),
                            ("", "the document is empty"), ("[]", "expected a map, found a list"),
                            ("user: &a [*a]", "line 1"), ("{" * 100_000, "line 1")):
            with self.subTest(body=body[:40]):
                status, message = main.error("PUT", "/world", body)
                self.assertEqual(400, status)
                self.assertIn(error, message)
        self.assertEqual(before, main.do("GET", "/world"))

    def test_a_large_world(self):
        users = [{"name": f"user{i}", "mail": f"user{i}@example.com", "group": ["Analysts"]} for i in range(10_000)]
        main = Control(self.server)
        main.do("PUT", "/namespaces/large", {})
        world = Control(self.server, "large").do("PUT", "/world", {"user": users, "group": [{"name": "Analysts"}]})
        self.assertEqual(10_004, len(world["user"]))

    def test_an_unknown_namespace(self):
        self.assertEqual(404, Control(self.server, "nowhere").call("GET", "/world")[0])


if __name__ == "__main__":
    harness.main()
