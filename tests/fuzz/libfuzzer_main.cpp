// libFuzzer's entry; REELD_FUZZ_ENTRY names the one of ours that this program runs.

#include "fuzz/entries.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return reeld::REELD_FUZZ_ENTRY(data, size);
}
