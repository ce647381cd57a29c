#include "tools/tqlmockd/log.h"

#include <google/protobuf/stubs/logging.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <string>
#include <utility>

#include "proto/base/json_writer.h"

namespace tqlmockd {
namespace {

using tql::mock::LogLevel;

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

const tql::mock::LogFunction* protobuf_log = nullptr;

void LogForProtobuf(google::protobuf::LogLevel level, const char* /*file*/, int /*line*/,
                    const std::string& message) {
  if (!*protobuf_log) return;
  const bool fatal = level == google::protobuf::LOGLEVEL_FATAL;
  (*protobuf_log)(fatal ? LogLevel::kError : LogLevel::kDebug, "protobuf: " + message);
}

}  // namespace

tql::mock::LogFunction MakeLog(const LogOptions& options) {
  if (!options.level) return nullptr;
  auto logger = std::make_shared<spdlog::logger>("tqlmockd",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_level(ToSpdlog(*options.level));
  logger->set_pattern(options.json
                          ? R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l","message":%v})"
                          : "%Y-%m-%d %H:%M:%S.%e %l %v");
  return
      [logger, json = options.json, now = options.now](LogLevel level, std::string_view message) {
        if (!logger->should_log(ToSpdlog(level))) return;
        std::string text;
        if (json) {
          tql::base::AppendJsonString(message, &text);
        } else {
          text = message;
          for (char& c : text) {
            if (static_cast<unsigned char>(c) < ' ') c = ' ';
          }
        }
        logger->log(now(), spdlog::source_loc(), ToSpdlog(level), text);
      };
}

void TakeProtobufLog(tql::mock::LogFunction log) {
  protobuf_log = new tql::mock::LogFunction(std::move(log));  // Needed until the process ends.
  google::protobuf::SetLogHandler(LogForProtobuf);
}

}  // namespace tqlmockd
