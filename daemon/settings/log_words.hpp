#pragma once
// The words for [log] level and format, in the configuration and on the command line.

#include <array>
#include <string_view>
#include <utility>

#include "settings/settings.hpp"

namespace reeld {

inline constexpr std::array<std::pair<std::string_view, LogLevel>, 4> log_levels{{
    {"debug", LogLevel::debug},
    {"info", LogLevel::info},
    {"warning", LogLevel::warning},
    {"error", LogLevel::error},
}};

inline constexpr std::array<std::pair<std::string_view, LogFormat>, 4> log_formats{{
    {"auto", LogFormat::by_output},
    {"json", LogFormat::json},
    {"text", LogFormat::text},
    {"journal", LogFormat::journal},
}};

}  // namespace reeld
