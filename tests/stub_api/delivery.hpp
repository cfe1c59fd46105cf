#pragma once
// Puts an answer on the wire, whole or as a fault has it.

#include <string>

#include "stub_api/answers.hpp"
#include "stub_api/options.hpp"
#include "stub_api/stop_signal.hpp"
#include "stub_api/stream.hpp"

namespace reeld::stub {

/// Returns whether the connection may serve another request.
bool deliver(Stream& stream, const Response& response, Delivery delivery, const StopSignal& stop);

}  // namespace reeld::stub
