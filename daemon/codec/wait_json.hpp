#pragma once
// scheduler/wait_table as JSON, for `reeld status`: by the daemon that runs, and by the command where none
// does.

#include "scheduler/wait_table.hpp"

namespace boost::json {
class object;
}

namespace reeld {

/// {"ages_s":[10,60,...],"by_reason":{"queued":[3,0,...]}}: where each column but the last ends, and the rows
/// that are not empty.
boost::json::object write_waits(const WaitTable& table);

}  // namespace reeld
