#include "commands/check/check_report.hpp"

#include <ostream>

#include "codec/terminal_text.hpp"

namespace reeld {
namespace {

constexpr std::size_t label_width = 14;

}  // namespace

void CheckReport::say(std::string_view label, std::string_view text) {
  const std::size_t gap = label.size() < label_width ? label_width - label.size() : 1;
  out_ << label << std::string(gap, ' ') << escape_steering(text) << '\n';
}

void CheckReport::warn(std::string_view text) {
  err_ << "reeld: warning: " << escape_steering(text) << '\n';
}

void CheckReport::complain(std::string_view text) {
  has_problems_ = true;
  err_ << "reeld: " << escape_steering(text) << '\n';
}

}  // namespace reeld
