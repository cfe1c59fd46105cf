#pragma once
// A terminal that does not show what is typed, for as long as this lives: for keys.
//
// Where a signal ends the process meanwhile (Ctrl-C), the terminal is as before all the same. Threads: one at
// a time in a process.

namespace reeld {

class HiddenInput {
 public:
  /// Of what is no terminal nothing is changed. `fd` is the caller's.
  explicit HiddenInput(int fd);
  ~HiddenInput();
  HiddenInput(const HiddenInput&) = delete;
  HiddenInput& operator=(const HiddenInput&) = delete;
};

}  // namespace reeld
