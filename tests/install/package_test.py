"""Builds and checks the Debian packages.

`package_test.py BUILD_FOLDER [unittest arguments]`
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

BUILD = pathlib.Path(sys.argv.pop(1)).resolve()
PACKAGES = BUILD / "packages"
NAMES = ["libtql-dev", "libtql0.1", "libtqlmockserver0.1", "tqlkit-tools"]


def run(*command, **options):
    return subprocess.run([str(part) for part in command], text=True, timeout=600, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)


def setUpModule():
    shutil.rmtree(PACKAGES, ignore_errors=True)
    made = run("cpack", cwd=BUILD)
    if made.returncode != 0:
        raise AssertionError(made.stdout)


def files():
    return sorted(PACKAGES.glob("*.deb"))


class PackageTest(unittest.TestCase):
    def test_there_is_one_for_each_component(self):
        self.assertEqual(NAMES, [file.name.split("_")[0] for file in files()])

    def test_lintian_finds_nothing(self):
        done = run("lintian", *(["--allow-root"] if os.geteuid() == 0 else []), "--fail-on", "error,warning", *files())
        self.assertEqual(0, done.returncode, done.stdout)

    def field(self, name, field):
        return run("dpkg-deb", "--field", next(PACKAGES.glob(f"{name}_*.deb")), field).stdout.strip()

    def test_dependencies(self):
        version = self.field("libtql0.1", "Version")
        self.assertEqual(f"libtql0.1 (= {version}), libtqlmockserver0.1 (= {version})",
                         self.field("libtql-dev", "Depends"))
        self.assertIn(f"libtql0.1 (= {version})", self.field("libtqlmockserver0.1", "Depends"))
        self.assertRegex(self.field("libtql0.1", "Depends"), r"\blibgrpc\+\+1\.51\b")
        self.assertNotIn("sqlite", self.field("libtql0.1", "Depends"))
        for word in "libsqlite3-0", "libstdc++6":
            self.assertIn(word, self.field("tqlkit-tools", "Depends"))
        self.assertNotIn("libtql", self.field("tqlkit-tools", "Depends"))

    def test_descriptions_differ(self):
        synopses = {self.field(name, "Description").splitlines()[0] for name in NAMES}
        self.assertEqual(len(NAMES), len(synopses), synopses)

    def test_every_dependency_is_in_the_distribution(self):
        """apt's plan for a system on which nothing is installed."""
        if not list(pathlib.Path("/var/lib/apt/lists").glob("*_Packages*")):
            self.skipTest("apt has no lists of packages here")
        with tempfile.NamedTemporaryFile() as status:
            done = run("apt-get", "install", "--simulate", "--no-install-recommends", "-o",
                       f"Dir::State::status={status.name}", *files())
        self.assertEqual(0, done.returncode, done.stdout)
        for name in NAMES:
            self.assertRegex(done.stdout, rf"(?m)^Inst {re.escape(name)} ")


class ContentTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.root = pathlib.Path(folder.name)
        for file in files():
            done = run("dpkg-deb", "--extract", file, cls.root)
            if done.returncode != 0:
                raise AssertionError(done.stdout)

    def test_files_do_not_contain_the_build_folder(self):
        source = str(pathlib.Path(__file__).resolve().parents[2]).encode()
        texts = [path for path in self.root.rglob("*") if path.suffix in (".cmake", ".pc", ".h")]
        self.assertGreater(len(texts), 10)
        for path in texts:
            self.assertNotIn(source, path.read_bytes(), path)

    def test_pkg_config_is_relocatable(self):
        pc = next(self.root.rglob("tql.pc"))
        prefix = re.match(r"prefix=\$\{pcfiledir\}/(.+)\n", pc.read_text()).group(1)
        self.assertEqual(self.root / "usr", (pc.parent / prefix).resolve())

    def test_completions_lie_where_packages_have_them(self):
        for name in "tql", "tqlmockd", "tqlbench", "tqlconform":
            for file in f"zsh/vendor-completions/_{name}", f"bash-completion/completions/{name}":
                self.assertTrue((self.root / "usr" / "share" / file).is_file(), file)
        self.assertFalse((self.root / "usr" / "share" / "zsh" / "site-functions").exists())

    def test_the_unit_of_the_server(self):
        unit = self.root / "lib" / "systemd" / "system" / "tqlmockd.service"
        program = re.search(r"(?m)^ExecStart=(\S+)", unit.read_text(encoding="utf-8")).group(1)
        self.assertTrue((self.root / program.lstrip("/")).is_file(), program)

    def test_programs_find_their_libraries(self):
        for name in "tql", "tqlconform", "tqlmockd":
            done = run(self.root / "usr" / "bin" / name, "--version")
            self.assertEqual(0, done.returncode, done.stdout)
        library = next(self.root.rglob("libtqlmockserver.so.0.1"))
        linked = run("ldd", "-r", library).stdout
        self.assertNotRegex(linked, "not found|undefined symbol")


if __name__ == "__main__":
    unittest.main(verbosity=2)
