#pragma once
// The memory that this process has freed, and still holds.
//
// Threads: any; it takes the allocator's locks, one arena at a time, for about a millisecond for each 10 MB.

namespace reeld {

/// Whole pages of it go back to the system, as far as the C library can do that (glibc can). A program that
/// runs for months would otherwise stay as large as it ever was. Source: malloc_trim(3).
void give_back_free_memory();

}  // namespace reeld
