// What follows a verdict: the result into the folder, then the word in the log.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cerrno>

#include "core/spool_name.hpp"
#include "runtime/dispatcher.hpp"
#include "runtime/log_events.hpp"
#include "runtime/offload.hpp"
#include "runtime/publisher.hpp"
#include "runtime/results.hpp"

namespace reeld {
namespace {

constexpr milliseconds first_retry = std::chrono::seconds(1);
constexpr milliseconds longest_retry = std::chrono::minutes(1);

}  // namespace

boost::asio::awaitable<void> Dispatcher::handle_report(JobName name, const AttemptPlan& plan,
                                                       AttemptReport report) {
  // An attempt is one try at the POST: what never came so far does not count.
  if (report.kind != AttemptReport::Kind::judged) --jobs_.at(name).attempts;
  if (report.kind == AttemptReport::Kind::stale) {
    parts_.log.info(event::pair_incomplete, "a file changed before it was sent; the pair starts over",
                    {{"job", name.text()}, {"reason", report.judgement.reason}});
    jobs_.at(name).is_running = false;
    start_over(name);
    co_return;
  }
  if (report.kind == AttemptReport::Kind::failed) {
    parts_.log.error(event::pair_unreadable, "the pair could not be read; it is tried again",
                     {{"job", name.text()}, {"reason", report.judgement.reason}});
    co_await wait_before_retry(first_retry);
    put_back(name, report);
    co_return;
  }
  const int folder = report.snapshot ? report.snapshot->folder.get() : -1;
  switch (report.judgement.verdict) {
    case Verdict::accepted: {
      co_await publish_result(name, folder, job_result_name(name.stem), report.end.reply->body, Worth::paid);
      break;
    }
    case Verdict::doubt: {
      auto work = [&report, &plan] { return build_doubt_result(report, plan); };
      std::string text = co_await offload(parts_.workers, std::move(work));
      co_await publish_result(name, folder, doubt_result_name(name.stem), std::move(text), Worth::kept);
      break;
    }
    case Verdict::refused: {
      // Its files have been replaced: what was refused is no longer there, and the new pair is not to be
      // stopped by it.
      if (jobs_.at(name).is_gone) {
        log_verdict(name, plan, report);
        start_over(name);
        co_return;
      }
      std::string text = build_error_result(report, plan);
      co_await publish_result(name, folder, error_result_name(name.stem), std::move(text), Worth::nothing);
      break;
    }
    default:
      put_back(name, report);
      co_return;
  }
  log_verdict(name, plan, report);
  finish(name);
}

/// Bad input that intake found: an error file, and no request.
boost::asio::awaitable<void> Dispatcher::write_bad(JobName name, std::string reason) {
  AttemptReport report;
  report.kind = AttemptReport::Kind::refused;
  report.judgement.verdict = Verdict::refused;
  report.judgement.reason = std::move(reason);
  ReadyPair pair;
  pair.job = name;
  const AttemptPlan plan(std::move(pair), 0, side_, parts_.spool_fd, parts_.workers, parts_.log,
                         commit_state_);
  std::string text = build_error_result(report, plan);
  co_await publish_result(name, -1, error_result_name(name.stem), std::move(text), Worth::nothing);
  log_verdict(name, plan, report);
  // Where its files were replaced meanwhile, it is an ordinary job by now, and no longer this one's.
  if (!jobs_.contains(name)) intake_->forget(name);
}

/// Writes until it is written. A result that is paid for is never given up while reeld runs; another is on
/// insistence.
boost::asio::awaitable<void> Dispatcher::publish_result(const JobName& name, int folder_fd, std::string file,
                                                        std::string contents, Worth worth) {
  UniqueFd opened;
  bool is_said = false;
  for (milliseconds wait = first_retry;; wait = std::min(wait * 2, longest_retry)) {
    std::optional<SysError> error;
    if (folder_fd < 0 && !opened) {
      auto folder = open_folder_beneath(parts_.spool_fd, name.folder);
      if (auto* const failure = std::get_if<SysError>(&folder)) {
        error = std::move(*failure);
      } else {
        opened = std::move(std::get<UniqueFd>(folder));
      }
    }
    if (!error) {
      ResultFile result(folder_fd < 0 ? opened.get() : folder_fd, name.folder, file, contents);
      error = co_await publish(parts_.workers, std::move(result));
    }
    if (!error) break;
    if (!is_said) {
      LogFields fields{{"job", name.text()}, {"file", file}, {"reason", error->message}};
      if (worth == Worth::paid) fields.emplace_back("answer", contents);
      parts_.log.error(event::result_unwritten, "the result cannot be written; it is kept, and tried again",
                       fields);
      is_said = true;
      ++counts_.unpublished;
    }
    // The folder itself is gone: there is nowhere to write it, and the log has it.
    if (error->code == ENOENT) break;
    if (is_insisting_ || (worth == Worth::nothing && !commit_state_.is_open)) break;
    co_await wait_before_retry(wait);
  }
  if (is_said) --counts_.unpublished;
}

boost::asio::awaitable<void> Dispatcher::wait_before_retry(milliseconds wait) {
  boost::asio::steady_timer timer(parts_.loop, wait);
  retry_waits_.insert(&timer);
  const auto [error] = co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  static_cast<void>(error);  // cancelled or due: either way it is time to go on
  retry_waits_.erase(&timer);
}

void Dispatcher::remember(const AttemptReport& report) {
  const Verdict verdict = report.judgement.verdict;
  if (!report.snapshot || (verdict != Verdict::accepted && verdict != Verdict::doubt)) return;
  memory_.remember({report.snapshot->prompt_file.identity, report.snapshot->image_file.identity}, verdict);
}

}  // namespace reeld
