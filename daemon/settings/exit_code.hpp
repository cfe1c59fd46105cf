#pragma once
// What reeld's exit codes mean, to people, scripts and systemd. Source: sysexits.h for 64 and above.

namespace reeld::exit_code {

inline constexpr int fine = 0;
inline constexpr int failed = 1;
inline constexpr int usage = 64;
inline constexpr int try_later =
    75;  // the spool is locked by another reeld, or the system is in a trouble that passes
inline constexpr int configuration = 78;  // nothing was sent; the message says what to change

}  // namespace reeld::exit_code
