#pragma once
// What a check has found, said line by line.

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>

#include "codec/terminal_text.hpp"

namespace reeld {

class CheckReport {
 public:
  CheckReport(std::ostream& out, std::ostream& err) : out_(out), err_(err) {}

  /// "spool          /var/spool/reeld"
  void say(std::string_view label, std::string_view text);
  /// Worth knowing, but it will work.
  void warn(std::string_view text);
  /// It will not work.
  void complain(std::string_view text);

  bool has_problems() const { return has_problems_; }

 private:
  std::ostream& out_;
  std::ostream& err_;
  bool has_problems_ = false;
};

}  // namespace reeld
