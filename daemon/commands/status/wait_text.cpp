#include "commands/status/wait_text.hpp"

#include <boost/json.hpp>

#include "codec/terminal_text.hpp"

namespace reeld {
namespace {

namespace json = boost::json;

// With the label before it a row is 80 characters wide.
constexpr std::size_t name_width = 11;
constexpr std::size_t total_width = 7;
constexpr std::size_t number_width = 6;

/// "<10s", "<5m", "<6h", "<1d".
std::string name_column(std::int64_t age) {
  constexpr std::int64_t minute = 60;
  constexpr std::int64_t hour = 60 * minute;
  constexpr std::int64_t day = 24 * hour;
  if (age % day == 0) return "<" + std::to_string(age / day) + "d";
  if (age % hour == 0) return "<" + std::to_string(age / hour) + "h";
  if (age % minute == 0) return "<" + std::to_string(age / minute) + "m";
  return "<" + std::to_string(age) + "s";
}

std::string make_head(const json::array& ages) {
  std::string line = std::string(name_width, ' ') + pad_left("total", total_width);
  for (const json::value& age : ages)
    line += pad_left(name_column(age.to_number<std::int64_t>()), number_width);
  return line + pad_left("older", number_width);
}

std::string make_row(std::string_view name, const json::array& counts) {
  std::uint64_t total = 0;
  std::string numbers;
  for (const json::value& value : counts) {
    const auto count = value.to_number<std::uint64_t>();
    total += count;
    numbers += pad_left(count == 0 ? "." : std::to_string(count), number_width);
  }
  std::string line(name);
  line.resize(std::max(line.size(), name_width), ' ');
  return line + pad_left(std::to_string(total), total_width) + numbers;
}

}  // namespace

std::vector<std::string> describe_waits(const json::object& waits) {
  const json::object& rows = waits.at("by_reason").as_object();
  if (rows.empty()) return {};
  std::vector<std::string> lines{make_head(waits.at("ages_s").as_array())};
  for (const auto& [reason, counts] : rows) lines.push_back(make_row(reason, counts.as_array()));
  return lines;
}

}  // namespace reeld
