#pragma once
// Is it the pair, or a wall before all of them? Some answers pause the lane, or refuse a pair, and may be
// about this pair alone (its own `model`, a word that a firewall dislikes) or about whoever sends (a wrong
// URL, a front's error page). Which it is, another pair tells: a refusal costs nothing as a rule, and an
// error file for each pair of a spool costs a lot. docs/guarantees.md has the states.
//
// Pure: the time is an argument. Threads: none of its own.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/job_name.hpp"
#include "core/verdict_table.hpp"
#include "core/verdict_word.hpp"

namespace reeld {

/// What the wall has to know of an attempt's end.
struct WallAnswer {
  Verdict verdict = Verdict::unsent;
  About about = About::all;
  std::string likeness{};  // equal for answers that say the same
  std::string fields{};    // what was sent besides prompt and image, as a text
};

/// Which pair a proof is best made with: from another folder, and with other fields.
struct Unlike {
  std::string folder;
  std::string fields;
};

class Wall {
 public:
  /// What follows from an answer, for the pair that has met it.
  enum class Ruling {
    none,     // what its verdict says
    suspect,  // it waits: another pair is asked
    own,      // others are answered otherwise: it is about the pair, and an error file says so
    alone,    // the same three times, and there was no other pair to ask with: likewise
    stands,   // it is about all: the lane pauses, and the pair keeps its place
    paid,     // it is about all, and may be paid for: the lane pauses, and an error file says so
  };
  /// And for the others.
  struct Outcome {
    Ruling ruling = Ruling::none;
    std::vector<JobName> own{};        // suspects whose answers were theirs after all
    std::vector<JobName> back{};       // suspects that wait for their turn again
    std::vector<JobName> withdrawn{};  // refused like all others: their error files are to go
    bool is_refusal = false;           // stands, paid: of refusals, not of an account
  };

  /// A pair that repeats a doubt has no say here.
  Outcome on_answer(const JobName& job, const WallAnswer& answer, SteadyTime now);
  /// The attempt came to nothing (its files have changed, they could not be read).
  void on_dropped(const JobName& job);
  /// A suspect is no longer what it was: replaced, or gone.
  void forget(const JobName& job);
  /// The operator has changed something (reload, a new key). Returns the suspects.
  std::vector<JobName> reset();
  /// The lane goes on. Whoever has met what it was paused for proves nothing to each other any more.
  void on_resumed();

  /// Nothing but proofs goes out.
  bool is_proving() const { return proof_.has_value(); }
  /// A pair to ask with is to be chosen: none is being looked for, or asked with.
  bool is_due() const { return proof_ && !proof_->is_choosing && !proof_->probe; }
  /// Whether that pair could tell. One that has met the same before, and since then others were answered
  /// otherwise, could not.
  bool can_tell(const JobName& job) const;
  static bool is_of_size(const std::string& likeness) { return likeness.starts_with("413"); }
  /// What was refused may have been too large (413): the smallest pair tells most.
  bool is_about_size() const { return proof_ && is_of_size(proof_->kind); }
  bool stands_for_size() const { return standing_.about == About::pair && is_of_size(standing_); }
  /// How the pair to ask with should differ.
  const Unlike& unlike() const { return proof_->unlike; }
  /// In the order of their answers.
  const std::vector<JobName>& suspects() const { return proof_->suspects; }
  /// Until then, other pairs are waited for. Then the only suspect goes again, or, where there is none, what
  /// was refused was refused: `give_up`.
  SteadyTime waits_until() const { return proof_->waits_until; }
  void give_up();

  void on_choosing() { proof_->is_choosing = true; }
  /// False: nobody has asked for it any more.
  bool on_chosen(const JobName& job);
  /// ... and it could not be sent just now.
  void on_not_sent() { proof_->probe.reset(); }

  /// The lane is paused for answers of that kind: it is proven already.
  bool stands_for(const std::string& likeness) const {
    return !likeness.empty() && (standing_.likeness == likeness || standing_.is_any());
  }
  /// It rests on two pairs that came one after the other, and nobody was asked since: the next that comes is.
  bool is_thin() const { return is_thin_; }
  /// The proof is made with it.
  bool is_probe(const JobName& job) const { return proof_ && proof_->probe == job; }
  /// The API has accepted something since the start or `reset`.
  bool has_accepted() const { return has_accepted_; }
  /// Has met what the lane is paused for, or was paused for last.
  bool has_met(const JobName& job) const { return met_.contains(job) || former_met_.contains(job); }
  /// Has met what the lane is paused for: others try first.
  const std::set<JobName>& met() const { return met_; }

 private:
  static constexpr std::string_view any_words = "*";
  /// Answers that say the same, and may be about the same.
  struct Kind {
    About about = About::either;  // else of refusals
    std::string likeness{};
    bool is_refusal() const { return about != About::either; }
    /// Refusals in whatever words.
    bool is_any() const { return likeness == any_words; }
    bool operator==(const Kind&) const = default;
  };
  static Kind kind_of(const WallAnswer& answer) { return {answer.about, answer.likeness}; }
  static bool is_of_size(const Kind& kind) { return kind.is_refusal() && is_of_size(kind.likeness); }

  struct Proof {
    Kind kind;
    Unlike unlike;
    std::vector<JobName> suspects{};
    std::optional<JobName> probe{};
    bool is_choosing = false;
    std::uint32_t answers = 1;  // alike, of the only suspect
    SteadyTime waits_until{};
  };

  Outcome on_accepted(bool is_probe, SteadyTime now);
  Outcome on_refused(const JobName& job, const WallAnswer& answer, bool is_probe, SteadyTime now);
  Outcome on_account(const JobName& job, const WallAnswer& answer, bool is_probe, SteadyTime now);
  Outcome stand_at_once(const JobName& job, const Kind& kind);
  void note_own(const std::string& likeness, SteadyTime now);
  bool is_own(const std::string& likeness, SteadyTime now) const;
  /// Its latest answer counts, and its error file tells of that alone.
  void forget_answers(const JobName& job);
  /// And since then others were answered otherwise: it tells nothing about the others.
  bool has_met_before(const JobName& job, const std::string& likeness) const;
  void forget_refused();
  bool are_many_refused() const;
  Outcome stand_for_any(const JobName& job, const WallAnswer& answer);
  bool is_alone(const JobName& job) const;
  Outcome on_alone(const JobName& job, SteadyTime now);
  Outcome suspect(const JobName& job, const WallAnswer& answer, SteadyTime now);
  Outcome stand(const JobName& job);
  /// `free`: pairs whose refusals cost nothing, so that their error files go again.
  Outcome stand(const JobName& job, const Kind& kind, bool is_paid, const std::set<JobName>& free);
  void note_row(const JobName& job, const WallAnswer& answer, SteadyTime now);
  /// The proof is over. Returns its suspects, but for `job`.
  std::vector<JobName> end_proof(const JobName* job = nullptr);

  Kind row_kind_;  // of the latest refusals, nothing accepted between
  std::set<JobName> row_;
  /// Got its error file without another pair to ask with. The next that meets the same is that other pair.
  struct Alone {
    JobName job;
    std::string likeness;
  };
  std::optional<Alone> alone_;
  // What pairs have met as their own, and until when that counts: while it was asked, another was accepted.
  std::map<std::string, SteadyTime> own_;
  bool has_accepted_ = false;
  std::set<JobName> refused_;  // of whatever kind, with nothing accepted since; their error files are there
  std::size_t paid_ = 0;       // as many more, of jobs that may be paid for
  std::optional<Proof> proof_;
  Kind standing_;  // what the lane is paused for; its likeness is "" : nothing
  bool is_thin_ = false;
  std::set<JobName> met_;
  std::string former_;  // of what it was paused for before, and who had met it
  std::set<JobName> former_met_;
};

}  // namespace reeld
