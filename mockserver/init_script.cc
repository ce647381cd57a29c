#include "mockserver/init_script.h"

#include <cstddef>
#include <optional>
#include <span>

#include "mockserver/dialect/parser.h"
#include "mockserver/dialect/splitter.h"
#include "proto/base/file.h"

namespace tql::mock {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 30;

/// Keeps of an answer the context, in which the next statement runs.
class ContextSink : public engine::StatementSink {
 public:
  bool OnProgress(std::span<const engine::Progress>) override { return true; }
  bool OnQuestion(const engine::Question&) override { return true; }
  bool Begin(const engine::Context& final_context) override {
    context_ = final_context;
    return true;
  }
  bool Header(std::span<const engine::Column>) override { return true; }
  bool Row(std::span<const std::string_view>) override { return true; }
  bool Message(engine::MessageType, std::string_view) override { return true; }
  void End() override {}

  const engine::Context& context() const { return context_; }

 private:
  engine::Context context_;
};

Status FailedAt(const std::string& name, const TextPlace& place, const std::string& why) {
  return InvalidArgumentError(name + ':' + std::to_string(place.line) + ':' +
                              std::to_string(place.column) + ": " + why);
}

}  // namespace

Status RunInitScript(engine::Engine& engine, const std::string& name, std::string_view script,
                     const std::stop_token& stop) {
  engine::StatementOptions options;
  options.interactive = false;
  storage::Cancellation cancellation;
  cancellation.stop = stop;
  ContextSink sink;
  dialect::ScriptSplitter splitter(script);
  while (const std::optional<dialect::ScriptStatement> text = splitter.Next()) {
    dialect::ParseOptions parse;
    parse.origin = text->place;
    const StatusOr<dialect::Statement> statement = dialect::ParseStatement(text->text, parse);
    if (!statement.ok()) {
      const TextPlace* place = statement.status().place();
      return FailedAt(name, place ? *place : text->place, statement.status().message());
    }
    if (statement->kind() == dialect::StatementKind::kExit) return Status();
    const engine::Context before = sink.context();
    const Status status = engine.Execute({.text = text->text,
                                          .statement = *statement,
                                          .context = before,
                                          .options = options,
                                          .cancellation = cancellation,
                                          .origin = text->place},
                                         sink);
    if (stop.stop_requested()) return CancelledError("stopped while " + name + " ran");
    if (!status.ok()) {
      return FailedAt(name, status.place() ? *status.place() : text->place, status.message());
    }
  }
  return Status();
}

Status RunInitFile(engine::Engine& engine, const std::string& path, const std::stop_token& stop) {
  const StatusOr<std::string> script = base::ReadFile(path, kMostBytes, base::FileKind::kAny);
  if (script.ok()) return RunInitScript(engine, path, *script, stop);
  return InvalidArgumentError("cannot read " + path + ": " + script.status().message());
}

}  // namespace tql::mock
