// Executes statements and prints their results.
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
#include "tql/profile.h"

namespace tql::shell {

/// The exit status of the program, documented in --help.
enum class ExitCode {
  kOk = 0,
  kUsage = 1,
  kNoConnection = 2,
  kStatementFailed = 3,
  kInterrupted = 130,
};

/// Returns the exit code for the status of a statement.
ExitCode ExitCodeOf(const Status& status);

/// A client that is logged in.
struct Connection {
  Client client;
  std::string name;          ///< For display: "https://127.0.0.1:8443, user tsadmin".
  Target target = Target();  ///< What it was made of.
};

class Session {
 public:
  /// All arguments except `settings` must outlive the session.
  Session(Connection& connection, Settings settings, Output& out, Output& err,
          Interrupts& interrupts);

  /// Executes one statement, without its semicolon, prints its results and flushes both outputs.
  /// Errors have the position in `source`, if it is not null.
  ExitCode Run(const std::string& statement, const Source* source = nullptr);
  /// The same for a script of ScriptKind::kProto, which is sent as a whole.
  ExitCode RunServerScript(const std::string& script);

  /// May be replaced between statements.
  Connection& connection() { return connection_; }
  Client& client() { return connection_.client; }
  /// The settings. Changes apply from the next statement on.
  Settings& settings() { return settings_; }
  Interrupts& interrupts() { return interrupts_; }
  Output& out() { return *out_; }
  Output& err() { return err_; }
  /// Sets the output of data; null selects the original output. Returns the previous target.
  std::unique_ptr<FileOutput> WriteTo(std::unique_ptr<FileOutput> target);
  /// Whether the output was closed, so that further statements are useless.
  bool output_gone() const { return out_->broken(); }

 private:
  using Call = std::function<StatusOr<std::unique_ptr<ResultStream>>(RequestOptions request)>;
  ExitCode RunCall(const Call& call, const std::string& statement);
  Status Show(ResultStream& stream, const std::string& statement);
  StatusOr<std::string> AnswerFor(const Question& question);
  std::unique_ptr<Renderer> NewRenderer();
  /// BeginData starts the pager if necessary; EndData ends it before other text is written.
  void BeginData();
  void EndData() { pager_.reset(); }
  ExitCode OutputGone();
  void ShowMessage(const Message& message, const std::string& statement);
  /// Prints text that is data, as returned by SHOW and SCRIPT.
  void ShowText(std::string_view text);
  /// Starts the text of a statement.
  void BeginText(std::string_view statement);
  /// Ends the text. `complete` is false if the statement failed.
  void EndText(bool complete);
  void ShowError(const std::string& text, const std::string& statement);
  void ShowTime(std::chrono::steady_clock::duration time);
  RequestOptions RequestFor(std::stop_token stop);

  Connection& connection_;
  Settings settings_;
  Output& usual_out_;
  std::unique_ptr<FileOutput> file_out_;
  Output* out_;  // usual_out_ or that of file_out_
  Output& err_;
  Interrupts& interrupts_;
  std::unique_ptr<Pager> pager_;
  std::optional<ShowHeader> show_header_;    // for a statement whose text has a header
  std::optional<ShowRecords> show_records_;  // for a statement whose text is printed as records
  ProgressDisplay progress_;
  bool failed_ = false;
  const Source* source_ = nullptr;  // position of the current statement
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_SESSION_H_
