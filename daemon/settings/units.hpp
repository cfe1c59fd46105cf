#pragma once
// Durations, sizes and rates as people write them in the configuration and on the command line.
//
// A unit is always written: "10" means nothing, "10s" does. Sizes count in 1024s and say so (KiB, MiB, GiB,
// TiB); the ambiguous KB, MB and GB are refused. Nothing is rounded: fractions are refused.

#include <string>
#include <string_view>
#include <variant>

#include "core/bytes.hpp"
#include "core/clock.hpp"

namespace reeld {

/// For people: what is wrong with the text and what to write instead. Reads well after "submit.backoff: ".
struct UnitComplaint {
  std::string reason;
};

/// "500ms", "10s", "5m", "2h", "90d", and these together from the largest unit down: "1h30m".
std::variant<milliseconds, UnitComplaint> parse_duration(std::string_view text);

/// "100B", "128KiB", "32MiB", "1GiB", "2TiB".
std::variant<Bytes, UnitComplaint> parse_size(std::string_view text);

/// A size a second: "10MiB/s".
std::variant<Bytes, UnitComplaint> parse_rate(std::string_view text);

/// The shortest exact text that the parser above reads back: "1h30m", "0s".
std::string format_duration(milliseconds duration);
/// In the largest unit that divides the size: "128KiB", "1000B".
std::string format_size(Bytes size);

}  // namespace reeld
