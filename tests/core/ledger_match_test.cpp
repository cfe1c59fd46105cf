#include "core/ledger_match.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

const SpoolRoot root{1, 2, 100};

SpoolMarker marked(std::int64_t generation, const std::string& uuid = "u") {
  return {uuid, "/ledger.db", generation};
}
LedgerIdentity ledger_at(std::int64_t generation, std::int64_t marked_generation,
                         const std::string& uuid = "u") {
  return {uuid, generation, marked_generation, root};
}

TEST(LedgerMatch, TellsWhatBelongsTogether) {
  EXPECT_EQ(match(std::nullopt, std::nullopt, root), LedgerMatch::fresh);
  EXPECT_EQ(match(std::nullopt, LedgerIdentity{}, root), LedgerMatch::fresh) << "a crash while it was made";
  EXPECT_EQ(match(std::nullopt, ledger_at(1, 0), root), LedgerMatch::unmarked);
  EXPECT_EQ(match(marked(5), ledger_at(5, 5), root), LedgerMatch::together);
  EXPECT_EQ(match(marked(5), ledger_at(9, 5), root), LedgerMatch::together) << "the marker lags";
  EXPECT_EQ(match(marked(7), ledger_at(9, 5), root), LedgerMatch::together) << "its confirmation lags";
  EXPECT_EQ(match(marked(5), ledger_at(5, 5), {8, 2, 100}), LedgerMatch::renumbered);
  EXPECT_EQ(match(marked(5), ledger_at(5, 5), {8, 2, 0}), LedgerMatch::renumbered) << "nobody can tell";
  EXPECT_EQ(match(marked(5), ledger_at(5, 5), {1, 2, 101}), LedgerMatch::together) << "made anew, here";
}

TEST(LedgerMatch, TellsWhatDoesNot) {
  EXPECT_EQ(match(std::nullopt, ledger_at(9, 5), root), LedgerMatch::no_marker);
  EXPECT_EQ(match(marked(5), std::nullopt, root), LedgerMatch::no_ledger);
  EXPECT_EQ(match(marked(5), LedgerIdentity{}, root), LedgerMatch::no_ledger);
  EXPECT_EQ(match(marked(5), ledger_at(9, 5, "other"), root), LedgerMatch::strangers);
  EXPECT_EQ(match(marked(6), ledger_at(5, 4), root), LedgerMatch::older_ledger);
  EXPECT_EQ(match(marked(4), ledger_at(9, 5), root), LedgerMatch::older_spool);
  EXPECT_EQ(match(marked(5), ledger_at(5, 5), {1, 3, 100}), LedgerMatch::copied_spool);
  EXPECT_EQ(match(marked(5), ledger_at(5, 5), {8, 2, 101}), LedgerMatch::copied_spool) << "to another disk";
}

TEST(LedgerMatch, OnlyTheFirstFourMayBeServed) {
  for (const auto good :
       {LedgerMatch::together, LedgerMatch::fresh, LedgerMatch::unmarked, LedgerMatch::renumbered})
    EXPECT_TRUE(may_serve(good)) << describe(good);
  for (const auto bad :
       {LedgerMatch::no_ledger, LedgerMatch::no_marker, LedgerMatch::strangers, LedgerMatch::older_ledger,
        LedgerMatch::older_spool, LedgerMatch::copied_spool, LedgerMatch::damaged})
    EXPECT_FALSE(may_serve(bad)) << describe(bad);
}

}  // namespace
}  // namespace reeld
