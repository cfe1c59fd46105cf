#pragma once
// From the ledger's record to the text of the result file: the same way for an answer that has just come and
// for one that is owed since yesterday.

#include <string>

#include "ledger/records.hpp"

namespace reeld {

/// The API says that the job failed, and gave it an id: it exists there, and may have been paid for.
bool is_created(const EndRecord& end);

/// `STEM.error.json`. `attempts`: tries at the POST.
std::string build_error_text(const EndRecord& end, std::uint64_t attempts);

/// The API's id in the text of a `STEM.job.json`; "" where that is not an accepted answer.
std::string find_api_id(const std::string& answer, SystemTime now);

/// The name and the text of the result that the job's state calls for (accepted, refused, doubt).
struct ResultText {
  std::string file;
  std::string text;
};
ResultText build_result(const JobRecord& record);

}  // namespace reeld
