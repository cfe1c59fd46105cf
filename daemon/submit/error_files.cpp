#include "submit/error_files.hpp"

#include <unistd.h>

#include <span>

#include "async/offload.hpp"
#include "core/spool_name.hpp"
#include "spool/result_text.hpp"
#include "submit/end_record.hpp"
#include "submit/publishing.hpp"
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

boost::asio::awaitable<void> ErrorFiles::publish(Action action) {
  const JobName name = action.pair.job;
  PendingResult* const pending = parts_.pending.find(name);
  const bool is_tried = pending != nullptr && !action.pair.prompt_name.empty();
  EndRecord end;
  if (is_tried) {
    take_ruling(action, pending->end);
    end = pending->end;
  } else {
    end.reason = bad_reasons_[name];
    end.at = std::chrono::system_clock::now();
  }
  end.verdict = Verdict::refused;
  bad_reasons_.erase(name);
  const std::uint64_t attempts = is_tried ? pending->attempts : 0;
  const UniqueFd folder = open_result_folder(parts_.spool_fd, name.folder);
  if (!folder) co_return;  // gone, and the pair with it: intake will say so
  const std::string text = build_error_text(end, attempts);
  ResultJob job(name, folder.get(), error_result_name(name.stem), text);
  // Never beside files that have come instead of those that were refused.
  job.is_wanted = [this, is_tried, pair = action.pair, fd = folder.get()] {
    return is_tried ? is_still_about(parts_.scheduler, pair, fd) : !parts_.scheduler.is_superseded(pair.job);
  };
  const Written written = co_await parts_.writer.write(std::move(job));
  if (written != Written::yes) co_return;  // the ledger remembers that nobody was told
  parts_.log.log_refused(name, end, attempts);
  if (is_tried) told_.note(name, digest_bytes(std::as_bytes(std::span(text)), 0));
  if (is_tried && parts_.pending.find_number(action) != 0)
    co_await mark_published_as(parts_.ledger, parts_.pending.find_number(action), LedgerState::refused);
}

void ErrorFiles::withdraw(const JobName& job) {
  const JobStage stage = parts_.scheduler.stage_of(job);
  if (stage == JobStage::recording || stage == JobStage::publishing) {
    to_withdraw_.insert(job);
  } else if (!parts_.scheduler.contains(job)) {
    parts_.tasks.spawn("withdraw an error file", withdraw_now(job));
  }
}

boost::asio::awaitable<void> ErrorFiles::withdraw_now(JobName job) {
  const auto text = told_.take(job);
  if (!text) co_return;
  auto work = [fd = parts_.spool_fd, job, text = *text] { return remove_if_untouched(fd, job, text); };
  const bool is_removed = co_await offload(parts_.syncs, std::move(work));
  if (!is_removed) co_return;
  parts_.log.log_withdrawn(job);
  parts_.on_withdrawn(job);
}

void ErrorFiles::note_written(const JobName& job) {
  if (to_withdraw_.erase(job) != 0) withdraw(job);
}

}  // namespace reeld
