// What a batch would run, without a service.
#ifndef TQLKIT_TOOLS_TQL_DRY_RUN_H_
#define TQLKIT_TOOLS_TQL_DRY_RUN_H_

#include <vector>

#include "tools/tql/batch.h"
#include "tools/tql/render/output.h"
#include "tools/tql/settings.h"

namespace tql::shell {

/// Prints the statements and commands that would run to `out`, those of files that \i would run and
/// what \copy would send as well, and the mistakes that a look at each alone finds to `err`.
/// Nothing is sent, and no file is written. All statements are looked at; kStatementFailed if any
/// has a mistake. With use_postgres_sql_parser they are split and not parsed: that language is the
/// service's alone.
ExitCode DryRun(const Settings& settings, const std::vector<Input>& inputs, Output& out,
                Output& err);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_DRY_RUN_H_
