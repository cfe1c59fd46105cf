// What was promised.

#include "sim/sim_world.hpp"

namespace reeld::sim {

/// Past the commit point nothing is sent again without a person's word, or the one repeat that the settings
/// ask for; and the day's cap holds.
void World::on_boundary(const Spool::Place& place, const PairIdentity& pair, bool is_repeat) {
  note("boundary of prompt " + std::to_string(pair.prompt.inode) + (is_repeat ? " again" : ""));
  const Stem* const stem = spool_.find(place);
  if (stem == nullptr || stem->prompt != pair.prompt || stem->image != pair.image)
    complain("what was sent was no longer there");
  if (untold_.contains(pair)) complain("a refusal that nobody was told of was sent again");
  auto& earlier = boundaries_[pair];
  const auto words = words_.find(pair);
  const std::size_t allowed = 1 + static_cast<std::size_t>(words == words_.end() ? 0 : words->second);
  const std::size_t repeats = outside_.rules.repeats_doubts ? allowed : 0;
  const std::size_t earlier_repeats = std::min(repeats, earlier.size() / 2);
  if (earlier.size() >= allowed + (is_repeat ? repeats : earlier_repeats))
    complain("a second POST past the commit point");
  earlier.push_back(timeline_.now());
  if (outside_.limits.per_day == 0) return;
  std::size_t spent = 0;
  for (const auto& [other, times] : boundaries_) {
    for (const SteadyTime at : times) spent += timeline_.now() - at < std::chrono::hours(23) ? 1 : 0;
  }
  if (spent > outside_.limits.per_day) complain("more in a day than allowed");
}

void World::check_step() {
  if (app_->desk().lane().in_flight() > outside_.limits.concurrency) complain("more in flight than allowed");
  if (server_.jobs().size() == seen_jobs_) return;
  seen_jobs_ = server_.jobs().size();
  if (outside_.rules.repeats_doubts) return;
  for (const auto& [pair, times] : boundaries_) {
    const auto words = words_.find(pair);
    const int allowed = 1 + (words == words_.end() ? 0 : words->second);
    if (server_.created(pair) > allowed) complain("paid for twice");
  }
}

void World::check_end() {
  if (app_->desk().waiting() != 0 && outside_.limits.per_day == 0)
    complain("pairs wait though the API is well");
  if (!store_.reader().list_open().empty()) complain("an intent has no end");
  if (!store_.reader().list_owed().empty()) complain("a result is owed, and its folder is there");
  // No pair is lost: each has a result, or the ledger knows why it needs none.
  for (const auto& [place, stem] : spool_.stems()) {
    const auto ready = spool_.find_ready(place);
    if (!ready || app_->desk().contains(ready->job)) continue;
    const auto known = store_.reader().find(find_pair(ready->job, ready->identity)).known;
    const bool is_settled =
        known && (known->state == LedgerState::accepted || known->state == LedgerState::doubt);
    if (!is_settled) complain(ready->job.text() + " is lost: nothing is known of it, and nothing is done");
  }
  // No job that was created is hidden: its answer was shown, or its pair is, or was, in doubt, or both are
  // owed.
  std::set<PairIdentity> owed;
  for (const std::int64_t job : store_.reader().list_owed()) owed.insert(store_.reader().read(job)->job.pair);
  for (const auto& [id, pair] : server_.jobs()) {
    if (shown_.contains(id) || owed.contains(pair)) continue;
    if (!doubted_.contains(pair))
      complain("job " + id + " of prompt " + std::to_string(pair.prompt.inode) +
               " was created, and nobody was told");
  }
}

}  // namespace reeld::sim
