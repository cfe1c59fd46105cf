#pragma once
// A ledger in a folder of its own, and jobs to put into it.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "ledger/ledger_store.hpp"

namespace reeld {

const SystemTime noon = SystemTime{} + std::chrono::seconds(1'000'000);

class LedgerStoreTest : public ::testing::Test {
 protected:
  LedgerStoreTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "reeld-ledger-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    open();
  }
  ~LedgerStoreTest() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  void open() { store_ = std::make_unique<LedgerStore>(path()); }
  std::string path() const { return (folder_ / "ledger.db").string(); }

  IntentRecord make_intent(const std::string& stem, std::uint64_t inode) {
    IntentRecord intent;
    intent.token = "1-" + std::to_string(++tokens_);
    intent.job = {"a", stem};
    intent.prompt_name = stem + ".txt";
    intent.image_name = stem + ".png";
    intent.pair = {{1, inode, 10, 100, 1000, 1001}, {~std::uint64_t{0}, inode + 1, 20, 200, 1000, 1001}};
    intent.digests = {ContentDigest{1, inode}, ContentDigest{2, inode + 1}};
    intent.proof = {true, true};
    intent.folder = {1, 5, 50};
    intent.at = noon;
    intent.url = "https://api.example/v1/videos";
    intent.fields = "{}";
    return intent;
  }

  /// Returns the job.
  std::int64_t add(const IntentRecord& intent) { return store_->add_intent(intent).job; }

  void end(const IntentRecord& intent, Verdict verdict, const std::string& answer = "",
           std::optional<SystemTime> repeat_at = std::nullopt) {
    EndRecord record;
    record.token = intent.token;
    record.verdict = verdict;
    record.answer = answer;
    record.http_status = 200;
    record.at = noon + std::chrono::seconds(1);
    record.repeat_at = repeat_at;
    store_->end_attempt(record);
  }

  /// In doubt, with an id that was seen in the answer.
  void end_seen(const IntentRecord& intent, const std::string& id,
                std::optional<SystemTime> repeat_at = std::nullopt) {
    EndRecord record;
    record.token = intent.token;
    record.api_id = id;
    record.at = noon + std::chrono::seconds(1);
    record.repeat_at = repeat_at;
    store_->end_attempt(record);
  }

  std::int64_t add_ended(const IntentRecord& intent, Verdict verdict) {
    const std::int64_t job = add(intent);
    end(intent, verdict);
    return job;
  }

  LedgerReader& reader() { return store_->reader(); }
  /// What is known of these files at that path.
  Recognition find(const IntentRecord& intent, const JobName& name) {
    FoundPair pair;
    pair.name = name;
    pair.stamps = intent.pair;
    pair.digests = intent.digests;
    return reader().find(pair);
  }
  std::optional<KnownJob> find(const IntentRecord& intent) { return find(intent, intent.job).known; }
  LedgerState state_of(const IntentRecord& intent) { return find(intent)->state; }

  int tokens_ = 0;
  std::filesystem::path folder_;
  std::unique_ptr<LedgerStore> store_;
};

}  // namespace reeld
