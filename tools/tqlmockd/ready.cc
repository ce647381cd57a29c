#include "tools/tqlmockd/ready.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <system_error>

#include "proto/base/json_writer.h"

namespace tqlmockd {

using std::chrono::steady_clock;

steady_clock::time_point ProcessStart() {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return steady_clock::now() -
         std::chrono::duration_cast<steady_clock::duration>(std::chrono::seconds(used.tv_sec) +
                                                            std::chrono::nanoseconds(used.tv_nsec));
}

std::string ReadyLine(const tql::mock::Server& server, steady_clock::time_point started) {
  const auto ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - started);
  std::string line;
  tql::base::JsonWriter json(&line);
  json.BeginObject().Key("event").String("ready");
  if (!server.https_url().empty()) json.Key("https").String(server.https_url());
  if (!server.http_url().empty()) json.Key("http").String(server.http_url());
  if (!server.tsload_url().empty()) json.Key("tsload").String(server.tsload_url());
  if (!server.thena_url().empty()) json.Key("thena").String(server.thena_url());
  if (!server.grpc_address().empty()) json.Key("grpc").String(server.grpc_address());
  json.Key("pid").Integer(getpid()).Key("ms").Integer(ms.count()).EndObject();
  return line + '\n';
}

tql::Status CheckReplaceable(const std::string& path) {
  std::error_code ignored;
  const auto type = std::filesystem::status(path, ignored).type();
  if (type == std::filesystem::file_type::not_found ||
      type == std::filesystem::file_type::regular) {
    return tql::Status();
  }
  return tql::InvalidArgumentError("cannot write " + path + ": not a regular file");
}

namespace {

/// Writes all of the text and closes the file; 0, or what went wrong.
int WriteAndClose(int file, std::string_view text) {
  int error = 0;
  while (!text.empty() && error == 0) {
    const ssize_t count = write(file, text.data(), text.size());
    if (count >= 0) {
      text.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      error = errno;
    }
  }
  return close(file) == 0 ? error : errno;
}

}  // namespace

tql::Status WriteToDescriptor(int fd, std::string_view text) {
  const int error = WriteAndClose(fd, text);
  if (error == 0) return tql::Status();
  return tql::InvalidArgumentError("cannot write to the file descriptor " + std::to_string(fd) +
                                   ": " + std::generic_category().message(error));
}

tql::Status WriteFileAtomically(const std::string& path, std::string_view text, mode_t mode) {
  std::string temporary = path + ".XXXXXX";
  const int file = mkostemp(temporary.data(), O_CLOEXEC);  // new, and no link
  int error = file < 0 ? errno : 0;
  if (error == 0 && fchmod(file, mode) != 0) error = errno;
  if (file >= 0) {
    const int written = WriteAndClose(file, text);
    if (error == 0) error = written;
    if (error == 0 && rename(temporary.c_str(), path.c_str()) != 0) error = errno;
    if (error != 0) unlink(temporary.c_str());
  }
  if (error == 0) return tql::Status();
  return tql::InvalidArgumentError("cannot write " + path + ": " +
                                   std::generic_category().message(error));
}

}  // namespace tqlmockd
