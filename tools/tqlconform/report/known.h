// Lists of cases that are known to fail, or to fail now and then.
#ifndef TQLKIT_TOOLS_TQLCONFORM_REPORT_KNOWN_H_
#define TQLKIT_TOOLS_TQLCONFORM_REPORT_KNOWN_H_

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/tqlconform/suite/messages.h"
#include "tql/status.h"

namespace tqlconform {

/// A list of known failures. A line has an id, or a glob of ids, optionally " @TARGET" in any case,
/// and optionally ": " with the beginning of the message of the failure; # begins a comment.
///   query/null-string @http: step 0 (query): expect.rows[0]
class KnownFailing {
 public:
  /// `targets` are those that the run can have, in lower case; none: any. INVALID_ARGUMENT
  /// "NAME: line 3: …".
  static tql::StatusOr<KnownFailing> Parse(std::string_view text, const std::string& name,
                                           std::span<const std::string> targets = {});

  /// Marks the failures that are listed, and adds the entries that are stale to the report: no
  /// result of them failed, or failed with another message. `ids` are all cases that exist; entries
  /// of cases that exist and were not selected are left alone.
  void Apply(const std::set<std::string>& ids, confpb::Report* report);

  /// The list after Apply, without stale entries, with one for each other failure. Comments stay.
  std::string Fixed(const confpb::Report& report) const;

 private:
  struct Line {
    std::string text;  // as it is written
    std::string glob;  // empty: a comment or a blank line
    std::string target;
    std::string message;
    bool stale = false;
  };
  static std::string StaleBecause(const Line& line, const std::set<std::string>& ids,
                                  confpb::Report* report);

  std::vector<Line> lines_;
};

/// A list of cases that are run up to N times until they pass: "GLOB [@TARGET] N".
class KnownFlaky {
 public:
  static tql::StatusOr<KnownFlaky> Parse(std::string_view text, const std::string& name,
                                         std::span<const std::string> targets = {});
  /// 1 for a case that is not listed.
  unsigned TriesOf(std::string_view id, std::string_view target) const;
  /// Marks the cases that passed at a later try; entries that match no case are stale.
  void Apply(const std::set<std::string>& ids, confpb::Report* report) const;

 private:
  struct Line {
    std::string text;
    std::string glob;
    std::string target;
    unsigned tries = 1;
  };
  std::vector<Line> lines_;
};

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_REPORT_KNOWN_H_
