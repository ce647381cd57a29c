// --dry-run: prints what a batch would execute, without a service.
#ifndef TQLKIT_TOOLS_TQL_DRY_RUN_H_
#define TQLKIT_TOOLS_TQL_DRY_RUN_H_

#include <vector>

#include "tools/tql/batch.h"
#include "tools/tql/render/output.h"
#include "tools/tql/settings.h"

namespace tql::shell {

/// Prints the statements and commands that would be executed to `out`, including those of files
/// that \i would include and the statements that \copy would send. Prints the syntax errors of each
/// to `err`. Nothing is sent and no file is written. All statements are checked; returns
/// kStatementFailed if any has an error. With use_postgres_sql_parser, statements are split but not
/// parsed, because only the service has that parser.
ExitCode DryRun(const Settings& settings, const std::vector<Input>& inputs, Output& out,
                Output& err);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_DRY_RUN_H_
