#include "settings/units.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>

#include "core/ascii.hpp"

namespace reeld {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

constexpr std::array duration_units{Unit{"d", 86'400'000}, Unit{"h", 3'600'000}, Unit{"m", 60'000},
                                    Unit{"s", 1'000}, Unit{"ms", 1}};
constexpr std::array size_units{Unit{"TiB", 1ULL << 40}, Unit{"GiB", 1ULL << 30}, Unit{"MiB", 1ULL << 20},
                                Unit{"KiB", 1ULL << 10}, Unit{"B", 1}};
constexpr std::array thousands{Unit{"KB", 0}, Unit{"kB", 0}, Unit{"K", 0}, Unit{"k", 0},  Unit{"MB", 0},
                               Unit{"M", 0},  Unit{"GB", 0}, Unit{"G", 0}, Unit{"TB", 0}, Unit{"T", 0}};

constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();

template <std::size_t N>
const Unit* find_unit(const std::array<Unit, N>& units, std::string_view name) {
  for (const Unit& unit : units) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

// The length of the digits at the head of the text.
std::size_t count_digits(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  return count;
}

std::size_t count_unit_letters(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && !is_digit(text[count])) ++count;
  return count;
}

std::optional<std::uint64_t> multiply(std::string_view digits, std::uint64_t factor) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || end != digits.data() + digits.size() || number > most / factor)
    return std::nullopt;
  return number * factor;
}

// What was given, shortened, so that a message stays one line.
std::string quote_given(std::string_view text) {
  constexpr std::size_t longest = 40;
  std::string quoted = "\"";
  for (const char c : text.substr(0, longest)) quoted += c < ' ' ? '?' : c;
  return quoted + (text.size() > longest ? "...\"" : "\"");
}

UnitComplaint complain_of_duration(std::string_view text, std::string_view fault) {
  return {"must be a duration such as \"500ms\", \"10s\", \"5m\" or \"1h30m\"; " + quote_given(text) + " " +
          std::string(fault)};
}

UnitComplaint complain_of_size(std::string_view text, std::string_view fault) {
  return {"must be a size such as \"128KiB\" or \"32MiB\"; " + quote_given(text) + " " + std::string(fault)};
}

bool has_fraction(std::string_view text) {
  return text.find_first_of(".,") != std::string_view::npos;
}

}  // namespace

std::variant<milliseconds, UnitComplaint> parse_duration(std::string_view text) {
  if (text.empty())
    return UnitComplaint{"must be a duration such as \"500ms\", \"10s\", \"5m\" or \"1h30m\"; it is empty"};
  if (has_fraction(text))
    return complain_of_duration(text, "has a fraction: take a smaller unit (\"1500ms\", not \"1.5s\")");
  std::uint64_t total = 0;
  std::uint64_t last_factor = most;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view digits = rest.substr(0, count_digits(rest));
    if (digits.empty()) return complain_of_duration(text, "does not begin with a number");
    rest.remove_prefix(digits.size());
    const std::string_view name = rest.substr(0, count_unit_letters(rest));
    if (name.empty()) return complain_of_duration(text, "has no unit: ms, s, m, h or d");
    rest.remove_prefix(name.size());
    const Unit* unit = find_unit(duration_units, name);
    if (unit == nullptr)
      return complain_of_duration(text, "has an unknown unit: ms, s, m, h and d are known");
    if (unit->factor >= last_factor)
      return complain_of_duration(text, "has its units out of order: the largest comes first");
    last_factor = unit->factor;
    const auto part = multiply(digits, unit->factor);
    if (!part || *part > most - total) return complain_of_duration(text, "is too long");
    total += *part;
  }
  return milliseconds(static_cast<milliseconds::rep>(total));
}

std::variant<Bytes, UnitComplaint> parse_size(std::string_view text) {
  if (text.empty()) return UnitComplaint{"must be a size such as \"128KiB\" or \"32MiB\"; it is empty"};
  if (has_fraction(text))
    return complain_of_size(text, "has a fraction: take a smaller unit (\"1536KiB\", not \"1.5MiB\")");
  const std::string_view digits = text.substr(0, count_digits(text));
  const std::string_view name = text.substr(digits.size());
  if (digits.empty()) return complain_of_size(text, "does not begin with a number");
  if (name.empty()) return complain_of_size(text, "has no unit: B, KiB, MiB, GiB or TiB");
  if (find_unit(thousands, name) != nullptr) {
    std::string hint(digits);
    hint += static_cast<char>(name.front() == 'k' ? 'K' : name.front());
    return complain_of_size(text, "may mean 1000 or 1024: write \"" + hint + "iB\"");
  }
  const Unit* unit = find_unit(size_units, name);
  if (unit == nullptr)
    return complain_of_size(text, "has an unknown unit: B, KiB, MiB, GiB and TiB are known");
  const auto count = multiply(digits, unit->factor);
  if (!count) return complain_of_size(text, "is too large");
  return Bytes{*count};
}

std::variant<Bytes, UnitComplaint> parse_rate(std::string_view text) {
  constexpr std::string_view per_second = "/s";
  if (!text.ends_with(per_second)) {
    return UnitComplaint{"must be a rate such as \"10MiB/s\"; " + quote_given(text) +
                         " does not end in \"/s\""};
  }
  auto size = parse_size(text.substr(0, text.size() - per_second.size()));
  if (auto* complaint = std::get_if<UnitComplaint>(&size)) {
    return UnitComplaint{"must be a rate such as \"10MiB/s\": what stands before \"/s\" " +
                         complaint->reason};
  }
  return std::get<Bytes>(size);
}

std::string format_duration(milliseconds duration) {
  auto left = static_cast<std::uint64_t>(duration.count() < 0 ? 0 : duration.count());
  std::string text;
  for (const Unit& unit : duration_units) {
    if (left < unit.factor) continue;
    text += std::to_string(left / unit.factor) + std::string(unit.name);
    left %= unit.factor;
  }
  return text.empty() ? "0s" : text;
}

std::string format_size(Bytes size) {
  for (const Unit& unit : size_units) {
    if (size.count != 0 && size.count % unit.factor == 0) {
      return std::to_string(size.count / unit.factor) + std::string(unit.name);
    }
  }
  return "0B";
}

}  // namespace reeld
