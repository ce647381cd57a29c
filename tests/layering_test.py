"""Checks the includes of the tree against the layers of the architecture.

Run as: layering_test.py SOURCE_ROOT. Prints every forbidden include, and every rule that matches no
file, and ends non-zero on any.
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]', re.MULTILINE)
GENERATED = r".*\.pb\.h"

# A file whose path matches the first pattern must not include anything that matches the second.
FORBIDDEN = [
    (r"(proto|client|mockserver)/include/.*", r"httplib\.h|grpc.*/.*|sqlite3\.h|absl/.*|CLI/.*|spdlog/.*|openssl/.*",
     "a public header shows no third-party library"),
    (r"(proto/include/tql/[^/]*|(client|mockserver)/include/.*)", r"(proto|client|mockserver|tools)/.*|tql/wire/.*|" + GENERATED,
     "an installed header shows nothing that is not installed"),
    (r"proto/(?!base/).*", r"client/.*|tools/.*|tql/(?!status\.h|cxx20\.h|wire/).*",
     "the contract stands without the client"),
    (r"proto/base/.*", r"(client|mockserver|tools)/.*|tql/(?!status\.h).*|" + GENERATED,
     "what every part uses stands on the status alone"),
    (r"mockserver/net/.*", r"mockserver/(?!net/).*|tql/wire/.*|httplib\.h|" + GENERATED,
     "sockets, TLS and threads know neither HTTP nor a service"),
    (r"mockserver/dialect/.*", r"mockserver/(?!dialect/).*|tql/wire/.*|" + GENERATED,
     "the dialect knows text and AST, nothing else"),
    (r"mockserver/values/.*", r"mockserver/(?!values/).*|tql/(?!status\.h).*|" + GENERATED,
     "a value knows neither plan nor statement"),
    (r"mockserver/plan/.*", r"mockserver/(?!plan/|values/).*|tql/wire/.*|" + GENERATED,
     "the plan is shared by engine and storage and knows neither"),
    (r"mockserver/storage/.*", r"mockserver/(engine|dialect|space|service|testdouble|frontend)/.*|tql/wire/.*|" + GENERATED,
     "a storage knows plans, not TQL"),
    (r"mockserver/engine/.*", r"mockserver/(space|service|testdouble|frontend|storage/sqlite)/.*|tql/wire/.*|" + GENERATED,
     "the engine knows neither protocol nor SQLite"),
    (r"mockserver/space/.*", r"mockserver/(service|testdouble|frontend|storage/sqlite)/.*|tql/wire/.*|" + GENERATED,
     "a namespace is an engine with a name: it knows neither protocol nor SQLite"),
    (r"mockserver/service/.*", r"mockserver/(testdouble|frontend|storage/sqlite)/.*|httplib\.h",
     "the service knows no front end and no test double"),
    (r"mockserver/world/.*", r"mockserver/(?!world/|space/).*|tql/wire/.*|httplib\.h",
     "the objects of the REST API know their namespace and nothing that serves them"),
    (r"mockserver/(net|dialect|values|plan|storage|engine|space|service|load|upstream)/.*", r"mockserver/world/.*",
     "statements and loads know no objects of the REST API"),
    (r"mockserver/rest/.*", r"mockserver/(testdouble|frontend|storage/sqlite|load)/.*|httplib\.h",
     "the REST API is meaning without a front end"),
    (r"mockserver/(?!rest/|frontend/http/|server\.cc).*", r"mockserver/rest/.*", "only the HTTP front end knows the REST API"),
    (r"mockserver/load/.*", r"mockserver/(testdouble|frontend|storage/sqlite)/.*|mockserver/service/(?!(coverage|thrown_status)\.h).*|httplib\.h",
     "loads know no front end, no test double and no statement"),
    (r"mockserver/(?!load/|frontend/http/|server\.cc).*", r"mockserver/load/.*", "only the HTTP front end knows loads"),
    (r"mockserver/thena/.*", r"mockserver/(?!thena/|values/|world/|space/|service/coverage\.h).*|httplib\.h",
     "Thena's objects know no front end and no TQL"),
    (r"mockserver/(?!thena/|frontend/http/|testdouble/control\.cc|server\.cc).*", r"mockserver/thena/.*",
     "only the HTTP front end, and what reads worlds, know Thena"),
    (r"mockserver/testdouble/.*", r"mockserver/(frontend|storage)/.*|httplib\.h",
     "the test double knows no front end and no storage"),
    (r"mockserver/frontend/.*", r"mockserver/testdouble/(?!control\.h).*",
     "front ends know the control interface of the test double only"),
    (r"mockserver/frontend/.*",
     r"mockserver/service/(tql_service|statement_runner|call_log)\.h|mockserver/engine/(engine|catalog|execute|statement_context|statement_writer)\.h|"
     r"mockserver/storage/.*",
     "front ends know the interface Service, not what is behind it"),
    (r"mockserver/(?!frontend/inprocess/|include/tql/mocks/|upstream/).*", r"client/.*|tql/(transport|result_stream|client)\.h",
     "the server knows no client, but for its transport in process, its upstream and the fixture for tests"),
    (r"mockserver/upstream/.*", r"client/.*|mockserver/(frontend|storage)/.*|httplib\.h",
     "what forwards statements uses the public interface of the client, and knows no front end"),
    (r"mockserver/(?!upstream/).*/.*", r"mockserver/upstream/.*",
     "only the server itself knows what forwards statements"),
    (r"mockserver/frontend/inprocess/.*", r"client/(?!src/messages?(_stream)?\.h).*|tql/client\.h",
     "of the client, the transport in process takes the interface and its messages"),
    (r"mockserver/frontend/grpc/.*", r"mockserver/frontend/(http|inprocess)/.*", "gRPC stands without the other front ends"),
    (r"mockserver/frontend/http/.*", r"mockserver/frontend/(grpc|inprocess|messages)/.*",
     "HTTP stands without the other front ends"),
    (r"mockserver/frontend/([^/]*|messages/.*|inprocess/.*)", r"mockserver/frontend/(http|grpc)/.*",
     "what front ends share, and the transport in process, know no protocol"),
    (r"(proto|client)/.*", r"mockserver/.*|tql/mock/.*", "contract and client stand without the server"),
    (r"(mockserver/dialect/[^/]*|mockserver/(?!dialect/|service/|testdouble/).*|tools/.*)", r"mockserver/dialect/postgres/.*",
     "only the service and the test double choose between the parsers"),
    (r"tools/tqlmockd/.*", r"(mockserver|client)/.*|tql/wire/.*|" + GENERATED,
     "the program uses the public interface of the server"),
    (r"tools/tqlbench/.*", r"mockserver/.*|tql/mock/.*", "the benchmark measures a server from outside"),
    (r"tools/tqlconform/(client/.*|server/.*)", r"tools/tqlconform/(selftest|commands)/.*",
     "cases are run without the command line"),
    (r"tools/tqlconform/client/.*", r"tools/tqlconform/server/.*",
     "the cases for clients are run without those for servers"),
    (r"tools/tqlconform/(suite|report|server)/.*", r"mockserver/.*|client/.*|tql/mock/.*|tqlkit/mock_control\.grpc\.pb\.h",
     "a server is checked without code of ours"),
    (r"tools/tqlconform/suite/.*", r"tools/tqlconform/(?!suite/).*|tql/(?!status\.h|wire/).*",
     "cases know neither a transport nor a report"),
    (r"tools/tqlconform/selftest/.*", r"mockserver/.*|client/.*|tools/tqlconform/(report|commands)/.*",
     "the self-test uses the public interface of the mock server"),
    (r"tools/tqlconform/report/.*", r"tools/tqlconform/(?!suite/|report/).*|tql/(?!status\.h|wire/).*",
     "reports are made of results alone"),
    (r"tools/(documents/.*|[^/]*)", r"tools/tql.*|(mockserver|client)/.*|tql/(?!status\.h).*",
     "what the programs share knows none of them"),
    (r"tools/tql/(?!commands/mock_server\.cc).*", r"mockserver/(?!dialect/).*|client/.*|tql/(mock|wire)/.*|" + GENERATED,
     "the shell stands on the library, and shares only the dialect with the server"),
    (r"tools/tql/commands/mock_server\.cc", r"mockserver/.*|client/.*|tql/mock/.*|tqlkit/(?!mock_control\.pb\.h).*",
     "the messages of the control interface, which the library does without, are for \\mock over gRPC alone"),
    (r"tools/tql/edit/.*", r"tools/tql/(?!edit/|render/|home\.h).*|tql/(client|transport)\.h",
     "the line editor knows no service and no command"),
    (r"tools/tql/render/.*", r"tools/tql/(edit|copy|commands|connect)/.*",
     "what prints results knows neither editor nor commands"),
    (r"tools/tql/(copy|load|connect|edit|render)/.*", r"tools/tql/commands/.*",
     "what a command does knows no command"),
]

# Only files that match the pattern may use the include.
CONFINED = [
    (r"httplib\.h", r"client/src/.*\.cc|mockserver/frontend/http/httplib_server\.cc|tools/tqlmockd/check\.cc|tests/.*|tools/tqlbench/.*"),
    (r"grpcpp/.*|.*\.grpc\.pb\.h", r"client/src/grpc_(control\.cc|session\.(cc|h)|transport\.cc)|mockserver/frontend/grpc/(grpc_server\.cc|call_reactor\.h|control_service\.cc|library_server\.cc|reflection_service\.cc)|tools/tqlconform/server/grpc_target\.cc|tests/.*"),
    (r"sqlite3\.h", r"mockserver/storage/sqlite/.*|tests/.*|tools/tqlbench/.*"),
    (r"pg_query\.h", r"mockserver/dialect/postgres/pg_query\.cc|tests/fuzz/postgres_splitter\.cc"),
    (r"google/protobuf/util/json_util\.h", r"proto/src/wire/.*"),
    (r"CLI/.*", r"tools/.*\.cc|tests/.*/main\.cc"),
]


def sources(root):
    """The includes of each source file, by its path."""
    paths = (path for folder in ("proto", "client", "mockserver", "tools", "tests")
             for path in sorted((root / folder).rglob("*")) if path.suffix in (".h", ".cc", ".c"))
    return {path.relative_to(root).as_posix(): INCLUDE.findall(path.read_text(encoding="utf-8"))
            for path in paths}


def violations(includes):
    for name, included in includes.items():
        for include in included:
            for files, pattern, reason in FORBIDDEN:
                if re.fullmatch(files, name) and re.fullmatch(pattern, include):
                    yield f"{name}: includes {include}: {reason}"
            for pattern, files in CONFINED:
                if re.fullmatch(pattern, include) and not re.fullmatch(files, name):
                    yield f"{name}: includes {include}, which belongs only to {files}"


def dead_rules(includes):
    for files in [rule[0] for rule in FORBIDDEN] + [rule[1] for rule in CONFINED]:
        if not any(re.fullmatch(files, name) for name in includes):
            yield f"no file matches the rule of {files}"
    for pattern, _ in CONFINED:
        if not any(re.fullmatch(pattern, include) for names in includes.values() for include in names):
            yield f"no file includes {pattern}"


def main():
    includes = sources(pathlib.Path(sys.argv[1]))
    found = [*violations(includes), *dead_rules(includes)]
    print("\n".join(found) or "the layers hold")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
