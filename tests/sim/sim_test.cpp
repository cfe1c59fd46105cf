// Seeded worlds with crashes: the main proof. REELD_SIM_FIRST and REELD_SIM_SEEDS choose which seeds run.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "ledger/sqlite.hpp"
#include "sim/sim_world.hpp"

namespace reeld::sim {
namespace {

std::uint64_t read_number(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::string run_world(const WorldOptions& options, std::vector<std::string>* trace = nullptr) {
  LedgerStore store(":memory:");
  World world(options, store);
  std::string broken;
  try {
    broken = world.run();
  } catch (const std::exception& error) {
    broken = std::string("exception: ") + error.what();
  }
  if (trace != nullptr) *trace = world.trace();
  return broken;
}

/// The first seed that finds something, from `first` on; and what.
std::optional<std::pair<std::uint64_t, std::string>> search(std::uint64_t first, std::uint64_t count,
                                                            Mutation mutation) {
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    WorldOptions options{seed, mutation, false};
    if (std::string broken = run_world(options); !broken.empty()) return std::pair{seed, broken};
  }
  return std::nullopt;
}

std::string tell(std::uint64_t seed) {
  std::vector<std::string> trace;
  run_world({seed, {}, true}, &trace);
  std::string out;
  for (const std::string& line : trace) out += line + "\n";
  return out;
}

TEST(Simulation, EveryWorldKeepsWhatWasPromised) {
  const std::uint64_t first = read_number("REELD_SIM_FIRST", 1);
  const auto found = search(first, read_number("REELD_SIM_SEEDS", 500), {});
  EXPECT_FALSE(found) << "seed " << found->first << ": " << found->second << "\n" << tell(found->first);
}

class SimulationWithout : public ::testing::TestWithParam<int> {};

TEST_P(SimulationWithout, AGuardIsFoundOut) {
  const auto found = search(1, 3000, {GetParam()});
  const auto& name = guard_names[static_cast<std::size_t>(GetParam())];
  ASSERT_TRUE(found) << "no seed shows that " << name << " is missing";
  std::printf("%s: seed %llu: %s\n", name.data(), static_cast<unsigned long long>(found->first),
              found->second.c_str());
}

INSTANTIATE_TEST_SUITE_P(Guards, SimulationWithout, ::testing::Range(0, static_cast<int>(guards.size())),
                         [](const auto& each) {
                           return std::string(guard_names[static_cast<std::size_t>(each.param)]);
                         });

}  // namespace
}  // namespace reeld::sim
