#pragma once
// What all who write results into folders share.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>

#include "core/ready_pair.hpp"
#include "scheduler/job_scheduler.hpp"
#include "submit/ledger_client.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {

/// Empty where it is gone, and what lay in it with it.
UniqueFd open_result_folder(int spool_fd, const std::string& path);

/// Whether a refusal of that pair would still be about what lies there.
bool is_still_about(const JobScheduler& scheduler, const ReadyPair& pair, int folder_fd);

/// Awaited, for removing the error file runs the pair again, and may come at once.
boost::asio::awaitable<void> mark_published_as(LedgerClient& ledger, std::int64_t job, LedgerState told);

}  // namespace reeld
