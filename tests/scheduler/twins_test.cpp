// Twins: pairs in hand with the same two contents.

#include "scheduler/twins.hpp"

#include <gmock/gmock.h>

namespace reeld {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

JobName name(const std::string& stem) {
  return {"", stem};
}

FoundPair make_found(std::uint64_t inode, std::uint64_t contents) {
  FoundPair found;
  found.stamps = {{1, inode, 10, 100}, {1, inode + 1, 20, 200}};
  found.digests = {ContentDigest{contents, 1}, ContentDigest{contents, 2}};
  return found;
}

TEST(Twins, HaveTheSameContentsInOtherFiles) {
  Twins twins;
  twins.add(name("a"), make_found(10, 7));
  twins.add(name("b"), make_found(20, 7));
  twins.add(name("c"), make_found(30, 8));
  twins.add(name("moved"), make_found(10, 7));
  EXPECT_THAT(twins.list(name("a")), ElementsAre(name("b")));
  EXPECT_THAT(twins.list(name("b")), ElementsAre(name("a"), name("moved")));
  EXPECT_THAT(twins.list(name("c")), IsEmpty());
  EXPECT_THAT(twins.list(name("unknown")), IsEmpty());
}

TEST(Twins, AreForgotten) {
  Twins twins;
  twins.add(name("a"), make_found(10, 7));
  twins.add(name("b"), make_found(20, 7));
  twins.remove(name("a"));
  twins.remove(name("a"));
  EXPECT_THAT(twins.list(name("b")), IsEmpty());
  twins.add(name("b"), make_found(20, 8));
  twins.add(name("a"), make_found(10, 7));
  EXPECT_THAT(twins.list(name("a")), IsEmpty()) << "the contents of b are others now";
}

TEST(Twins, AreNotKnownOfAPairThatWasNotRead) {
  Twins twins;
  twins.add(name("a"), make_found(10, 7));
  FoundPair unread = make_found(20, 7);
  unread.digests.image.reset();
  twins.add(name("b"), unread);
  EXPECT_THAT(twins.list(name("b")), IsEmpty());
  EXPECT_THAT(twins.list(name("a")), IsEmpty());
}

}  // namespace
}  // namespace reeld
