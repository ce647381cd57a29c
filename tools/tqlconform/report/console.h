// The report that a person reads on a terminal, and the progress before it.
#ifndef TQLKIT_TOOLS_TQLCONFORM_REPORT_CONSOLE_H_
#define TQLKIT_TOOLS_TQLCONFORM_REPORT_CONSOLE_H_

#include <cstddef>
#include <string>

#include "tools/tqlconform/suite/messages.h"

namespace tqlconform {

/// Each failure with the bytes of its exchange, the cases that were not judged or not run and why,
/// and the sums.
std::string ConsoleReport(const confpb::Report& report);

/// The bytes of an exchange, indented; bytes that are not printable are escaped.
std::string ShownExchange(const confpb::Exchange& exchange, std::size_t most_bytes);

/// One line on standard error that is written over. Writes nothing unless it is a terminal.
class Progress {
 public:
  explicit Progress(std::size_t cases);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void Add(const confpb::Result& result);

 private:
  const bool enabled_;
  const std::size_t cases_;
  std::size_t done_ = 0;
  std::size_t failed_ = 0;
};

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_REPORT_CONSOLE_H_
