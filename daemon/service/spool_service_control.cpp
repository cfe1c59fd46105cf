// What a spool's daemon does when a command asks.

#include <utility>

#include "async/steady_now.hpp"
#include "codec/pairs_in_hand.hpp"
#include "core/never_inputs.hpp"
#include "core/spool_name.hpp"
#include "ledger/sqlite.hpp"
#include "service/spool_service.hpp"

namespace reeld {

boost::asio::awaitable<std::string> SpoolService::answer(std::vector<std::string> request) {
  if (request.front() == "status") co_return write_live_status(read_live());
  if (request.front() == "pairs") co_return list_pairs();
  if (request.front() == "look" && request.size() == 3) {
    const JobName job{request[1], request[2]};
    co_return look_again(job);
  }
  const bool is_release = request.front() == "release";
  if (!is_release && request.front() != "refresh") co_return "error: not a request that this reeld knows\n";
  bool is_held = false;
  std::string fault;
  try {
    is_held = co_await ledger_.questions().read_held();
  } catch (const SqliteError& error) {
    fault = error.what();
  }
  if (!fault.empty()) co_return "error: " + fault + "\n";
  dispatcher_.set_held(is_held);
  if (is_release) dispatcher_.release_masses();
  co_return "ok\n";
}

std::string SpoolService::list_pairs() const {
  PairsInHandText out;
  const TellPair tell = [&out](const JobName& pair, std::optional<WaitReason> reason, milliseconds age) {
    out.add(pair, reason, age);
  };
  dispatcher_.scheduler().list_in_hand(tell, steady_now());
  intake_->list_waiting(tell);
  return out.text();
}

std::string SpoolService::look_again(const JobName& job) {
  const SpoolSettings& spool = context_->settings.spool;
  const bool is_served =
      (spool.recursive || job.folder.empty()) && !IgnoredFolders(spool.ignore).covers(job.folder);
  if (!is_served || !is_input_folder(job.folder) || !is_input_stem(job.stem))
    return "error: no pair of that name can be in this spool\n";
  intake_->look_again(job);
  return "ok\n";
}

LiveStatus SpoolService::read_live() const {
  LiveStatus status = read_live_status(dispatcher_, steady_now());
  status.is_stopping = is_stopping_;
  status.is_ledger_well = ledger_.is_healthy();
  status.intake = intake_->counts();
  status.is_scanning = intake_->is_scanning();
  status.started = started_;
  status.errors = parts_.log.recent_errors();
  intake_->tally_waiting(status.waits);
  return status;
}

}  // namespace reeld
