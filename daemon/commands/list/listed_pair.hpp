#pragma once
// A pair as `reeld list` shows it: one object of JSON on a line of its own, or a line for people.
//
// Pure. Lifetime: none. Threads: any.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/job_name.hpp"
#include "ledger/records.hpp"
#include "scheduler/wait_table.hpp"
#include "settings/pair_states.hpp"

namespace reeld {

struct ListedPair {
  JobName name;
  std::string state;               // a word of pair_state
  std::optional<WaitReason> wait;  // why it waits
  std::string reason;              // of the latest attempt's end; "" without one
  SystemTime since;                // when the state began
  std::string id;                  // the job's at the API; "" where none is known
  std::string request_id;
  int http_status = 0;  // of the latest attempt; 0: none
  std::uint64_t attempts = 0;
  std::vector<std::string> files;  // names, in the pair's folder, as far as they are there
};

/// The state that a job's record stands for; nullopt: nothing came of it, and nothing will.
std::optional<std::string_view> state_of(LedgerState state);

/// Takes what the ledger has of the job; not its name, nor why it waits.
void take_record(const JobRecord& record, ListedPair& into);

/// Ends in a newline; valid UTF-8.
std::string write_json_line(const ListedPair& pair, const std::string& spool, SystemTime now);

/// The head of the table, and a pair's line in it. Both end in a newline.
std::string write_table_head();
std::string write_table_line(const ListedPair& pair, SystemTime now);

}  // namespace reeld
