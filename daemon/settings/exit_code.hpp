#pragma once
// What reeld's exit codes mean, to people, scripts and systemd. Source: sysexits.h for 64 and above.

namespace reeld::exit_code {

inline constexpr int fine = 0;
inline constexpr int failed = 1;
inline constexpr int usage = 64;
inline constexpr int try_later = 75;      // another reeld has the spool, or the trouble will pass
inline constexpr int configuration = 78;  // nothing was sent; the message says what to change

/// Of what keeps a command from starting.
constexpr int of_trouble(bool may_pass) {
  return may_pass ? try_later : configuration;
}

/// Of what no configuration mends.
constexpr int of_failure(bool may_pass) {
  return may_pass ? try_later : failed;
}

}  // namespace reeld::exit_code
