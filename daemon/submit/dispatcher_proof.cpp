// Is it the pair, or a wall before all of them? What the disk has to do with it: which pair to ask with, and
// error files that are withdrawn.

#include <unistd.h>

#include "async/offload.hpp"
#include "async/steady_now.hpp"
#include "core/spool_name.hpp"
#include "log/log_events.hpp"
#include "submit/dispatcher.hpp"
#include "submit/probe_choice.hpp"
#include "sys/content_hash.hpp"
#include "sys/safe_open.hpp"

namespace reeld {
namespace {

bool remove_if_untouched(int spool_fd, const JobName& job, const ContentDigest& text) {
  auto opened = open_folder_beneath(spool_fd, job.folder);
  const auto* const folder = std::get_if<UniqueFd>(&opened);
  if (folder == nullptr) return false;
  const std::string name = error_result_name(job.stem);
  auto found = open_file_beneath(folder->get(), name);
  const auto* const file = std::get_if<OpenFile>(&found);
  if (file == nullptr || digest_file(file->fd.get(), file->identity.size, 0) != text) return false;
  return ::unlinkat(folder->get(), name.c_str(), 0) == 0;
}

}  // namespace

boost::asio::awaitable<void> Dispatcher::choose(Action action) {
  auto work = [fd = parts_.spool_fd, action = std::move(action), job = context_->settings.job,
               spool = context_->settings.spool, names = context_->settings.api.fields] {
    return choose_probe(action.candidates, action.unlike,
                        [&](const ReadyPair& pair) { return read_fields_of(fd, pair, job, spool, names); });
  };
  const JobName chosen = co_await offload(parts_.workers, std::move(work));
  scheduler_.on_chosen(chosen, steady_now());
  advance();
}

/// An answer that turned out to be about the pair is its refusal; one that is about all is none.
void Dispatcher::take_ruling(const Action& action, EndRecord& end) {
  if (action.verdict == Verdict::account) end.verdict = Verdict::account;
  if (action.verdict != Verdict::refused || std::exchange(end.verdict, Verdict::refused) == Verdict::refused)
    return;
  end.reason += action.ruling == Wall::Ruling::alone
                    ? "; three times running, and there was no other pair to ask with"
                    : "; other pairs are answered otherwise, so it is about this one";
}

/// One that is still on its way goes when it is there. A pair that is ready anew has none any more.
void Dispatcher::withdraw(const JobName& job) {
  const JobStage stage = scheduler_.stage_of(job);
  if (stage == JobStage::recording || stage == JobStage::publishing) {
    to_withdraw_.insert(job);
  } else if (!scheduler_.contains(job)) {
    tasks_.spawn("withdraw an error file", withdraw_now(job));
  }
}

boost::asio::awaitable<void> Dispatcher::withdraw_now(JobName job) {
  const auto text = told_refusals_.take(job);
  if (!text) co_return;
  auto work = [fd = parts_.spool_fd, job, text = *text] { return remove_if_untouched(fd, job, text); };
  const bool is_removed = co_await offload(parts_.syncs, std::move(work));
  if (!is_removed) co_return;
  --counts_.refused;
  parts_.log.info(event::result_withdrawn,
                  "all pairs are refused in the same way, so this pair's error file was removed again; the "
                  "pair keeps its place in the queue",
                  {{"job", job.text()}, {"file", error_result_name(job.stem)}});
  intake_->look_again(job);
}

}  // namespace reeld
