#pragma once
// What intake is told by whoever makes it, besides the settings; all but the first two are for tests and odd
// systems.

#include <functional>
#include <memory>

#include "core/clock.hpp"
#include "intake/arriving_folders.hpp"
#include "intake/inspect.hpp"

namespace reeld {

struct IntakeOptions {
  OpenSettled open_settled{};                                   // asked on a worker
  std::function<std::shared_ptr<const FieldRules>()> fields{};  // asked on the loop, for each look
  bool is_amid_mass = false;                                    // one was held or released when reeld ended
  bool polls = false;                                           // as if events could not serve
  bool asks_leases = true;                                      // otherwise nobody can say who writes
  milliseconds silence{
      10'000};  // a file that was seen being written counts as closed after this long without a change
  milliseconds arrival_silence =
      ArrivingFolders::max_silence;  // ends the filling of a folder that has appeared
  milliseconds quiet{2'000};         // a folder or file that cannot be used is not spoken of before
  milliseconds first_retry{
      1'000};  // of a look that failed; each further one waits twice as long, up to a minute
};

}  // namespace reeld
