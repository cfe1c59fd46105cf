#include "commands/job/lost_race.hpp"

#include "codec/result_json.hpp"
#include "commands/command_failure.hpp"
#include "settings/exit_code.hpp"

namespace reeld {
namespace {

std::string describe(const JobRecord& record) {
  switch (record.job.state) {
    case LedgerState::accepted:
      return "it was accepted as " + record.end.api_id + " at " + format_time(record.end.at);
    case LedgerState::doubt:
      return "it is in doubt since " + format_time(record.intent.at);
    case LedgerState::intended:
      return "it is being sent since " + format_time(record.intent.at);
    case LedgerState::refused:
      return "it was refused at " + format_time(record.end.at);
    case LedgerState::reopened:
      return "somebody has had it run again already, and it waits for its turn";
    case LedgerState::unsent:
      break;
  }
  return "it waits for its turn";
}

}  // namespace

bool is_as_before(const JobRecord& before, const std::optional<JobRecord>& now) {
  return now && now->job.id == before.job.id && now->job.state == before.job.state &&
         now->job.repeat_at == before.job.repeat_at && now->intent.token == before.intent.token;
}

void end_open_intent(LedgerStore& store, const JobRecord& record, SystemTime now) {
  if (record.job.state != LedgerState::intended) return;
  EndRecord end;
  end.token = record.intent.token;
  end.verdict = Verdict::doubt;
  end.reason = "reeld ended before an answer was recorded";
  end.at = now;
  store.end_attempt(end);
}

void complain_of_lost_race(const std::string& job, const std::optional<JobRecord>& now) {
  throw CommandFailure(exit_code::failed,
                       job + ": is not what was looked at any more, and nothing was changed: " +
                           (now ? describe(*now) : "the ledger has nothing of it by now"));
}

}  // namespace reeld
