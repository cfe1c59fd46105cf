#pragma once
// Guards that can be taken away, one at a time, to show that the simulation would find it.

#include <array>
#include <string_view>

namespace reeld::sim {

enum class Guard {
  intent_before_boundary,  // the boundary waits for the intent to be durable
  recovery_of_intents,     // a start settles the intents that a crash left open
  known_before_sending,    // the ledger is asked, and the transaction of the intent refuses
  record_before_forget,    // an accepted answer is recorded
  unpublished_results,     // a start writes the results that are owed
  sync_before_published,   // published means that the folder was synced
  undo_of_failed_intents,  // an intent whose transaction failed is voided
  end_of_unsent_intents,   // a failure between intent and boundary is recorded as unsent
  second_look,             // both files are looked at again before the boundary
  untold_refusals,         // a refusal stands until its error file is there
  digest_in_intent,        // an intent has the digests of what is sent
  birth_in_identity,       // files on one inode are told apart by when they were made
  proof_needs_age,         // a stamp proves nothing that is younger than a tick
  content_at_gate,         // what was touched before the boundary is read again
  originals_in_place,      // a copy is one only while its original lies where the ledger has it
  published_stays_away,    // what was published is not written beside a pair that was moved
  folder_by_birth,         // folders on one inode are told apart by when they were made
  replaced_set_aside,      // an answer is not written beside another pair that has come to its place
  lasting_inodes,          // where inodes do not last, a stamp proves nothing
  answered_is_recorded,    // what the API has made of a pair is recorded, whatever is known of the pair
  created_may_be_paid,     // a job that was created and has failed is known like one that is paid for
};

inline constexpr std::array guards{
    Guard::intent_before_boundary, Guard::recovery_of_intents,   Guard::known_before_sending,
    Guard::record_before_forget,   Guard::unpublished_results,   Guard::sync_before_published,
    Guard::undo_of_failed_intents, Guard::end_of_unsent_intents, Guard::second_look,
    Guard::untold_refusals,        Guard::digest_in_intent,      Guard::birth_in_identity,
    Guard::proof_needs_age,        Guard::content_at_gate,       Guard::originals_in_place,
    Guard::published_stays_away,   Guard::folder_by_birth,       Guard::replaced_set_aside,
    Guard::lasting_inodes,         Guard::answered_is_recorded,  Guard::created_may_be_paid};

inline constexpr std::array<std::string_view, guards.size()> guard_names{
    "intent_before_boundary", "recovery_of_intents",   "known_before_sending",
    "record_before_forget",   "owed_results",          "sync_before_published",
    "undo_of_failed_intents", "end_of_unsent_intents", "second_look",
    "untold_refusals",        "digest_in_intent",      "birth_in_identity",
    "proof_needs_age",        "content_at_gate",       "originals_in_place",
    "published_stays_away",   "folder_by_birth",       "replaced_set_aside",
    "lasting_inodes",         "answered_is_recorded",  "created_may_be_paid"};

struct Mutation {
  int without = -1;  // an index into `guards`; -1: all stand
  bool has(Guard guard) const { return without != static_cast<int>(guard); }
};

}  // namespace reeld::sim
