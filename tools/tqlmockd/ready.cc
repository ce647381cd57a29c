#include "tools/tqlmockd/ready.h"

#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
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

tql::Status WriteFileAtomically(const std::string& path, std::string_view text) {
  const std::string temporary = path + '.' + std::to_string(getpid());
  std::error_code error;
  {
    std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    if (!file) error = std::make_error_code(std::errc::io_error);
  }
  if (!error) std::filesystem::rename(temporary, path, error);
  if (!error) return tql::Status();
  std::error_code ignored;
  std::filesystem::remove(temporary, ignored);
  return tql::InvalidArgumentError("cannot write " + path);
}

}  // namespace tqlmockd
