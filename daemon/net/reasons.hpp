#pragma once
// The wording of failures, in one place.

#include <cstdint>
#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "net/exchange.hpp"

namespace reeld {

/// "10 s", or "250 ms" where seconds do not do.
std::string tell_duration(milliseconds duration);
/// "host:port", with brackets around an IPv6 address.
std::string join_host_port(std::string_view host, std::uint16_t port);
/// What strerror says of an errno.
std::string errno_text(int error);
/// The end of whatever was asked to stop before the commit point.
ExchangeFailure make_stopping_failure(Stage stage);
ExchangeFailure make_failure(Stage stage, std::string reason);
ExchangeFailure make_timeout(Stage stage, std::string reason);

}  // namespace reeld
