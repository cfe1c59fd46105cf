#include "service/drain_watch.hpp"

#include <algorithm>
#include <utility>

namespace reeld {

DrainWatch::DrainWatch(boost::asio::any_io_executor loop, milliseconds patience, const Dispatcher& dispatcher,
                       const Intake& intake, OnOver on_over)
    : patience_(patience),
      dispatcher_(dispatcher),
      intake_(intake),
      on_over_(std::move(on_over)),
      timer_(loop),
      last_move_(std::chrono::steady_clock::now()) {
  arm();
}

// What intake is about to decide, and what it waits for, ends without a word to us: a drain looks for itself.
void DrainWatch::arm() {
  constexpr milliseconds interval{250};
  timer_.expires_at(std::min(last_move_ + patience_, std::chrono::steady_clock::now() + interval));
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) on_timer();
  });
}

/// An answer that is awaited, a wait that the API asked for, and a spool that is still being read are not
/// standstill.
void DrainWatch::on_timer() {
  look();
  if (is_over_) return;
  last_move_ = std::max(last_move_, dispatcher_.last_progress());
  const bool is_throttled =
      dispatcher_.scheduler().reason_of_turns(std::chrono::steady_clock::now()) == WaitReason::throttled;
  const bool is_waiting_for_api = dispatcher_.awaiting_answers() > 0 || is_throttled;
  const SteadyTime now = std::chrono::steady_clock::now();
  const std::size_t reading = dispatcher_.scheduler().reading();
  const bool has_read = std::exchange(reading_, reading) != reading;
  if (is_waiting_for_api || has_read || !dispatcher_.has_scanned()) last_move_ = now;
  if (now - last_move_ >= patience_) {
    const std::string wait = describe_wait();
    end("nothing has moved for as long as --patience allows" + (wait.empty() ? "" : ": " + wait), false);
    return;
  }
  arm();
}

/// What keeps it from moving, as far as that is known.
std::string DrainWatch::describe_wait() const {
  const Pause pause = dispatcher_.lane().pause();
  const DispatchCounts counts = dispatcher_.counts();
  if (dispatcher_.scheduler().is_held()) return "reeld is held; `reeld release` lets it go on";
  if (dispatcher_.scheduler().block_reason() == BlockReason::per_day)
    return "the day's cap (per_day) is reached";
  if (pause != Pause::none && counts.waiting + counts.in_flight > 0)
    return "sending is paused (" + std::string(word_of(pause)) + "): " + dispatcher_.setback();
  if (counts.unpublished != 0) return std::to_string(counts.unpublished) + " results cannot be written";
  if (reading_ != 0)
    return std::to_string(reading_) + (reading_ == 1 ? " pair is" : " pairs are") +
           " being read, to tell what was sent before";
  if (const auto number = dispatcher_.scheduler().held_back())
    return std::to_string(number) + " new pairs wait for `reeld release`";
  if (counts.waiting + counts.in_flight > 0 && !dispatcher_.setback().empty())
    return "what was sent last ended so: " + dispatcher_.setback();
  return describe_incomplete();
}

std::string DrainWatch::describe_incomplete() const {
  const std::size_t number = intake_.counts().incomplete;
  const auto one = number == 0 ? std::nullopt : intake_.find_incomplete();
  if (!one) return {};
  const std::string reason = one->reason.empty() ? "it is being written, or was a moment ago" : one->reason;
  const std::string what = one->job.text() + " is not complete: " + reason;
  return number == 1 ? what : std::to_string(number) + " pairs are not complete; " + what;
}

/// What was not accepted, and what was not a pair that could be submitted.
std::string DrainWatch::describe_rest() const {
  const DispatchCounts counts = dispatcher_.counts();
  const IntakeCounts found = intake_.counts();
  std::string out;
  const auto add = [&out](std::uint64_t number, std::string_view what) {
    if (number == 0) return;
    out.append(out.empty() ? ", but: " : ", ").append(std::to_string(number)).append(" ").append(what);
  };
  add(counts.refused, "refused");
  add(counts.doubt, "in doubt");
  add(counts.half_replaced, "half replaced (`reeld retry` sends what lies there now)");
  add(counts.unpublished, "results that could not be written");
  add(found.ambiguous, "ambiguous");
  add(found.conflict, "conflict copies");
  add(found.unnameable, "with too long a name");
  add(found.unwritable, "in folders that take no results");
  add(found.misconfigured, "in folders whose reeld.toml cannot be read");
  add(found.unreadable_folders, "folders that cannot be read");
  return out;
}

bool DrainWatch::is_all_done() const {
  return dispatcher_.has_scanned() && dispatcher_.is_idle() && dispatcher_.counts().waiting == 0 &&
         intake_.counts().incomplete == 0 && intake_.counts().undecided == 0 && !intake_.is_scanning();
}

/// One that only a person ends; "" : none.
std::string DrainWatch::describe_pause() const {
  const Pause pause = dispatcher_.lane().pause();
  if (pause == Pause::account) return "the account (key, credit or URL) needs attention";
  return pause == Pause::refused ? "every pair is refused" : "";
}

void DrainWatch::look() {
  if (is_over_) return;
  const DispatchCounts counts = dispatcher_.counts();
  if (bar_.is_seen()) bar_.show(counts, counts.in_flight == 0 && !is_all_done() ? describe_wait() : "");
  if (is_all_done()) {
    end("everything there was has been submitted" + describe_rest(), true);
  } else if (const std::string pause = describe_pause(); !pause.empty() && counts.in_flight == 0) {
    end("the lane is paused: " + pause + ": " + dispatcher_.pause_note().reason, false);
  }
}

void DrainWatch::end(const std::string& reason, bool is_complete) {
  is_over_ = true;
  is_complete_ = is_complete;
  bar_.finish();
  timer_.cancel();
  on_over_(reason);
}

void DrainWatch::stop() {
  is_over_ = true;
  bar_.finish();
  timer_.cancel();
}

int DrainWatch::exit_code() const {
  const DispatchCounts counts = dispatcher_.counts();
  const IntakeCounts found = intake_.counts();
  const bool is_all_accepted =
      is_complete_ && counts.refused + counts.doubt + counts.half_replaced + counts.unpublished == 0 &&
      found.ambiguous + found.unnameable + found.unwritable + found.misconfigured +
              found.unreadable_folders ==
          0;
  return is_all_accepted ? 0 : 1;
}

}  // namespace reeld
