#pragma once
// What is set once for the whole process, before anything else runs.

namespace reeld {

/// Ignores what a write may raise (below), and SIGIO (a writer that meets a read
/// lease); bounds name resolution, which cannot be cancelled; allows as many open files as the system does;
/// gives standard descriptors that were closed to /dev/null.
void prepare_process();

/// Ignores SIGXFSZ and SIGPIPE: a file that may not grow any more, and a pipe that nobody reads, are errors
/// of their writes, as a full disk is. For commands, too: they write the ledger, and to standard output.
void ignore_write_signals();

/// The daemon's signals wait from here until it can answer them, on this thread and those that it makes.
void hold_signals();
/// On this thread alone: the loop's.
void release_signals();

}  // namespace reeld
