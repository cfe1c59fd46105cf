#pragma once
// Numbers that nobody has had before and nobody can guess: names, boundaries, keys, seeds.
//
// Threads: any.

#include <cstdint>

namespace reeld {

/// From the kernel's generator (getrandom(2)). std::random_device asks the processor what it can do each time
/// it is made, which a virtual machine answers slowly. Throws std::system_error where there is none to be
/// had.
std::uint64_t random_word();

/// In [0, 1), for who waits: quick, and good for nothing that has to be a secret.
double random_fraction();

}  // namespace reeld
