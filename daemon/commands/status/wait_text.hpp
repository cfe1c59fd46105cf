#pragma once
// What waits, by reason and by age, as a table for people: after Postfix's qshape.

#include <string>
#include <vector>

namespace boost::json {
class object;
}

namespace reeld {

/// `waits` as codec/wait_json writes it. No lines where nothing waits.
std::vector<std::string> describe_waits(const boost::json::object& waits);

}  // namespace reeld
