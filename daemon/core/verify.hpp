#pragma once
// Invariants that stay on in every build. Where one is broken, going on could cost money: the process ends
// before another byte leaves it, and its next start repairs from the ledger, as after any crash.
//
// Not for what files, servers or the system may bring about: those are errors, with messages for people.

#include <source_location>

namespace reeld {

/// Writes one line to standard error ("reeld: a broken invariant: WHAT (file:line) ...") and aborts.
[[noreturn]] void end_for_broken_invariant(const char* what, const std::source_location& where) noexcept;

/// `what` is what holds, as a sentence: "a job that is published was recorded".
inline void verify(bool holds, const char* what,
                   const std::source_location& where = std::source_location::current()) noexcept {
  if (!holds) [[unlikely]]
    end_for_broken_invariant(what, where);
}

/// One less of what is counted, which is never less than none. `what`: "no attempt ends that has not begun".
template <typename Count>
void decrease(Count& count, const char* what,
              const std::source_location& where = std::source_location::current()) noexcept {
  verify(count > 0, what, where);
  --count;
}

}  // namespace reeld
