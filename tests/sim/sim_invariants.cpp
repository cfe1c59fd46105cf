// What is looked at after every step, and once a world has come to rest.

#include "sim/sim_world.hpp"

namespace reeld::sim {

void World::check_step() {
  if (app_->scheduler().lane().in_flight() > max_concurrency_) complain("more in flight than allowed");
  truth_.check_step();
}

void World::check_end() {
  if (app_->scheduler().waiting() != 0 && outside_.limits.per_day == 0)
    complain("pairs wait though the API is well");
  if (!store_.reader().list_open().empty()) complain("an intent has no end");
  for (const std::int64_t job : store_.reader().list_unpublished()) {
    if (app_->find_folder_of(*store_.reader().read(job)))
      complain("a result is owed, and its folder is there");
  }
  for (const std::int64_t job : store_.reader().list_doubts()) {
    const auto record = store_.reader().read(job);
    const auto place = spool_.place_of(record->job.name);
    const Stem* const stem = place ? spool_.find(*place) : nullptr;
    const bool is_told = stem != nullptr && stem->results.contains(ResultKind::doubt);
    if (record->job.repeat_at && !is_told)
      complain("the doubt of " + record->job.name.text() + " waits for a repeat that does not come");
  }
  // No pair is lost: each has a result, or is a job that needs none.
  for (const auto& [place, stem] : spool_.stems()) {
    const auto ready = spool_.find_ready(place);
    if (!ready || app_->scheduler().contains(ready->job)) continue;
    if (!truth_.has_reason(place))
      complain(ready->job.text() + " is lost: no job had its content, and nothing is done");
  }
  truth_.check_told();
}

}  // namespace reeld::sim
