#include "sim/sim_ledger.hpp"

namespace reeld::sim {

void SimLedger::submit(Run run, Run undo, Done done) {
  queue_.push_back({std::move(run), std::move(undo), std::move(done)});
  if (!is_writing_) write_next();
}

void SimLedger::apply(const std::vector<Entry>& batch) {
  store_.begin();
  for (const Run& undo : compensations_) undo(store_);
  for (const Entry& entry : batch) entry.run(store_);
  store_.commit();
}

void SimLedger::write_next() {
  if (queue_.empty()) return;
  is_writing_ = true;
  writing_ = std::make_shared<std::vector<Entry>>(std::exchange(queue_, {}));
  const std::uint64_t epoch = epoch_;
  timeline_.after(dice_.between(1, 20), [this, epoch] {
    if (epoch != epoch_) return;
    const bool was_reported_well = !is_failing_ || !dice_.chance(3);
    // A sync that fails may have written all the same.
    const bool is_written = was_reported_well || dice_.chance(50);
    const auto batch = writing_;
    if (is_written) apply(*batch);
    if (was_reported_well) compensations_.clear();
    if (!was_reported_well && mutation_.has(Guard::undo_of_failed_intents)) {
      for (const Entry& entry : *batch) {
        if (entry.undo) compensations_.push_back(entry.undo);
      }
    }
    // The word of it takes a moment, in which a crash may come.
    timeline_.after(dice_.between(0, 2), [this, epoch, batch, was_reported_well] {
      if (epoch != epoch_) return;
      is_writing_ = false;
      writing_.reset();
      for (Entry& entry : *batch) {
        if (epoch == epoch_ && entry.done) entry.done(was_reported_well);
      }
      if (epoch == epoch_ && !is_writing_) write_next();
    });
  });
}

void SimLedger::crash() {
  ++epoch_;
  // Between the last byte and the word of it: nobody knows. Only a batch that was not applied yet may be.
  queue_.clear();
  compensations_.clear();
  writing_.reset();
  is_writing_ = false;
}

}  // namespace reeld::sim
