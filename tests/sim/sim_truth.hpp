#pragma once
// What has really happened in a world, by the contents of files and not by anything that the program knows
// them by; and what was promised, measured against it.

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/sim_app.hpp"

namespace reeld::sim {

/// Of one job of the ledger.
struct JobTruth {
  Contents contents;
  std::set<Spool::Folder> homes;         // where its pair has been, as far as it was met there
  std::set<std::uint64_t> prompt_files;  // that it was made of, or that were met with the same content
  std::set<std::uint64_t> image_files;
  bool is_early = false;        // the API accepted it before it had the whole request
  bool is_unpublished = false;  // refused, which no error file has said yet
  bool is_repeated = false;     // its latest intent was the repeat of a doubt
  bool is_doubted = false;      // at some time
};

/// Closing boundaries that left, and of which the API has not said that it took nothing; and early successes.
struct Boundaries {
  std::vector<SteadyTime> firsts;
  std::vector<SteadyTime> repeats;  // of doubts, by the settings' word
  std::size_t doubts = 0;           // that were no repeats
};

class Truth {
 public:
  using Complain = std::function<void(const std::string&)>;

  /// All are kept by the caller.
  Truth(Spool& spool, LedgerStore& store, Server& server, Timeline& timeline, Complain complain)
      : spool_(spool), store_(store), server_(server), timeline_(timeline), complain_(std::move(complain)) {}

  /// Fills in what the program has to tell.
  void listen(Outside& outside);
  /// A pair was put there, or half of it. What has come before while its original lies elsewhere may be taken
  /// for a copy, and a copy is sent: another take is wanted.
  void note_placed(const Spool::Place& place);
  /// A person's "run it again".
  void note_word(const Contents& contents) { ++allowed_more_[contents]; }
  void note_repeats(bool may_repeat) { may_repeat_ = may_repeat_ || may_repeat; }
  void set_per_day(std::size_t most) { per_day_ = most; }

  void check_step();
  /// Whether the ledger's job is about what lies there, or about half of it.
  bool has_reason(const Spool::Place& place);
  /// No job that was created is hidden: its answer was shown, or it is, or was, in doubt, or it is owed.
  void check_told();

 private:
  void on_intent(std::int64_t job, const Contents& contents, const Spool::Place& place, bool is_repeat);
  void on_early(std::int64_t job, const Contents& sent, bool is_repeat);
  void on_doubt(std::int64_t job);
  void on_boundary(const Spool::Place& place, const Contents& sent, std::int64_t job, bool is_repeat);
  void on_met(std::int64_t job, const Spool::Place& place);
  void on_write(const Writing& what);
  void check_place(const Writing& what, const Stem* stem);
  void check_content(const Writing& what, const Stem* stem);
  bool is_original(const Stem& stem, Content prompt) const;
  bool is_known(const Stem& stem) const;
  void note_take(const Contents& contents);
  std::size_t count_unread(const Contents& contents) const;
  std::size_t allowed(const Contents& contents) const;

  Spool& spool_;
  LedgerStore& store_;
  Server& server_;
  Timeline& timeline_;
  Complain complain_;
  std::map<std::int64_t, JobTruth> jobs_;
  std::map<Contents, std::size_t> placed_;                        // how often it came to lie somewhere
  std::map<Contents, std::size_t> allowed_more_;                  // by words, and by copies
  std::map<std::uint64_t, std::set<Content>> prompts_of_images_;  // by uid
  std::map<Contents, Boundaries> boundaries_;
  std::set<std::string> shown_;  // ids whose job.json was synced at some time
  std::size_t seen_jobs_ = 0;
  std::size_t per_day_ = 0;
  bool may_repeat_ = false;
};

}  // namespace reeld::sim
