// Runs statements and shows their answers.
#ifndef TQLKIT_TOOLS_TQL_SESSION_H_
#define TQLKIT_TOOLS_TQL_SESSION_H_

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tools/tql/interrupts.h"
#include "tools/tql/render/error_text.h"
#include "tools/tql/render/output.h"
#include "tools/tql/render/pager.h"
#include "tools/tql/render/progress_display.h"
#include "tools/tql/render/renderer.h"
#include "tools/tql/render/show_header.h"
#include "tools/tql/render/show_records.h"
#include "tools/tql/settings.h"
#include "tql/client.h"

namespace tql::shell {

/// How the program ends. Documented in --help.
enum class ExitCode {
  kOk = 0,
  kUsage = 1,
  kNoConnection = 2,
  kStatementFailed = 3,
  kInterrupted = 130,
};

/// Of a statement that ended with this status.
ExitCode ExitCodeOf(const Status& status);

/// A client that is logged in.
struct Connection {
  Client client;
  std::string name;  ///< For people: "https://127.0.0.1:8443, user tsadmin".
};

class Session {
 public:
  /// All but `settings` are borrowed.
  Session(Connection& connection, Settings settings, Output& out, Output& err,
          Interrupts& interrupts);

  /// Runs one statement, without its semicolon, and shows everything it answers. Afterwards both
  /// outputs are flushed. Errors name the place in `source`, if there is one.
  ExitCode Run(const std::string& statement, const Source* source = nullptr);
  /// The same for a script of ScriptKind::kProto, which the service takes as a whole.
  ExitCode RunServerScript(const std::string& script);

  /// May be replaced between statements.
  Connection& connection() { return connection_; }
  Client& client() { return connection_.client; }
  /// What is changed holds from the next statement on.
  Settings& settings() { return settings_; }
  Interrupts& interrupts() { return interrupts_; }
  Output& out() { return *out_; }
  Output& err() { return err_; }
  /// Writes data there, or, when null, where the session began. What was written to before.
  std::unique_ptr<FileOutput> WriteTo(std::unique_ptr<FileOutput> target);
  /// Nobody takes the results any more: running further statements would be for nothing.
  bool output_gone() const { return out_->broken(); }

 private:
  using Call = std::function<StatusOr<std::unique_ptr<ResultStream>>(RequestOptions request)>;
  ExitCode RunCall(const Call& call, const std::string& statement);
  Status Show(ResultStream& stream, const std::string& statement);
  StatusOr<std::string> AnswerFor(const Question& question);
  std::unique_ptr<Renderer> NewRenderer();
  /// Before data is written, and before anything else is.
  void BeginData();
  void EndData() { pager_.reset(); }
  ExitCode OutputGone();
  void ShowMessage(const Message& message, const std::string& statement);
  /// Text that is data, as SHOW and SCRIPT print it.
  void ShowText(std::string_view text);
  /// What follows comes from this statement.
  void BeginText(std::string_view statement);
  /// `complete`: the statement did not fail.
  void EndText(bool complete);
  void ShowError(const std::string& text, const std::string& statement);
  void ShowTime(std::chrono::steady_clock::duration time);
  RequestOptions RequestFor(std::stop_token stop);

  Connection& connection_;
  Settings settings_;
  Output& usual_out_;
  std::unique_ptr<FileOutput> file_out_;
  Output* out_;  // one of them
  Output& err_;
  Interrupts& interrupts_;
  std::unique_ptr<Pager> pager_;
  std::optional<ShowHeader> show_header_;    // of a statement whose text has one
  std::optional<ShowRecords> show_records_;  // of a statement whose text is shown as records
  ProgressDisplay progress_;
  bool failed_ = false;
  const Source* source_ = nullptr;  // of the statement that runs
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_SESSION_H_
