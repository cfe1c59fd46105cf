#include "commands/check_report.hpp"

#include <array>
#include <cstdio>
#include <ostream>

#include "codec/utf8.hpp"

namespace reeld {
namespace {

constexpr std::size_t label_width = 14;

std::string escape(char c) {
  if (c == '\n') return "\\n";
  if (c == '\r') return "\\r";
  if (c == '\t') return "\\t";
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
  return text.data();
}

}  // namespace

void CheckReport::say(std::string_view label, std::string_view text) {
  const std::size_t gap = label.size() < label_width ? label_width - label.size() : 1;
  out_ << label << std::string(gap, ' ') << text << '\n';
}

void CheckReport::warn(std::string_view text) {
  err_ << "reeld: warning: " << text << '\n';
}

void CheckReport::complain(std::string_view text) {
  has_problems_ = true;
  err_ << "reeld: " << text << '\n';
}

std::string make_printable(std::string_view text, std::size_t longest) {
  std::string printable;
  for (const char c : text.substr(0, longest)) {
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) {
      printable += escape(c);
    } else {
      printable += c;
    }
  }
  printable = to_valid_utf8(printable);
  return text.size() > longest ? printable + "..." : printable;
}

}  // namespace reeld
