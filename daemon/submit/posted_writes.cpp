#include "submit/posted_writes.hpp"

#include <utility>

namespace reeld {

void PostedWrites::run_all(const std::vector<Posting>& postings, LedgerStore& store) {
  for (const Posting& posting : postings) posting.run(store);
}

void PostedWrites::put_back(const std::vector<Posting>& failed) {
  waiting_.insert(waiting_.begin(), failed.begin(), failed.end());
}

PostedWrites::Batch PostedWrites::take() {
  const auto out = std::make_shared<std::vector<Posting>>();
  out->swap(waiting_);
  return out;
}

PostedWrites::Posting PostedWrites::make_move(std::int64_t job, NewPlace place) {
  auto run = [job, place = std::move(place)](LedgerStore& store) {
    store.move_job(job, place, std::chrono::system_clock::now());
  };
  Posting out{std::move(run), job};
  moving_.insert(job);
  return out;
}

void PostedWrites::note_written(const std::vector<Posting>& written) {
  for (const Posting& posting : written) {
    if (const auto found = moving_.find(posting.moved_job); found != moving_.end()) moving_.erase(found);
  }
}

}  // namespace reeld
