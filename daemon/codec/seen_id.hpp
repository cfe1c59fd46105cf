#pragma once
// The id that a person would see in an answer that cannot be read: to look the job up by, and for nothing
// else.

#include <string>
#include <string_view>

#include "http/http_message.hpp"

namespace reeld {

/// A name under which gateways put a job's id, in any case; "id" may be that of anything.
bool is_id_name(std::string_view name);
bool is_job_id_name(std::string_view name);

/// What programs write where they have none: nothing, "null", "0".
bool is_no_id(std::string_view text);

/// The value of an "id" or a "task_id" in text that looks like JSON, whole or not: a string, or a whole
/// number over 0. Of several the one that is nested least; then the first. One within a string, such as an
/// echoed prompt, is none. "" where there is none that is whole, printable and at most 200 bytes long.
std::string find_seen_id(std::string_view text);

/// In a reply's body, or in what could be read of it.
std::string find_seen_id(const Reply& reply);

}  // namespace reeld
