#include "codec/wait_json.hpp"

#include <boost/json.hpp>

namespace reeld {

namespace json = boost::json;

json::object write_waits(const WaitTable& table) {
  json::object out;
  json::array ages;
  for (const seconds age : wait_ages) ages.push_back(age.count());
  out["ages_s"] = std::move(ages);
  json::object rows;
  for (const WaitReason reason : wait_reasons) {
    if (table.total(reason) == 0) continue;
    json::array row;
    for (const std::size_t count : table.row(reason)) row.push_back(count);
    rows[word_of(reason)] = std::move(row);
  }
  out["by_reason"] = std::move(rows);
  return out;
}

}  // namespace reeld
