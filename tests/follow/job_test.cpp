// The tables in docs/next/following.md and what the code does are the same; and what cannot be seen in a
// table.
#include "follow/job.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>

namespace reeld {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using Event = FollowEvent::Kind;
using Action = FollowAction::Kind;
using News = FollowAction::News;
using enum FollowStage;
using Steps = std::set<std::string>;

/// The words between backquotes.
std::vector<std::string> read_words(const std::string& cell) {
  std::vector<std::string> out;
  for (std::size_t from = cell.find('`'); from != std::string::npos; from = cell.find('`', from + 1)) {
    const std::size_t end = cell.find('`', from + 1);
    out.push_back(cell.substr(from + 1, end - from - 1));
    from = end;
  }
  return out;
}

/// The rows of the table whose head begins so, each as its cells.
std::vector<std::vector<std::string>> read_table(const std::string& head) {
  std::ifstream file(std::string(REELD_SOURCE_DIR) + "/docs/next/following.md");
  EXPECT_TRUE(file);
  std::vector<std::vector<std::string>> out;
  bool is_within = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(head)) is_within = true;
    if (line.empty()) is_within = false;
    if (!is_within || !line.starts_with("| `")) continue;
    std::istringstream cells(line.substr(1));
    out.emplace_back();
    for (std::string cell; std::getline(cells, cell, '|');) out.back().push_back(cell);
  }
  EXPECT_FALSE(out.empty());
  return out;
}

/// Every job that may be in that stage, as far as it matters to what comes next.
std::vector<FollowedJob> make_jobs(FollowStage stage, SteadyTime now) {
  std::vector<FollowedJob> out;
  for (const bool is_completed : {false, true}) {
    const bool must_be = stage == ready || stage == downloading || stage == placing || stage == relinking;
    if (is_completed ? stage == waiting : must_be) continue;
    for (const FollowVariants left :
         {FollowVariants{FollowVariant::video}, FollowVariants{FollowVariant::thumbnail},
          FollowVariants{FollowVariant::video, FollowVariant::thumbnail},
          FollowVariants{FollowVariant::thumbnail, FollowVariant::spritesheet}}) {
      for (const std::uint8_t count : {std::uint8_t{0}, std::uint8_t{2}, std::uint8_t{7}}) {
        for (const std::uint8_t links : {std::uint8_t{0}, std::uint8_t{1}}) {
          for (const auto deadline : {now - 1s, now + 1s}) {
            FollowedJob job;
            job.stage = stage;
            job.is_completed = is_completed;
            job.left = left;
            job.missing = job.rounds = job.cuts = count;
            job.links = {links, links, links};
            job.deadline = deadline;
            out.push_back(job);
          }
        }
      }
    }
  }
  return out;
}

TEST(FollowJob, TheDocumentHasTheStepsOfTheCodeAndNoOthers) {
  Steps written;
  for (const auto& row : read_table("| stage |")) {
    for (const std::string& to : read_words(row.at(2))) written.insert(read_words(row[0]).at(0) + " " + to);
  }
  Steps coded;
  for (const FollowStage from : follow_stages) {
    for (const FollowStage to : follow_stages) {
      if (may_step(from, to)) coded.insert(std::string(word_of(from)) + " " + std::string(word_of(to)));
    }
  }
  EXPECT_EQ(written, coded);
}

TEST(FollowJob, TheDocumentHasWhatEachEventDoesInEachStage) {
  Steps written;
  for (const auto& row : read_table("| event | in stage |")) {
    for (const std::string& from : read_words(row.at(1))) {
      for (const std::string& to : read_words(row.at(2))) {
        written.insert(read_words(row[0]).at(0) + ": " + from + " " + to);
      }
    }
  }
  Steps done_by_code;
  const SteadyTime now{1h};
  for (const bool downloads : {false, true}) {
    FollowRules rules;
    if (!downloads) rules.variants = {};
    for (const FollowStage from : follow_stages) {
      for (const Event kind : follow_events) {
        for (FollowedJob job : make_jobs(from, now)) {
          const auto actions = advance(job, {.kind = kind}, rules, now, 0.5);
          const bool is_changed = job.stage != from || !actions.empty();
          if (!is_changed) continue;
          EXPECT_TRUE(may_step(from, job.stage)) << word_of(from) << " " << word_of(job.stage);
          done_by_code.insert(std::string(word_of(kind)) + ": " + std::string(word_of(from)) + " " +
                              std::string(word_of(job.stage)));
        }
      }
    }
  }
  EXPECT_EQ(written, done_by_code);
}

/// A job on its way, with a clock that only moves when told to.
class FollowJobTest : public testing::Test {
 protected:
  FollowRules rules_;
  SteadyTime now_{1h};
  FollowedJob job_ =
      begin_following({.kind = Event::running, .status = FollowStatus::queued}, rules_, now_, now_, 0.5);

  FollowActions take(FollowEvent event) { return advance(job_, event, rules_, now_, 0.5); }
  FollowActions take(Event kind) { return take({.kind = kind}); }
  FollowActions poll(FollowEvent event) {
    now_ = std::max(now_, job_.due);
    EXPECT_THAT(take(Event::poll_turn), IsEmpty());
    EXPECT_EQ(job_.stage, polling);
    return take(event);
  }
  FollowActions poll(Event kind) { return poll({.kind = kind}); }
  FollowActions download(FollowEvent event) {
    now_ = std::max(now_, job_.due);
    EXPECT_THAT(take(Event::download_turn), IsEmpty());
    EXPECT_EQ(job_.stage, downloading);
    return take(event);
  }
  FollowActions download(Event kind) { return download({.kind = kind}); }
  static FollowAction act(Action kind, FollowVariant variant = FollowVariant::video) {
    return {kind, News::none, variant};
  }
  static FollowAction say(News news, FollowVariant variant = FollowVariant::video) {
    return {Action::say, news, variant};
  }
};

TEST_F(FollowJobTest, GoesAllTheWay) {
  EXPECT_EQ(job_.due, now_ + 15s);
  EXPECT_THAT(poll({.kind = Event::running, .is_newer = true, .progress = 33}),
              ElementsAre(act(Action::record), act(Action::replace_answer), say(News::progress)));
  EXPECT_EQ(job_.progress, 33);
  EXPECT_THAT(poll({.kind = Event::completed, .is_newer = true}),
              ElementsAre(act(Action::record), act(Action::replace_answer), act(Action::record),
                          say(News::completed)));
  EXPECT_EQ(job_.stage, ready);
  EXPECT_EQ(job_.due, now_);
  EXPECT_THAT(download(Event::whole), ElementsAre(act(Action::place)));
  EXPECT_EQ(job_.stage, placing);
  EXPECT_THAT(take(Event::placed), ElementsAre(act(Action::record), say(News::downloaded)));
  EXPECT_EQ(job_.stage, done);
}

TEST_F(FollowJobTest, AFirstAnswerThatSaysCompletedNeedsNoPoll) {
  job_ = begin_following({.kind = Event::completed}, rules_, now_, now_, 0.5);
  EXPECT_EQ(job_.stage, ready);
  EXPECT_TRUE(job_.is_completed);
  EXPECT_EQ(job_.due, now_);
  rules_.variants = {};
  EXPECT_EQ(begin_following({.kind = Event::completed}, rules_, now_, now_, 0.5).stage, done);
}

TEST_F(FollowJobTest, SaysProgressOnlyWhenSomethingChanges) {
  EXPECT_THAT(poll({.kind = Event::running, .progress = 5}), ElementsAre(say(News::progress)));
  EXPECT_THAT(poll({.kind = Event::running, .progress = 5}), IsEmpty());
  EXPECT_THAT(poll({.kind = Event::running}), IsEmpty());
  EXPECT_THAT(poll({.kind = Event::running, .progress = 6}), ElementsAre(say(News::progress)));
  EXPECT_THAT(poll({.kind = Event::running, .status = FollowStatus::queued, .progress = 6}),
              ElementsAre(say(News::progress)));
}

TEST_F(FollowJobTest, SaysAnUnknownWordOnceAndGoesOn) {
  poll(Event::running);
  EXPECT_THAT(poll({.kind = Event::running, .is_word_known = false}), ElementsAre(say(News::unknown_word)));
  EXPECT_THAT(poll({.kind = Event::running, .is_word_known = false}), IsEmpty());
  EXPECT_EQ(job_.stage, waiting);
}

TEST_F(FollowJobTest, WaitsBetweenPollsWithJitterAndAtLeastAsLongAsItIsAsked) {
  EXPECT_EQ(poll_wait(rules_, 0.0), 12s);
  EXPECT_LT(poll_wait(rules_, 0.999), 18s);
  poll({.kind = Event::running, .wait = 5s});
  EXPECT_EQ(job_.due, now_ + 15s);
  poll({.kind = Event::running, .wait = 60s});
  EXPECT_EQ(job_.due, now_ + 60s);
  poll({.kind = Event::postponed, .wait = 90s});
  EXPECT_EQ(job_.due, now_ + 90s);
}

TEST_F(FollowJobTest, EndsOnlyAtTheThird404InARow) {
  poll(Event::missing);
  poll(Event::missing);
  poll(Event::running);
  poll(Event::missing);
  poll(Event::unanswered);
  poll(Event::postponed);
  EXPECT_THAT(poll(Event::missing), IsEmpty());
  EXPECT_EQ(job_.stage, waiting);
  EXPECT_THAT(poll(Event::missing),
              ElementsAre(act(Action::record), act(Action::write_error), say(News::ended)));
  EXPECT_EQ(job_.stage, failed);
  EXPECT_EQ(job_.end, FollowEnd::unknown);
}

TEST_F(FollowJobTest, ExpiresOnlyOnceItWasAskedForBehindItsDeadline) {
  now_ += 3h;
  EXPECT_THAT(poll(Event::postponed), IsEmpty());
  EXPECT_EQ(job_.stage, waiting) << "an account's trouble, or the network's, is not the job's fault";
  poll(Event::running);
  EXPECT_EQ(job_.stage, expired);
  EXPECT_EQ(job_.end, FollowEnd::deadline);
}

TEST_F(FollowJobTest, CompletesBehindItsDeadlineAndHasNoneFromThenOn) {
  now_ += 3h;
  poll(Event::completed);
  EXPECT_EQ(job_.stage, ready);
  now_ += 100h;
  download(Event::gone);
  EXPECT_EQ(job_.stage, relinking);
  poll(Event::unanswered);
  EXPECT_EQ(job_.stage, relinking);
}

TEST_F(FollowJobTest, ATakenUpJobHasANewDeadlineAndItsErrorGoesWhenItCompletes) {
  now_ += 3h;
  poll(Event::running);
  ASSERT_EQ(job_.stage, expired);
  now_ += 1h;
  EXPECT_THAT(take(Event::taken_up), ElementsAre(act(Action::record)));
  EXPECT_EQ(job_.stage, waiting);
  EXPECT_EQ(job_.due, now_);
  EXPECT_EQ(job_.deadline, now_ + rules_.deadline);
  EXPECT_EQ(job_.end, FollowEnd::none);
  EXPECT_THAT(poll(Event::running), IsEmpty());
  EXPECT_THAT(poll(Event::completed),
              ElementsAre(act(Action::withdraw_error), act(Action::record), say(News::completed)));
  download(Event::whole);
  take(Event::placed);
  ASSERT_EQ(job_.stage, done);
  take(Event::taken_up);
  EXPECT_THAT(poll(Event::completed), ElementsAre(act(Action::record), say(News::completed)))
      << "there is no error file any more";
}

TEST_F(FollowJobTest, TriesEachSourceAndThenAsksForNewLinksLaterAndLater) {
  poll({.kind = Event::completed, .links = {2, 0, 0}});
  for (const int source : {0, 1, 2}) {
    EXPECT_EQ(job_.source, source);
    download(Event::gone);
  }
  EXPECT_EQ(job_.stage, relinking);
  EXPECT_EQ(job_.source, 0);
  auto expected = 15s;
  for (int round = 1; round < 8; ++round) {
    EXPECT_EQ(job_.due, now_ + std::min<seconds>(expected, 5min));
    expected *= 2;
    poll(Event::completed);
    download(Event::gone);
  }
  EXPECT_EQ(job_.stage, undelivered);
  EXPECT_EQ(job_.end, FollowEnd::unobtainable);
}

TEST_F(FollowJobTest, BytesThatArriveTakeTheCountBack) {
  poll(Event::completed);
  for (int round = 0; round < 7; ++round) {
    download(Event::gone);
    poll(Event::completed);
  }
  download({.kind = Event::cut, .has_grown = true});
  EXPECT_EQ(job_.stage, ready);
  EXPECT_EQ(job_.due, now_ + 750ms);
  download(Event::gone);
  EXPECT_EQ(job_.stage, relinking);
}

TEST_F(FollowJobTest, AServerInTroubleIsLeftForTheNextButNeverEndsTheJob) {
  poll({.kind = Event::completed, .links = {1, 0, 0}});
  for (int cuts = 0; cuts < 3; ++cuts) download(Event::cut);
  EXPECT_EQ(job_.source, 1);
  EXPECT_EQ(job_.due, now_);
  for (int round = 0; round < 30; ++round) {
    while (job_.stage == ready) download(Event::cut);
    ASSERT_EQ(job_.stage, relinking);
    poll({.kind = Event::completed, .links = {1, 0, 0}});
  }
  while (job_.stage == ready) download(Event::gone);
  EXPECT_EQ(job_.stage, undelivered) << "now all sources say that they do not have it";
}

TEST_F(FollowJobTest, WaitsAsLongAsADownloadIsAskedTo) {
  poll(Event::completed);
  download({.kind = Event::postponed, .wait = 40s});
  EXPECT_EQ(job_.due, now_ + 40s);
  download({.kind = Event::cut, .wait = 50s, .has_grown = true});
  EXPECT_EQ(job_.due, now_ + 50s);
}

TEST_F(FollowJobTest, APictureThatCannotBeHadIsSkippedAndTheVideoStands) {
  job_.left = {FollowVariant::video, FollowVariant::thumbnail, FollowVariant::spritesheet};
  poll(Event::completed);
  download(Event::whole);
  take(Event::placed);
  EXPECT_EQ(job_.stage, ready);
  EXPECT_THAT(download(Event::too_large), ElementsAre(act(Action::discard, FollowVariant::thumbnail),
                                                      say(News::skipped, FollowVariant::thumbnail),
                                                      act(Action::record, FollowVariant::thumbnail)));
  download(Event::whole);
  EXPECT_THAT(take(Event::placed), ElementsAre(act(Action::record, FollowVariant::spritesheet),
                                               say(News::downloaded, FollowVariant::spritesheet)));
  EXPECT_EQ(job_.stage, done);
}

TEST_F(FollowJobTest, WhatIsNoVideoIsThrownAwayAndTheNextSourceTried) {
  poll({.kind = Event::completed, .links = {1, 0, 0}});
  download(Event::whole);
  EXPECT_THAT(take(Event::unusable), ElementsAre(act(Action::discard)));
  EXPECT_EQ(job_.stage, ready);
  EXPECT_EQ(job_.source, 1);
}

TEST_F(FollowJobTest, AVideoOverTheLimitEndsItAtOnce) {
  poll(Event::completed);
  EXPECT_THAT(download(Event::too_large), ElementsAre(act(Action::discard), act(Action::record),
                                                      act(Action::write_error), say(News::undelivered)));
  EXPECT_EQ(job_.end, FollowEnd::too_large);
}

TEST_F(FollowJobTest, ACompletedJobThatTheApiHasLostIsUndelivered) {
  for (const Event event : {Event::failed, Event::expired}) {
    poll(Event::completed);
    download(Event::gone);
    poll(event);
    EXPECT_EQ(job_.stage, undelivered) << word_of(event);
    EXPECT_EQ(job_.end, FollowEnd::vanished);
    take(Event::taken_up);
  }
}

TEST_F(FollowJobTest, AJobWhoseVideoIsThereIsDoneWhateverBecomesOfItsPictures) {
  for (const Event event : {Event::failed, Event::expired, Event::missing}) {
    job_ = begin_following({.kind = Event::completed}, rules_, now_, now_, 0.5);
    job_.left = {FollowVariant::thumbnail};
    download(Event::gone);
    for (int polls = 0; polls < 3 && !is_end(job_.stage); ++polls) poll(event);
    EXPECT_EQ(job_.stage, done) << word_of(event);
    EXPECT_EQ(job_.end, FollowEnd::none) << word_of(event);
  }
}

TEST_F(FollowJobTest, AStartAsksForTheLinksOfWhatHasCompleted) {
  struct Case {
    FollowStage recorded;
    bool is_completed;
    FollowStage resumed;
  };
  constexpr Case cases[] = {{waiting, false, waiting},       {polling, false, waiting},
                            {polling, true, relinking},      {ready, true, relinking},
                            {downloading, true, relinking},  {relinking, true, relinking},
                            {placing, true, placing},        {done, true, done},
                            {failed, false, failed},         {expired, false, expired},
                            {undelivered, true, undelivered}};
  for (const Case& row : cases) {
    FollowedJob job;
    job.stage = row.recorded;
    job.is_completed = row.is_completed;
    resume_following(job, now_);
    EXPECT_EQ(job.stage, row.resumed) << word_of(row.recorded);
    EXPECT_EQ(job.due, now_);
  }
}

TEST(FollowJob, EachEndHasAReasonOfItsOwn) {
  Steps reasons;
  for (int end = 1; end <= static_cast<int>(FollowEnd::too_large); ++end)
    reasons.insert(std::string(reason_of(static_cast<FollowEnd>(end))));
  EXPECT_EQ(reasons.size(), 7U);
  EXPECT_EQ(reasons.count(""), 0U);
}

}  // namespace
}  // namespace reeld
