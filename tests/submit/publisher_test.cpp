#include "submit/publisher.hpp"

#include <gmock/gmock.h>

#include "submit/submit_fixture.hpp"

namespace reeld {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class PublisherTest : public SubmitFixture {
 protected:
  std::int64_t number_of(const Action& action) { return pending_.find_number(action); }

  PairUpkeep upkeep_{{ledger_.folder.fd(), ledger_.link, log_, rests_, tasks_, [] { return false; }}};
  Publisher publisher_{{ledger_.loop.get_executor(), ledger_.workers, ledger_.folder.fd(), ledger_.link, log_,
                        writer_, recorder_, upkeep_, pending_, commit_state_, scheduler_, tasks_}};
};

TEST_F(PublisherTest, WritesTheAnswerByteForByteAndHasItRecorded) {
  const Action action = end(write_pair("scene"), Verdict::accepted);
  rests_.stop();  // nothing is read again later
  run(publisher_.publish(action));
  EXPECT_EQ(text_of("scene.job.json"), answer);
  EXPECT_TRUE(read(number_of(action))->job.is_published);
  EXPECT_THAT(events(), ElementsAre("job.accepted"));
  EXPECT_EQ(log_.ended().accepted, 1U);
}

TEST_F(PublisherTest, SaysADoubtAndWhatIsKnownOfIt) {
  const Action action = end(write_pair("scene"), Verdict::doubt);
  rests_.stop();
  run(publisher_.publish(action));
  EXPECT_THAT(text_of("scene.doubt.json"), HasSubstr("\"verdict\": \"doubt\""));
  EXPECT_THAT(events(), ElementsAre("job.doubt"));
}

/// Its snapshot was dropped while it waited for its repeat: the folder is opened by what is remembered.
TEST_F(PublisherTest, FindsTheFolderWhileTheLedgerCannotBeAsked) {
  ledger_.folder.make_folder("film");
  const Action action = end(write_pair("film/scene"), Verdict::doubt);
  rests_.stop();
  ledger_.break_it();
  run(publisher_.publish(action));
  EXPECT_TRUE(is_there("film/scene.doubt.json"));
  EXPECT_THAT(events(), Not(Contains("result.unwritten")));
}

TEST_F(PublisherTest, WhatHasNoFolderIsSaidOnceAndWrittenWhenItIsBack) {
  ledger_.folder.make_folder("film");
  const Action action = end(write_pair("film/scene"), Verdict::accepted);
  rests_.stop();
  const std::filesystem::path away = ledger_.folder / ".away";
  std::filesystem::rename(ledger_.folder / "film", away);
  run(publisher_.publish(action));
  publisher_.retry_undeliverable();
  ledger_.run();
  EXPECT_THAT(events(), ElementsAre("result.unwritten", "job.accepted"));
  std::filesystem::rename(away, ledger_.folder / "film");
  publisher_.retry_undeliverable();
  ledger_.run();
  EXPECT_EQ(text_of("film/scene.job.json"), answer);
  EXPECT_TRUE(read(number_of(action))->job.is_published);
  publisher_.retry_undeliverable();
  ledger_.run();
  EXPECT_THAT(events(), ElementsAre("result.unwritten", "job.accepted", "result.written")) << "and no more";
}

TEST_F(PublisherTest, SetsAPaidAnswerAsideWhereAnotherPairHasTakenItsName) {
  const Action action = end(write_pair("scene"), Verdict::accepted);
  rests_.stop();
  std::filesystem::rename(ledger_.folder / "scene.txt", ledger_.folder / "other.txt");
  std::filesystem::rename(ledger_.folder / "scene.png", ledger_.folder / "other.png");
  write_pair("scene", "another prompt");
  run(publisher_.publish(action));
  EXPECT_FALSE(is_there("scene.job.json")) << "the pair that lies there was not sent";
  EXPECT_TRUE(read(number_of(action))->job.is_left_behind);
  EXPECT_THAT(events(), Contains("result.written"));
}

/// Two pairs have exchanged their names. Each doubt is told beside its own files, once they are met.
TEST_F(PublisherTest, ADoubtIsNotToldBesideFilesWhoseOwnResultIsStillToCome) {
  const Action one = end(write_pair("one", "a first prompt"), Verdict::doubt);
  const Action two = end(write_pair("two", "another"), Verdict::doubt);
  rests_.stop();
  for (const std::string kind : {".txt", ".png"}) {
    std::filesystem::rename(ledger_.folder / ("one" + kind), ledger_.folder / ("aside" + kind));
    std::filesystem::rename(ledger_.folder / ("two" + kind), ledger_.folder / ("one" + kind));
    std::filesystem::rename(ledger_.folder / ("aside" + kind), ledger_.folder / ("two" + kind));
  }
  run(publisher_.publish(one));
  EXPECT_FALSE(is_there("one.doubt.json"));
  publisher_.publish_backlog({number_of(two)});
  ledger_.run();
  EXPECT_FALSE(is_there("two.doubt.json"));
  LedgerStore(ledger_.path()).mark_published(number_of(two));
  publisher_.retry_undeliverable();
  ledger_.run();
  EXPECT_FALSE(is_there("one.doubt.json")) << "what lies there has its own";
  const auto is_hidden = [](const auto& entry) {
    return entry.path().filename().string().starts_with(".one.doubt.json.replaced-");
  };
  EXPECT_EQ(std::ranges::count_if(std::filesystem::directory_iterator(ledger_.folder / "."), is_hidden), 1);
}

TEST_F(PublisherTest, WhatFindsItsFolderRemovedIsNotUnwritten) {
  ledger_.folder.make_folder("film");
  auto opened = open_folder_beneath(ledger_.folder.fd(), "film");
  const UniqueFd folder = std::move(std::get<UniqueFd>(opened));
  std::filesystem::remove(ledger_.folder / "film");
  ResultJob job({"film", "scene"}, folder.get(), "scene.job.json", answer);
  EXPECT_EQ(run(writer_.write(std::move(job))), Written::no_folder);
  EXPECT_EQ(writer_.unwritten(), 0U);
}

TEST_F(PublisherTest, WhatAPersonHasSettledIsNotToldAnyMore) {
  const Action action = end(write_pair("scene"), Verdict::doubt);
  LedgerStore(ledger_.path()).reopen(number_of(action), std::chrono::system_clock::now());
  run(publisher_.publish(action));
  EXPECT_FALSE(is_there("scene.doubt.json"));
  EXPECT_THAT(events(), ElementsAre());
}

TEST_F(PublisherTest, AResultGoesWithAPairThatWasMoved) {
  ledger_.folder.make_folder("film");
  Action action = end(write_pair("scene"), Verdict::accepted);
  const std::int64_t job = number_of(action);
  pending_.erase(action.pair.job);
  auto recognition = std::make_shared<Recognition>();
  recognition->known = read(job)->job;
  recognition->match = PairMatch::moved;
  recognition->disposition = Disposition::move_result;
  for (const char* const end : {".txt", ".png"})
    std::filesystem::rename(ledger_.folder / (std::string("scene") + end),
                            ledger_.folder / (std::string("film/scene") + end));
  action.pair.job = {"film", "scene"};
  action.recognition = recognition;
  const SteadyTime now = std::chrono::steady_clock::now();
  scheduler_.on_ready(action.pair, now);
  scheduler_.on_looked_up(action.pair, recognition, milliseconds(0), now);
  EXPECT_FALSE(run(publisher_.move_result(action)));
  EXPECT_EQ(text_of("film/scene.job.json"), answer);
  EXPECT_EQ(read(job)->job.name, action.pair.job);
  EXPECT_TRUE(read(job)->job.is_published);
  EXPECT_THAT(events(), ElementsAre("pair.known"));
}

TEST_F(PublisherTest, AMovedPairThatAPersonHasSettledIsLookedAtAgain) {
  Action action = end(write_pair("scene"), Verdict::doubt);
  auto recognition = std::make_shared<Recognition>();
  recognition->known = read(number_of(action))->job;
  action.recognition = recognition;
  LedgerStore(ledger_.path()).reopen(recognition->known->id, std::chrono::system_clock::now());
  EXPECT_TRUE(run(publisher_.move_result(action)));
  EXPECT_FALSE(is_there("scene.doubt.json"));
}

/// What was known of it is overtaken: beside what was taken along it may be a copy.
TEST_F(PublisherTest, APairWhoseResultWentToAnotherPlaceMeanwhileIsLookedAtAgain) {
  Action action = end(write_pair("scene"), Verdict::accepted);
  auto recognition = std::make_shared<Recognition>();
  recognition->known = read(number_of(action))->job;
  action.recognition = recognition;
  action.pair.job = {"", "copy"};
  LedgerStore(ledger_.path())
      .move_job(recognition->known->id, {{"", "moved"}, {}, "moved.txt", "moved.png"}, {});
  EXPECT_TRUE(run(publisher_.move_result(action)));
  EXPECT_FALSE(is_there("copy.job.json"));
}

}  // namespace
}  // namespace reeld
