#include "follow/scheduler.hpp"

#include <algorithm>

namespace reeld {
namespace {

using Stage = FollowStage;
using Event = FollowEvent::Kind;

bool is_place(const FollowActions& actions) {
  return !actions.empty() && actions.back().kind == FollowAction::Kind::place;
}

}  // namespace

FollowScheduler::Account& FollowScheduler::account_of(FollowAccount account) {
  return accounts_.try_emplace(account, rules_).first->second;
}

void FollowScheduler::add(FollowId id, FollowAccount account, const FollowedJob& job, FollowActions actions) {
  const auto [at, is_new] = jobs_.try_emplace(id);
  if (!is_new) return;
  Entry& entry = at->second;
  entry.job = job;
  entry.account = account;
  account_of(account);
  ++counts_[static_cast<std::size_t>(job.stage)];
  if (job.stage == Stage::placing && !is_place(actions))
    actions.push_back({FollowAction::Kind::place, FollowAction::News::none, job.left.first()});
  perform(id, entry, std::move(actions));
}

void FollowScheduler::remove(FollowId id) {
  const auto at = jobs_.find(id);
  if (at == jobs_.end()) return;
  Entry& entry = at->second;
  entry.is_removed = true;
  const bool is_under_way =
      entry.is_busy || entry.job.stage == Stage::polling || entry.job.stage == Stage::downloading;
  if (!is_under_way) erase(id);
}

bool FollowScheduler::take_up(FollowId id, FollowAccount account, const FollowedJob& recorded,
                              SteadyTime now) {
  const auto [at, is_new] = jobs_.try_emplace(id);
  Entry& entry = at->second;
  if (is_new) {
    entry.job = recorded;
    entry.account = account;
    account_of(account);
    ++counts_[static_cast<std::size_t>(recorded.stage)];
  } else if (entry.is_busy) {
    return false;
  }
  apply(id, entry, {.kind = Event::taken_up}, now, 0.5);
  return true;
}

void FollowScheduler::on_poll_ended(FollowId id, const PollVerdict& verdict, SteadyTime now, double jitter) {
  Entry* const entry = find_entry(id, Stage::polling);
  if (entry == nullptr) return;
  --polls_in_flight_;
  FollowPace& pace = account_of(entry->account).polls;
  say(*entry, pace.on_ended(entry->ticket, verdict.pace, verdict.wait, now, jitter), false);
  apply(id, *entry, verdict.event, now, jitter);
}

void FollowScheduler::on_download_ended(FollowId id, const DownloadEnd& end, SteadyTime now, double jitter) {
  Entry* const entry = find_entry(id, Stage::downloading);
  if (entry == nullptr) return;
  --downloads_in_flight_;
  if (entry->ticket != 0) {
    FollowPace& pace = account_of(entry->account).downloads;
    say(*entry, pace.on_ended(entry->ticket, end.pace, end.wait, now, jitter), true);
  }
  apply(id, *entry, end.event, now, jitter);
}

void FollowScheduler::on_placed(FollowId id, Event outcome, SteadyTime now, double jitter) {
  Entry* const entry = find_entry(id, Stage::placing);
  if (entry == nullptr) return;
  entry->is_busy = false;
  apply(id, *entry, {.kind = outcome}, now, jitter);
}

void FollowScheduler::on_performed(FollowId id) {
  const auto at = jobs_.find(id);
  if (at == jobs_.end() || !at->second.is_busy || at->second.job.stage == Stage::placing) return;
  Entry& entry = at->second;
  entry.is_busy = false;
  if (entry.is_removed || is_end(entry.job.stage)) return erase(id);
  schedule(id, entry);
}

void FollowScheduler::set_key(FollowAccount account, bool has_key) {
  account_of(account).has_key = has_key;
}

void FollowScheduler::probe_now(FollowAccount account) {
  Account& known = account_of(account);
  known.polls.probe_now();
  known.downloads.probe_now();
}

void FollowScheduler::change_rules(const FollowRules& rules) {
  rules_ = rules;
  for (auto& [id, account] : accounts_) {
    account.polls.change_rules(rules);
    account.downloads.change_rules(rules);
  }
}

const FollowedJob* FollowScheduler::find(FollowId id) const {
  const auto at = jobs_.find(id);
  return at == jobs_.end() ? nullptr : &at->second.job;
}

PaceNews FollowScheduler::poll_pause(FollowAccount account) const {
  const auto at = accounts_.find(account);
  return at == accounts_.end() ? PaceNews::fine : at->second.polls.pause();
}

/// The job, if it is in that stage: what comes too late changes nothing.
FollowScheduler::Entry* FollowScheduler::find_entry(FollowId id, FollowStage stage) {
  const auto at = jobs_.find(id);
  return at == jobs_.end() || at->second.job.stage != stage ? nullptr : &at->second;
}

FollowScheduler::Due& FollowScheduler::queue_of(Entry& entry) {
  if (entry.job.stage != Stage::ready) return account_of(entry.account).polls_due;
  return entry.job.source == 0 ? account_of(entry.account).downloads_due : links_due_;
}

void FollowScheduler::schedule(FollowId id, Entry& entry) {
  const FollowStage stage = entry.job.stage;
  if (stage != Stage::waiting && stage != Stage::relinking && stage != Stage::ready) return;
  queue_of(entry).emplace(entry.job.due, id);
  entry.is_scheduled = true;
}

void FollowScheduler::unschedule(FollowId id, Entry& entry) {
  if (std::exchange(entry.is_scheduled, false)) queue_of(entry).erase({entry.job.due, id});
}

void FollowScheduler::apply(FollowId id, Entry& entry, const FollowEvent& event, SteadyTime now,
                            double jitter) {
  unschedule(id, entry);
  FollowEvent capped = event;
  if (capped.wait) capped.wait = std::min(*capped.wait, rules_.backoff_most);
  --counts_[static_cast<std::size_t>(entry.job.stage)];
  FollowActions actions = advance(entry.job, capped, rules_, now, jitter);
  ++counts_[static_cast<std::size_t>(entry.job.stage)];
  const bool is_under_way = entry.job.stage == Stage::polling || entry.job.stage == Stage::downloading;
  if (entry.is_removed && !is_under_way) return erase(id);
  perform(id, entry, std::move(actions));
}

void FollowScheduler::perform(FollowId id, Entry& entry, FollowActions actions) {
  if (actions.empty()) {
    if (is_end(entry.job.stage)) return erase(id);
    return schedule(id, entry);
  }
  entry.is_busy = true;
  FollowOrder order;
  order.kind = FollowOrder::Kind::perform;
  order.id = id;
  order.account = entry.account;
  order.job = entry.job;
  order.actions = std::move(actions);
  orders_.push_back(std::move(order));
}

void FollowScheduler::erase(FollowId id) {
  const auto at = jobs_.find(id);
  unschedule(id, at->second);
  --counts_[static_cast<std::size_t>(at->second.job.stage)];
  jobs_.erase(at);
}

void FollowScheduler::say(const Entry& entry, PaceChange change, bool is_of_downloads) {
  if (change.kind == PaceChange::Kind::nothing) return;
  FollowOrder order;
  order.kind = FollowOrder::Kind::say;
  order.account = entry.account;
  order.change = change;
  order.is_of_downloads = is_of_downloads;
  orders_.push_back(std::move(order));
}

void FollowScheduler::pump(SteadyTime now) {
  wake_at_.reset();
  if (!is_open_) return;
  while (start_poll(now)) {
  }
  while (start_download(now)) {
  }
}

bool FollowScheduler::start_poll(SteadyTime now) {
  if (polls_in_flight_ >= rules_.concurrency) return false;
  Account* const account = choose(&Account::polls_due, &Account::polls, now);
  if (account == nullptr) return false;
  ++polls_in_flight_;
  account->turn = ++turns_;
  start(account->polls_due, &account->polls, Event::poll_turn, now);
  return true;
}

/// Links go first: they grow old.
bool FollowScheduler::start_download(SteadyTime now) {
  if (is_held_ || downloads_in_flight_ >= rules_.concurrency) return false;
  if (!links_due_.empty()) {
    const SteadyTime due = links_due_.begin()->first;
    if (due <= now) {
      ++downloads_in_flight_;
      start(links_due_, nullptr, Event::download_turn, now);
      return true;
    }
    wake_by(due);
  }
  Account* const account = choose(&Account::downloads_due, &Account::downloads, now);
  if (account == nullptr) return false;
  ++downloads_in_flight_;
  account->turn = ++turns_;
  start(account->downloads_due, &account->downloads, Event::download_turn, now);
  return true;
}

/// Of the accounts with a job that is due and may go, the one that was served longest ago.
FollowScheduler::Account* FollowScheduler::choose(Due Account::*queue, FollowPace Account::*pace,
                                                  SteadyTime now) {
  Account* chosen = nullptr;
  const std::uint32_t most = share(queue);
  for (auto& [id, account] : accounts_) {
    const Due& due = account.*queue;
    if (due.empty() || !account.has_key) continue;
    if (due.begin()->first > now) {
      wake_by(due.begin()->first);
      continue;
    }
    const PaceAnswer answer = (account.*pace).ask(now);
    if (!answer.may_start) wake_by(answer.ask_again);
    if (!answer.may_start || (account.*pace).in_flight() >= most) continue;
    if (chosen == nullptr || account.turn < chosen->turn) chosen = &account;
  }
  return chosen;
}

/// How many requests one account may have under way: so many that each other one with jobs can have one, so
/// that a server that does not answer holds up its own alone.
std::uint32_t FollowScheduler::share(Due Account::*queue) const {
  const auto others = std::ranges::count_if(
      accounts_, [&](const auto& known) { return !(known.second.*queue).empty() && known.second.has_key; });
  const auto kept = static_cast<std::uint32_t>(std::max<std::ptrdiff_t>(others - 1, 0));
  return rules_.concurrency > kept ? rules_.concurrency - kept : 1;
}

/// The one that has been due for the longest time.
void FollowScheduler::start(Due& queue, FollowPace* pace, Event turn, SteadyTime now) {
  const FollowId id = queue.begin()->second;
  Entry& entry = jobs_.at(id);
  entry.ticket = pace == nullptr ? 0 : pace->on_started(now);
  apply(id, entry, {.kind = turn}, now, 0.5);
  FollowOrder order;
  order.kind = turn == Event::poll_turn ? FollowOrder::Kind::poll : FollowOrder::Kind::download;
  order.id = id;
  order.account = entry.account;
  order.job = entry.job;
  orders_.push_back(std::move(order));
}

void FollowScheduler::wake_by(std::optional<SteadyTime> time) {
  if (time && (!wake_at_ || *time < *wake_at_)) wake_at_ = time;
}

}  // namespace reeld
