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

LedgerMatch match_while_at_work(const std::optional<SpoolMarker>& before, const LedgerIdentity& ledger,
                                const std::optional<SpoolMarker>& after) {
  return match(MarkerLooks{before, after}, ledger, root);
}

TEST(LedgerMatch, ADaemonAtWorkBetweenTheLooksMakesNothingOlder) {
  EXPECT_EQ(match_while_at_work(marked(5), ledger_at(9, 8), marked(8)), LedgerMatch::together)
      << "the marker was written, and that noted, after the first look";
  EXPECT_EQ(match_while_at_work(marked(5), ledger_at(5, 5), marked(9)), LedgerMatch::together)
      << "the ledger was raised, and the marker written, after the ledger was read";
  EXPECT_EQ(match_while_at_work(std::nullopt, ledger_at(1, 1), marked(1)), LedgerMatch::together)
      << "the first start";
  EXPECT_EQ(match_while_at_work(std::nullopt, LedgerIdentity{}, marked(1)), LedgerMatch::fresh)
      << "the same, seen earlier";
}

TEST(LedgerMatch, WhatIsOlderIsSoInTheLookThatCanTell) {
  EXPECT_EQ(match_while_at_work(marked(6), ledger_at(5, 4), marked(7)), LedgerMatch::older_ledger);
  EXPECT_EQ(match_while_at_work(marked(4), ledger_at(9, 5), marked(4)), LedgerMatch::older_spool);
  EXPECT_EQ(match_while_at_work(marked(5), ledger_at(9, 5), std::nullopt), LedgerMatch::no_marker);
  EXPECT_EQ(match_while_at_work(marked(5), ledger_at(9, 5), marked(6, "other")), LedgerMatch::strangers);
}

TEST(LedgerMatch, OnlyTheFirstFourMayBeServed) {
  for (const auto good :
       {LedgerMatch::together, LedgerMatch::fresh, LedgerMatch::unmarked, LedgerMatch::renumbered})
    EXPECT_TRUE(may_serve(good)) << describe(good);
  for (const auto bad :
       {LedgerMatch::no_ledger, LedgerMatch::no_marker, LedgerMatch::strangers, LedgerMatch::older_ledger,
        LedgerMatch::older_spool, LedgerMatch::copied_spool, LedgerMatch::corrupt, LedgerMatch::damaged})
    EXPECT_FALSE(may_serve(bad)) << describe(bad);
}

}  // namespace
}  // namespace reeld
