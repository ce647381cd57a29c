#include "tools/tqlbench/postgres_peer.h"

#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <thread>
#include <utility>

#include "tools/tqlbench/lineitem.h"

namespace tqlbench {
namespace {

// PostgreSQL refuses to run as root. These programs belong to Debian's base system; the user
// postgres exists only if the package is installed.
constexpr const char* kUnprivilegedUser = "nobody";
constexpr const char* kUnprivilegedGroup = "nogroup";
constexpr const char* kSuperuser = "tqlbench";
constexpr const char* kTemplate = "postgres";  // the database with the table lineitem
constexpr const char* kOther = "template1";    // a template must have no connections

// Returns a port that is currently free, or 0.
std::uint16_t FreePort() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool bound = ::bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(fd);
  return bound ? ntohs(address.sin_port) : 0;
}

tql::Status RunQuietly(const std::vector<std::string>& argv) {
  auto process = Process::Start(argv, Process::Output::kNull);
  if (!process) return process.status();
  const tql::Status status = process->Wait();
  return status.ok() ? status : tql::InternalError(argv.back() + ": " + status.message());
}

std::string CreateStatement() {
  std::string sql = "CREATE TABLE lineitem (";
  for (const LineitemColumn& column : kLineitem) {
    sql.append(column.name)
        .append(" ")
        .append(column.kind == CellKind::kInteger  ? column.tql_type
                : column.kind == CellKind::kDouble ? "FLOAT8"
                                                   : "TEXT");
    sql += ", ";
  }
  return sql + "PRIMARY KEY (l_orderkey))";
}

// Escapes for the text format of COPY.
void AppendCell(std::string_view cell, std::string* out) {
  for (const char c : cell) {
    switch (c) {
      case '\\':
        *out += "\\\\";
        break;
      case '\t':
        *out += "\\t";
        break;
      case '\n':
        *out += "\\n";
        break;
      case '\r':
        *out += "\\r";
        break;
      default:
        out->push_back(c);
    }
  }
}

}  // namespace

std::string PostgresPrograms() {
  std::string newest;
  int version = 0;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql", ignored)) {
    const std::string name = entry.path().filename().string();
    int number = 0;
    std::from_chars(name.data(), name.data() + name.size(), number);
    if (number <= version || !std::filesystem::exists(entry.path() / "bin/initdb", ignored)) {
      continue;
    }
    version = number;
    newest = (entry.path() / "bin").string();
  }
  return newest;
}

tql::StatusOr<std::unique_ptr<Postgres>> Postgres::Start(const std::string& programs) {
  std::unique_ptr<Postgres> made(new Postgres(programs));
  if (tql::Status status = made->MakeFolder(); !status.ok()) return status;
  if (tql::Status status = made->RunServer(); !status.ok()) return status;
  if (tql::Status status = made->WaitUntilReady(); !status.ok()) return status;
  return made;
}

Postgres::~Postgres() {
  if (server_ != nullptr) {
    server_->Signal(SIGQUIT);  // Stop at once; no data must be kept.
    (void)server_->Wait();
  }
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

std::vector<std::string> Postgres::Command(std::vector<std::string> argv) const {
  argv[0] = programs_ + "/" + argv[0];
  argv.insert(argv.begin(), as_user_.begin(), as_user_.end());
  return argv;
}

tql::Status Postgres::MakeFolder() {
  std::string pattern =
      (std::filesystem::temp_directory_path() / "tqlbench-postgres.XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    return tql::InternalError("cannot make a folder for PostgreSQL");
  }
  folder_ = pattern;
  if (::geteuid() == 0) {
    const passwd* user = ::getpwnam(kUnprivilegedUser);
    if (user == nullptr || ::chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0) {
      return tql::FailedPreconditionError(
          std::string(
              "PostgreSQL does not run as root, and its folder cannot be given to the user ") +
          kUnprivilegedUser);
    }
    as_user_ = {"setpriv",        "--reuid", kUnprivilegedUser, "--regid", kUnprivilegedGroup,
                "--clear-groups", "--"};
  }
  return RunQuietly(Command({"initdb", "--auth", "trust", "--username", kSuperuser, "--encoding",
                             "UTF8", "--locale", "C", "--no-sync", "--pgdata", folder_}));
}

tql::Status Postgres::RunServer() {
  port_ = FreePort();
  auto process = Process::Start(
      Command({"postgres", "-D", folder_, "-c", "listen_addresses=127.0.0.1", "-c",
               "port=" + std::to_string(port_), "-c", "unix_socket_directories=", "-c",
               "shared_buffers=512MB", "-c", "max_wal_size=4GB", "-c", "fsync=off", "-c",
               "autovacuum=off", "-c", "log_min_messages=fatal"}),
      Process::Output::kNull);
  if (!process) return process.status();
  server_ = std::make_unique<Process>(std::move(*process));
  return {};
}

tql::Status Postgres::WaitUntilReady() const {
  constexpr int kTries = 300;
  for (int i = 0; i < kTries; ++i) {
    if (RunQuietly(
            {programs_ + "/pg_isready", "-q", "-h", "127.0.0.1", "-p", std::to_string(port_)})
            .ok()) {
      return {};
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return tql::DeadlineExceededError("PostgreSQL is not ready after 30 s");
}

std::vector<std::string> Postgres::Psql(const std::string& statement,
                                        const std::vector<std::string>& options) const {
  std::vector<std::string> argv = PsqlOf(kTemplate, options);
  argv.insert(argv.end(), {"-c", statement});
  return argv;
}

std::vector<std::string> Postgres::PsqlOf(const std::string& database,
                                          const std::vector<std::string>& options) const {
  std::vector<std::string> argv = {programs_ + "/psql",   "-X", "-q",       "-h", "127.0.0.1", "-p",
                                   std::to_string(port_), "-U", kSuperuser, "-d", database};
  argv.insert(argv.end(), options.begin(), options.end());
  return argv;
}

tql::StatusOr<double> Postgres::Pgbench(const std::string& script, int connections,
                                        double seconds) const {
  const int whole_seconds = std::max(1, static_cast<int>(seconds));
  auto process =
      Process::Start({programs_ + "/pgbench", "-n", "-M", "prepared", "-h", "127.0.0.1", "-p",
                      std::to_string(port_), "-U", kSuperuser, "-c", std::to_string(connections),
                      "-j", "1", "-T", std::to_string(whole_seconds), "-f", script, "postgres"},
                     Process::Output::kPipe);
  if (!process) return process.status();
  constexpr std::string_view kRate = "tps = ";
  for (;;) {
    const auto line = process->ReadLine(std::chrono::seconds(whole_seconds + 30));
    if (!line) return line.status();
    if (!line->starts_with(kRate)) continue;
    double rate = 0;
    std::from_chars(line->data() + kRate.size(), line->data() + line->size(), rate);
    const tql::Status ended = process->Wait();
    return ended.ok() ? tql::StatusOr<double>(rate) : ended;
  }
}

tql::Status Postgres::LoadLineitem(std::uint64_t rows) {
  for (const std::string& table : {CreateStatement(), std::string("CREATE TABLE times (n INT)")}) {
    if (tql::Status status = RunQuietly(Psql(table)); !status.ok()) return status;
  }
  auto copy = Process::Start(Psql("COPY lineitem FROM STDIN"), Process::Output::kNull, {}, true);
  if (!copy) return copy.status();
  constexpr std::size_t kBlock = 256 * 1024;
  LineitemGenerator generator;
  std::string block;
  for (std::uint64_t number = 1; number <= rows; ++number) {
    if (!block.empty()) block.push_back('\n');
    std::size_t cells = 0;
    for (const std::string_view cell : generator.Row(number)) {
      if (cells++ > 0) block.push_back('\t');
      AppendCell(cell, &block);
    }
    if (block.size() < kBlock && number < rows) continue;
    if (tql::Status status = copy->WriteLine(block); !status.ok()) return status;
    block.clear();
  }
  if (tql::Status status = copy->WriteLine("\\."); !status.ok()) return status;
  if (tql::Status status = copy->Wait(); !status.ok()) return status;
  return RunQuietly(Psql("VACUUM (FREEZE, ANALYZE) lineitem"));
}

tql::StatusOr<PostgresSession> PostgresSession::Start(const Postgres& postgres) {
  auto psql = Process::Start(postgres.PsqlOf(kOther, {"-A", "-t", "-v", "ON_ERROR_STOP=1"}),
                             Process::Output::kPipe, {}, /*input=*/true);
  if (!psql) return psql.status();
  PostgresSession session(*std::move(psql));
  if (tql::Status status = session.Execute(""); !status.ok()) return status;
  return session;
}

tql::Status PostgresSession::CopyDatabase(const std::string& name) {
  return Execute("CREATE DATABASE " + name + " TEMPLATE " + kTemplate + ";");
}

tql::Status PostgresSession::RunIn(const std::string& name,
                                   const std::vector<std::string>& statements) {
  std::string lines = "\\connect " + name + "\n";
  for (const std::string& statement : statements) lines += statement + "\n";
  return Execute(lines + "\\connect " + kOther);
}

tql::Status PostgresSession::DropDatabase(const std::string& name) {
  return Execute("DROP DATABASE " + name + ";");
}

tql::Status PostgresSession::Execute(const std::string& lines) {
  constexpr std::string_view kDone = "tqlbench: done";
  constexpr std::chrono::minutes kPatience{5};
  const std::string marker = "SELECT '" + std::string(kDone) + "';";
  tql::Status sent = psql_.WriteLine(lines + "\n" + marker);
  if (!sent.ok()) return sent;
  for (;;) {
    auto line = psql_.ReadLine(kPatience);  // fails when psql has ended because of an error
    if (!line) return tql::InternalError("psql: " + lines + ": " + line.status().message());
    if (*line == kDone) return {};
  }
}

}  // namespace tqlbench
