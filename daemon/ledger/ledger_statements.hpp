#pragma once
// The connection of a LedgerStore, and what it has prepared. An inside header of ledger.

#include <optional>
#include <string>

#include "ledger/ledger_rows.hpp"
#include "ledger/ledger_store.hpp"
#include "ledger/sqlite.hpp"

namespace reeld {

struct LedgerStore::Impl {
  Impl(const std::string& path, Database::Access access, const Inspect& inspect);

  void write_meta(std::string_view name, const std::string& value) {
    database
        .prepare("INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2")
        .bind(1, name)
        .bind(2, value)
        .run();
  }

  std::optional<std::int64_t> find_job(const EndRecord& end);
  std::optional<std::int64_t> find_recorded(const std::string& token);
  Recognition recognize(const IntentRecord& intent);
  void give_up_repeat(const KnownJob& known, const IntentRecord& intent);
  void spend_word(std::int64_t job);

  void change(std::int64_t job, LedgerState state, std::optional<SystemTime> repeat_at, SystemTime at) {
    change_state.bind(1, job).bind(2, word_of(state));
    if (repeat_at) {
      change_state.bind(3, to_ms(*repeat_at));
    } else {
      change_state.bind_null(3);
    }
    change_state.bind(4, to_ms(at)).run();
  }

  Database database;
  LedgerReader reader;
  std::int64_t last_generation = 0;
  bool has_raised = false;  // since the last `begin`
  // Prepared once: they are the daemon's every-day work.
  Statement begin, commit, insert_job, renew_job, take_stamps, insert_attempt, find_attempt, find_account,
      end_attempt, namesakes, count_doubts, change_state, publish, tell, raise, read_generation;
};

}  // namespace reeld
