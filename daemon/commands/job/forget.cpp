#include "commands/job/forget.hpp"

#include <ostream>
#include <utility>

#include "commands/command_failure.hpp"
#include "commands/job/each_pair.hpp"
#include "commands/job/job_at_hand.hpp"
#include "settings/exit_code.hpp"

namespace reeld {
namespace {

int forget(JobAtHand hand, const CommandContext& context) {
  auto known = hand.find_by_files();
  if (!known) known = hand.ledger().reader().find_at(hand.name());
  if (!known)
    throw CommandFailure(exit_code::failed,
                         hand.text() + ": the ledger knows no such job, so there is nothing to forget");
  const bool is_untold = known->state == LedgerState::refused && !known->is_published;
  bool is_forgotten = false;
  hand.ledger().store().overwrite_erased();
  if (!is_untold)
    hand.ledger().change([&](LedgerStore& store) { is_forgotten = store.forget_texts(known->id); });
  if (!is_forgotten)
    throw CommandFailure(exit_code::failed,
                         hand.text() + ": is not finished (the ledger has it as " +
                             std::string(word_of(known->state)) +
                             (known->is_published ? "" : ", and its result is not in its folder yet") +
                             "); what it was about is still needed");
  // Its pages may lie in the log of what was written.
  if (!hand.ledger().store().checkpoint())
    throw CommandFailure(
        exit_code::try_later,
        hand.text() + ": its texts and answers are erased from " + hand.ledger().path() +
            ", but may still stand in the log " + hand.ledger().path() +
            "-wal, because another program reads the ledger; say this again when it has ended");
  context.out
      << hand.text()
      << ": its texts and answers are erased from the ledger; it is still known, and not sent again\n";
  return exit_code::fine;
}

}  // namespace

int run_forget(const CommandLine& line, const CommandContext& context) {
  return for_each_pair(line, context,
                       [&](JobPath where) { return forget(JobAtHand(std::move(where), context), context); });
}

}  // namespace reeld
