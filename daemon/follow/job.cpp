#include "follow/job.hpp"

#include <algorithm>
#include <utility>

#include "core/backoff.hpp"

namespace reeld {
namespace {

using Event = FollowEvent::Kind;
using Action = FollowAction::Kind;
using News = FollowAction::News;
using Stage = FollowStage;

constexpr std::uint8_t missing_that_end = 3;
constexpr std::uint8_t rounds_that_end = 8;
constexpr std::uint8_t cuts_that_change_source = 3;

/// The event with the job, and what is to be done.
class Turn {
 public:
  Turn(FollowedJob& job, const FollowEvent& event, const FollowRules& rules, SteadyTime now, double jitter)
      : job_(job), event_(event), rules_(rules), now_(now), jitter_(jitter) {}

  FollowActions run() {
    if (event_.kind == Event::taken_up) {
      take_up();
    } else if (job_.stage == Stage::waiting || job_.stage == Stage::relinking) {
      if (event_.kind == Event::poll_turn) job_.stage = Stage::polling;
    } else if (job_.stage == Stage::polling) {
      end_poll();
    } else if (job_.stage == Stage::ready) {
      if (event_.kind == Event::download_turn) job_.stage = Stage::downloading;
    } else if (job_.stage == Stage::downloading) {
      end_download();
    } else if (job_.stage == Stage::placing) {
      end_placing();
    }
    return std::move(actions_);
  }

  void complete();

 private:
  void take_up();
  void end_poll();
  void end_download();
  void end_placing();
  void on_cut();

  void on_running();
  void on_failed();
  void on_expired();
  void on_missing();
  void note_answer();
  void wait_for_poll();
  bool is_late() const { return !job_.is_completed && now_ >= job_.deadline; }

  void try_next_source();
  void end_round();
  void give_up_variant(FollowEnd why);
  void finish_variant();
  void go_on();
  void wait_for_download(milliseconds wait);
  void end(FollowStage stage, FollowEnd why);
  FollowVariant variant() const { return job_.left.first(); }

  void act(Action kind) { actions_.push_back({kind, News::none, variant()}); }
  void say(News news) { actions_.push_back({Action::say, news, variant()}); }

  FollowedJob& job_;
  const FollowEvent& event_;
  const FollowRules& rules_;
  SteadyTime now_;
  double jitter_;
  FollowActions actions_;
};

void Turn::take_up() {
  job_.deadline = now_ + rules_.deadline;
  if (job_.stage == Stage::polling || job_.stage == Stage::downloading || job_.stage == Stage::placing)
    return;
  job_.due = now_;
  job_.missing = job_.rounds = job_.cuts = 0;
  if (is_end(job_.stage)) {
    job_.has_error_file = job_.has_error_file || job_.end != FollowEnd::none;
    job_.stage = Stage::waiting;
    job_.end = FollowEnd::none;
    job_.is_completed = false;  // the API is asked for the links as they are now
    if (job_.left.empty()) job_.left = rules_.variants;
  }
  act(Action::record);
}

void Turn::end_poll() {
  switch (event_.kind) {
    case Event::running:
      return on_running();
    case Event::completed:
      note_answer();
      return complete();
    case Event::failed:
      return on_failed();
    case Event::expired:
      return on_expired();
    case Event::missing:
      return on_missing();
    case Event::unanswered:
      return is_late() ? end(Stage::expired, FollowEnd::deadline) : wait_for_poll();
    case Event::postponed:
      return wait_for_poll();
    default:
      return;
  }
}

/// An answer about this job: what it says is kept.
void Turn::note_answer() {
  job_.missing = 0;
  if (event_.is_newer) {
    act(Action::record);
    act(Action::replace_answer);
  }
  job_.links = event_.links;
}

void Turn::on_running() {
  note_answer();
  if (!event_.is_word_known && !job_.is_unknown_word_said) {
    job_.is_unknown_word_said = true;
    say(News::unknown_word);
  }
  if (job_.is_completed) return end_round();  // said to be running again: it brings no link
  const bool is_change =
      job_.status != event_.status || (event_.progress && job_.progress != event_.progress);
  job_.status = event_.status;
  if (event_.progress) job_.progress = event_.progress;
  if (is_change) say(News::progress);
  if (is_late()) return end(Stage::expired, FollowEnd::deadline);
  wait_for_poll();
}

void Turn::complete() {
  const bool is_first = !job_.is_completed;
  job_.is_completed = true;
  job_.status = FollowStatus::completed;
  job_.progress.reset();
  job_.source = 0;
  if (is_first) {
    job_.rounds = 0;
    if (rules_.variants.empty()) job_.left = {};
    act(Action::record);
    // Before any record says that it is gone: a start would not look for it.
    if (std::exchange(job_.has_error_file, false))
      actions_.insert(actions_.begin(), {Action::withdraw_error, News::none, variant()});
    say(News::completed);
  }
  job_.due = now_;
  go_on();
}

void Turn::on_failed() {
  note_answer();
  if (job_.is_completed) return give_up_variant(FollowEnd::vanished);
  job_.status = FollowStatus::failed;
  end(Stage::failed, FollowEnd::said_failed);
}

void Turn::on_expired() {
  note_answer();
  if (job_.is_completed) return give_up_variant(FollowEnd::vanished);
  job_.status = FollowStatus::expired;
  end(Stage::expired, FollowEnd::said_expired);
}

void Turn::on_missing() {
  if (++job_.missing >= missing_that_end) {
    if (job_.is_completed) return give_up_variant(FollowEnd::vanished);
    return end(Stage::failed, FollowEnd::unknown);
  }
  if (is_late()) return end(Stage::expired, FollowEnd::deadline);
  wait_for_poll();
}

void Turn::wait_for_poll() {
  job_.stage = job_.is_completed ? Stage::relinking : Stage::waiting;
  const milliseconds wait = poll_wait(rules_, jitter_);
  job_.due = now_ + std::max(wait, event_.wait.value_or(milliseconds(0)));
}

void Turn::end_download() {
  switch (event_.kind) {
    case Event::whole:
      job_.stage = Stage::placing;
      return act(Action::place);
    case Event::cut:
      return on_cut();
    case Event::postponed:
      return wait_for_download(event_.wait.value_or(rules_.backoff_least));
    case Event::gone:
      return try_next_source();
    case Event::too_large:
      return give_up_variant(FollowEnd::too_large);
    default:
      return;
  }
}

void Turn::end_placing() {
  switch (event_.kind) {
    case Event::placed:
      return finish_variant();
    case Event::unusable:
      act(Action::discard);
      return try_next_source();
    case Event::unplaced:
      // The partial file stays as it is: the download finds it whole, and it is placed then.
      return wait_for_download(rules_.poll);
    default:
      return;
  }
}

/// Bytes that came are kept, and the rest is asked for. A source that brings none, again and again, may be
/// worse than the next.
void Turn::on_cut() {
  if (event_.has_grown) job_.cuts = job_.rounds = 0;
  if (!event_.has_grown && ++job_.cuts >= cuts_that_change_source) {
    job_.has_trouble = true;
    return try_next_source();
  }
  const milliseconds wait = spread(back_off(rules_.backoff_least, job_.cuts, rules_.backoff_most), jitter_);
  wait_for_download(std::max(wait, event_.wait.value_or(milliseconds(0))));
}

void Turn::wait_for_download(milliseconds wait) {
  job_.stage = Stage::ready;
  job_.due = now_ + wait;
}

void Turn::try_next_source() {
  job_.cuts = 0;
  if (job_.source < job_.links[static_cast<std::size_t>(variant())]) {
    ++job_.source;
    return wait_for_download(milliseconds(0));
  }
  end_round();
}

/// No source has it. Right behind completion that may change in a moment; and links grow old. A round in
/// which a source was in trouble does not end the job: its server may come back.
void Turn::end_round() {
  job_.source = 0;
  const bool had_trouble = std::exchange(job_.has_trouble, false);
  if (!had_trouble || job_.rounds + 1 < rounds_that_end) ++job_.rounds;
  if (job_.rounds >= rounds_that_end) return give_up_variant(FollowEnd::unobtainable);
  job_.stage = Stage::relinking;
  const milliseconds most = std::max(rules_.poll, rules_.backoff_most);
  const milliseconds wait = back_off(poll_wait(rules_, jitter_), job_.rounds - 1U, most);
  job_.due = now_ + std::max(wait, event_.wait.value_or(milliseconds(0)));
  act(Action::record);
}

void Turn::give_up_variant(FollowEnd why) {
  act(Action::discard);
  if (variant() == FollowVariant::video) return end(Stage::undelivered, why);
  say(News::skipped);
  finish_variant();
}

void Turn::finish_variant() {
  const FollowVariant finished = variant();
  const bool is_there = job_.stage == Stage::placing;
  job_.left.remove(finished);
  job_.rounds = job_.cuts = job_.source = 0;
  job_.has_trouble = false;
  job_.due = now_;
  actions_.push_back({Action::record, News::none, finished});
  if (is_there) actions_.push_back({Action::say, News::downloaded, finished});
  go_on();
}

void Turn::go_on() {
  job_.stage = job_.left.empty() ? Stage::done : Stage::ready;
}

void Turn::end(FollowStage stage, FollowEnd why) {
  job_.stage = stage;
  job_.end = why;
  act(Action::record);
  act(Action::write_error);
  say(stage == Stage::undelivered ? News::undelivered : News::ended);
}

}  // namespace

FollowedJob begin_following(const FollowEvent& answer, const FollowRules& rules, SteadyTime accepted_at,
                            SteadyTime now, double jitter) {
  FollowedJob job;
  job.left = rules.variants;
  job.links = answer.links;
  job.deadline = accepted_at + rules.deadline;
  if (answer.kind == Event::completed) {
    Turn(job, answer, rules, now, jitter).complete();
    return job;
  }
  job.status = answer.status;
  job.progress = answer.progress;
  const milliseconds wait = std::max(poll_wait(rules, jitter), answer.wait.value_or(milliseconds(0)));
  job.due = std::max(accepted_at + wait, now);
  return job;
}

FollowActions advance(FollowedJob& job, const FollowEvent& event, const FollowRules& rules, SteadyTime now,
                      double jitter) {
  return Turn(job, event, rules, now, jitter).run();
}

void resume_following(FollowedJob& job, SteadyTime now) {
  if (job.stage == Stage::polling) job.stage = job.is_completed ? Stage::relinking : Stage::waiting;
  if (job.stage == Stage::ready || job.stage == Stage::downloading) job.stage = Stage::relinking;
  job.due = std::max(job.due, now);
}

milliseconds poll_wait(const FollowRules& rules, double jitter) {
  const double factor = 0.8 + 0.4 * jitter;
  return milliseconds(static_cast<std::int64_t>(static_cast<double>(rules.poll.count()) * factor));
}

}  // namespace reeld
