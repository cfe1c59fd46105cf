#pragma once
// What those who carry out the scheduler's actions work with: a spool with a ledger, a log that is kept, and
// jobs of which an attempt has ended.

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "metrics/metrics.hpp"
#include "spool/snapshot.hpp"
#include "submit/end_recorder.hpp"
#include "submit/ledger_fixture.hpp"
#include "submit/pending_result.hpp"
#include "submit/result_writer.hpp"
#include "submit/submission_log.hpp"
#include "sys/content_hash.hpp"
#include "sys/file_status.hpp"

namespace reeld {

class SubmitFixture : public ::testing::Test {
 protected:
  static constexpr const char* answer = R"({"id":"video_1","status":"queued"})";

  /// Two files, as intake says of them that they are ready.
  ReadyPair write_pair(const std::string& stem, const std::string& content = "a prompt") {
    ledger_.folder.write(stem + ".txt", content);
    ledger_.folder.write(stem + ".png", content + " as an image");
    return look_at_pair(stem);
  }
  ReadyPair look_at_pair(const std::string& stem) const {
    const std::filesystem::path name(stem);
    ReadyPair pair;
    pair.job = {name.parent_path().string(), name.filename().string()};
    pair.prompt_name = pair.job.stem + ".txt";
    pair.image_name = pair.job.stem + ".png";
    pair.identity = {identify(stem + ".txt"), identify(stem + ".png")};
    pair.keeps_stamps = true;
    return pair;
  }
  FileIdentity identify(const std::string& path) const {
    return look_up_status(ledger_.folder.fd(), path).status.identity;
  }

  /// Its attempt has ended so, and the ledger has recorded it.
  Action end(const ReadyPair& pair, Verdict verdict) {
    IntentRecord intent = make_intent(pair);
    EndRecord end = make_end(intent, verdict);
    std::int64_t job = 0;
    {
      LedgerStore store(ledger_.path());
      job = store.add_intent(intent).job;
      store.end_attempt(end);
    }
    return keep(pair, std::move(intent), std::move(end), job);
  }
  IntentRecord make_intent(const ReadyPair& pair) {
    IntentRecord intent;
    intent.token = ledger_.link.tokens().make();
    intent.job = pair.job;
    intent.prompt_name = pair.prompt_name;
    intent.image_name = pair.image_name;
    intent.pair = pair.identity;
    intent.digests = {digest(pair.job.folder, pair.prompt_name), digest(pair.job.folder, pair.image_name)};
    intent.folder = identify_folder_of(pair.job.folder);
    intent.at = std::chrono::system_clock::now();
    intent.fields = "{}";
    return intent;
  }
  EndRecord make_end(const IntentRecord& intent, Verdict verdict) {
    EndRecord end;
    end.token = intent.token;
    end.verdict = verdict;
    end.reason = "a test's";
    end.http_status = 200;
    end.at = intent.at;
    if (verdict == Verdict::accepted) {
      end.api_id = "video_1";
      end.answer = answer;
    }
    return end;
  }
  Action keep(const ReadyPair& pair, IntentRecord intent, EndRecord end, std::int64_t job) {
    Action action;
    action.pair = pair;
    action.verdict = end.verdict;
    PendingResult& pending = pending_.put(pair.job, PendingResult());
    pending.intent = std::move(intent);
    pending.end = std::move(end);
    pending.job = job;
    pending.attempts = 1;
    return action;
  }
  std::optional<ContentDigest> digest(const std::string& folder, const std::string& name) {
    const std::string path = folder.empty() ? name : folder + "/" + name;
    auto opened = open_file_beneath(ledger_.folder.fd(), path);
    const auto& file = std::get<OpenFile>(opened);
    return digest_file(file.fd.get(), file.identity.size, ledger_.link.questions().digest_seed());
  }
  FolderIdentity identify_folder_of(const std::string& path) {
    auto opened = open_folder_beneath(ledger_.folder.fd(), path);
    return identify_folder(std::get<UniqueFd>(opened).get());
  }

  /// Until it has ended, and what it has begun.
  template <class Result>
  Result run(boost::asio::awaitable<Result> work) {
    std::optional<Result> out;
    boost::asio::co_spawn(ledger_.loop, std::move(work), [&](std::exception_ptr fault, Result result) {
      EXPECT_FALSE(fault);
      out = std::move(result);
    });
    ledger_.run();
    return out.value_or(Result());
  }
  void run(boost::asio::awaitable<void> work) {
    bool is_over = false;
    boost::asio::co_spawn(ledger_.loop, std::move(work), [&](std::exception_ptr fault) {
      EXPECT_FALSE(fault);
      is_over = true;
    });
    ledger_.run();
    EXPECT_TRUE(is_over);
  }

  std::string text_of(const std::string& path) const {
    std::ifstream file(ledger_.folder / path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  bool is_there(const std::string& path) const { return std::filesystem::exists(ledger_.folder / path); }
  std::optional<JobRecord> read(std::int64_t job) { return LedgerStore(ledger_.path()).reader().read(job); }
  const std::vector<std::string>& events() const { return ledger_.log.events; }

  LedgerFixture ledger_;
  Metrics metrics_;
  boost::asio::thread_pool syncs_{1};
  JobScheduler scheduler_{LaneLimits{}, SchedulerRules{}};
  CommitState commit_state_;
  PendingResults pending_;
  SubmissionLog log_{ledger_.log, metrics_};
  Rests rests_{ledger_.loop.get_executor()};
  ResultWriter writer_{ledger_.loop.get_executor(), syncs_, ledger_.log, rests_};
  TaskGroup tasks_{ledger_.loop.get_executor(), [] {}};
  EndRecorder recorder_{ledger_.workers, ledger_.link, log_, pending_, tasks_};
};

}  // namespace reeld
