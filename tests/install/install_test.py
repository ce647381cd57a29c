"""Installs a build, moves it, and uses it the way a program outside the tree does.

Nothing here sets LD_LIBRARY_PATH: what a program needs at run time it finds by itself.

`install_test.py BUILD_FOLDER LIBRARY_FOLDER COMPILER [unittest arguments]`; the folder of libraries
is relative to the prefix.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))

import harness  # noqa: E402

BUILD, LIBRARIES, COMPILER = pathlib.Path(sys.argv.pop(1)), sys.argv.pop(1), sys.argv.pop(1)
DESTINATION = BUILD / "tests" / "install" / "destination"
FIRST_PREFIX = DESTINATION / "first"
PREFIX = DESTINATION / "moved"  # where the tree of the first prefix was moved to
WORK = BUILD / "tests" / "install" / "work"
QUICKSTART = harness.ROOT / "client" / "quickstart"
CONSUMER = harness.ROOT / "tests" / "install" / "consumer"
OWN_MESSAGES = harness.ROOT / "tests" / "install" / "own_messages"
RETAIL = harness.ROOT / "tools" / "sample" / "retail.tql"
# The folders of the standard library's and the system's C headers, without those of other libraries.
STANDARD = re.compile(r"/usr/(lib/|include/(c\+\+|[a-z0-9_]+-linux-gnu|asm-generic|bits|linux|sys)/|"
                      r"include/[a-z0-9_-]+\.h$)")
OTHERS = re.compile(r"/(httplib|grpc|grpcpp|google|absl|sqlite3|openssl|CLI|spdlog|fmt|pg_query)(/|\.h$)")


def run(*command, **environment):
    """The standard output of a command, which must succeed."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=300,
                          stdin=subprocess.DEVNULL, env={**os.environ, **environment})
    if done.returncode != 0:
        raise AssertionError(f"{command} ends with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def setUpModule():
    for folder in DESTINATION, WORK:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    os.environ.pop("LD_LIBRARY_PATH", None)
    run("cmake", "--install", BUILD, "--prefix", FIRST_PREFIX)
    FIRST_PREFIX.rename(PREFIX)
    harness._binary = str(PREFIX / "bin" / "tqlmockd")


class HeadersTest(unittest.TestCase):
    def test_the_build_compiled_each_alone(self):
        installed = sorted(path.relative_to(PREFIX / "include").as_posix() for path in (PREFIX / "include").rglob("*.h"))
        self.assertEqual((BUILD / "tests" / "install" / "headers" / "list").read_text().split(), installed)

    def included(self, headers):
        """Everything that the installed headers include is a system header or one of ours."""
        source = WORK / "headers.cc"
        source.write_text("".join(f"#include <{path.relative_to(PREFIX / 'include').as_posix()}>\n" for path in headers))
        return run(COMPILER, "-std=c++20", "-I", PREFIX / "include", "-M", source).replace("\\\n", " ").split()[2:]

    def test_headers_do_not_expose_other_libraries(self):
        headers = sorted((PREFIX / "include").rglob("*.h"))
        self.assertEqual([], [path for path in self.included(headers) if OTHERS.search(path)])
        ours = [path for path in headers if path.parent.name != "mocks"]  # these need gmock
        self.assertGreater(len(ours), 10)
        self.assertEqual([], [path for path in self.included(ours)
                              if not path.startswith(str(PREFIX)) and not STANDARD.match(path)])


    def test_rejects_an_older_standard(self):
        for header in sorted((PREFIX / "include" / "tql").rglob("*.h")):
            source = WORK / "older.cc"
            source.write_text(f"#include <{header.relative_to(PREFIX / 'include').as_posix()}>\n")
            done = subprocess.run([COMPILER, "-std=c++17", "-fsyntax-only", "-I", PREFIX / "include", source],
                                  capture_output=True, text=True, timeout=300)
            first = next(line for line in done.stderr.splitlines() if "error" in line)
            self.assertIn("need C++20: compile with -std=c++20", first, header)


class LibrariesTest(unittest.TestCase):
    """The libraries export exactly the functions of the public headers."""

    def shown(self, library, version):
        lines = run("nm", "--dynamic", "--defined-only", "--demangle", PREFIX / LIBRARIES / library).splitlines()
        names = [line.split(" ", 2)[2] for line in lines]
        for name in names:
            self.assertIn("@", name + ("@" if name.startswith("TQL") else ""))
        return [name.split("@")[0] for name in names if name.endswith("@@" + version)]

    def assert_public(self, names, *patterns):
        headers = [path for pattern in patterns for path in (PREFIX / "include").glob(pattern)]
        text = "\n".join(path.read_text() for path in headers)
        declared = set(re.findall(r"\w+", text))
        self.assertGreater(len(names), 8)
        for name in names:
            words = re.match(r"(?:[\w~]+::)*(?:operator|[\w~]+)", name)
            self.assertIsNotNone(words, name)
            for word in words.group().replace("~", "").split("::"):
                self.assertIn(word, declared, name)

    def test_libtql(self):
        self.assert_public(self.shown("libtql.so", "TQL_0.1"), "tql.h", "tql/*.h")
        for name in self.shown("libtql.so", "TQL_PRIVATE"):
            self.assertRegex(name, "tqlkit::v1::|^descriptor_table_tqlkit_")

    def test_libtqlmockserver(self):
        self.assert_public(self.shown("libtqlmockserver.so", "TQLMOCKSERVER_0.1"), "tql/mock/*.h")

    def test_their_names_carry_the_version_of_the_abi(self):
        for name in "libtql", "libtqlmockserver":
            dynamic = run("readelf", "--dynamic", "--wide", PREFIX / LIBRARIES / f"{name}.so")
            self.assertIn(f"Library soname: [{name}.so.0.1]", dynamic)
            self.assertRegex(dynamic, r"\(RUNPATH\) +Library runpath: \[\$ORIGIN\]\n")

    def test_they_find_each_other(self):
        linked = run("ldd", "-r", PREFIX / LIBRARIES / "libtqlmockserver.so")
        self.assertRegex(linked, rf"libtql\.so\.0\.1 => {re.escape(str(PREFIX))}/")
        self.assertNotRegex(linked, "not found|undefined symbol")

    def test_files_do_not_contain_the_first_prefix(self):
        for path in PREFIX.rglob("*"):
            if path.suffix in (".cmake", ".pc", ".h"):
                self.assertNotIn(str(FIRST_PREFIX), path.read_text(), path)


class ConsumerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.certificate = str(WORK / "server.pem")
        cls.server = harness.Server("--init", RETAIL, "--tls-cert-out", cls.certificate)
        cls.addClassCleanup(cls.server.stop)

    def build_with_cmake(self, project, program):
        folder = WORK / f"{program}-cmake"
        run("cmake", "-S", project, "-B", folder, f"-DCMAKE_PREFIX_PATH={PREFIX}",
            f"-DCMAKE_CXX_COMPILER={COMPILER}", "-DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF")
        run("cmake", "--build", folder)
        self.assertIn(str(PREFIX), (folder / "CMakeCache.txt").read_text())
        return folder / program

    def build_with_pkg_config(self, source, package, compiler=COMPILER, standard="c++20"):
        def ask(*options):
            return run("pkg-config", *options, package,
                       PKG_CONFIG_LIBDIR=str(PREFIX / LIBRARIES / "pkgconfig")).split()
        libraries = ask("--variable=libdir")[0]
        self.assertEqual((PREFIX / LIBRARIES).resolve(), pathlib.Path(libraries).resolve())
        flags = [*ask("--cflags", "--libs"), f"-Wl,-rpath,{libraries}"]
        program = WORK / f"{source.stem}-pkg-config"
        run(compiler, f"-std={standard}", "-Wall", "-Wextra", "-Werror", "-o", program, source, *flags)
        return program

    def run_installed(self, *command):
        return run(*command, TQL_PASSWORD="admin")

    def check_quickstart(self, program):
        https = self.server.ready["https"].replace("https://", "tql://tsadmin@") + "/retail"
        grpc = f"tql://tsadmin@{self.server.ready['grpc']}/retail?transport=grpc"
        for url in https, grpc:
            lines = self.run_installed(program, url, self.certificate).splitlines()
            self.assertEqual(["Rotterdam 2011-03-14", "Antwerp 2012-09-01"], lines[:2])

    def test_quickstart_with_find_package(self):
        self.check_quickstart(self.build_with_cmake(QUICKSTART, "quickstart"))

    def test_quickstart_with_pkg_config(self):
        self.check_quickstart(self.build_with_pkg_config(QUICKSTART / "quickstart.cc", "tql"))

    def test_c_with_pkg_config(self):
        source = harness.ROOT / "client" / "doc" / "examples" / "c.c"
        program = self.build_with_pkg_config(source, "tql", compiler="cc", standard="c99")
        url = self.server.ready["http"].replace("//", "//tsadmin@") + "/retail"
        self.assertEqual(["1 Rotterdam", "2 Antwerp"], self.run_installed(program, url).splitlines()[:2])

    def test_server_with_find_package(self):
        program = self.build_with_cmake(CONSUMER, "consumer")
        self.assertEqual("Gent\nGent\nGent\n", self.run_installed(program))

    def test_own_messages_with_find_package(self):
        program = self.build_with_cmake(OWN_MESSAGES, "own_messages")
        self.assertEqual("tql.v1.ExecuteQueryResponse\ntql.v1.TqlService\nGent\nGent\n", self.run_installed(program))

    def test_server_with_pkg_config(self):
        program = self.build_with_pkg_config(CONSUMER / "consumer.cc", "tqlmockserver")
        self.assertEqual("Gent\nGent\nGent\n", self.run_installed(program))


class ProgramsTest(unittest.TestCase):
    def test_they_start(self):
        for name in sorted(path.name for path in (PREFIX / "bin").iterdir()):
            self.assertRegex(run(PREFIX / "bin" / name, "--version"), rf"^{name} \d+\.\d+\.\d+\n$")
            for document in (f"man/man1/{name}.1.gz", f"bash-completion/completions/{name}",
                             f"zsh/site-functions/_{name}"):
                self.assertTrue((PREFIX / "share" / document).is_file(), document)

    def test_fixtures_lie_beside_them(self):
        installed = {path.name for path in (PREFIX / "share" / "tqlkit" / "fixtures").iterdir()}
        self.assertEqual({path.name for path in (harness.ROOT / "client" / "fixtures").iterdir() if path.is_file()},
                         installed)


if __name__ == "__main__":
    unittest.main(verbosity=2)
