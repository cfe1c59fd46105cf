#include "core/verify.hpp"

#include <cstdio>
#include <cstdlib>

namespace reeld {

void end_for_broken_invariant(const char* what, const std::source_location& where) noexcept {
  std::fprintf(
      stderr,
      "reeld: a broken invariant: %s (%s:%u). The process ends before anything else is sent; start it "
      "again: the ledger knows what was under way. Please report this line.\n",
      what, where.file_name(), static_cast<unsigned>(where.line()));
  std::abort();
}

}  // namespace reeld
