// What is written now and then: an operator's word, what ties the ledger to its spool, what retention
// forgets.

#include "ledger/ledger_statements.hpp"

namespace reeld {

void LedgerStore::finalize_doubt(std::int64_t job) {
  impl_->database.prepare("UPDATE jobs SET repeat_at = NULL WHERE id = ?1").bind(1, job).run();
}

void LedgerStore::reopen(std::int64_t job, SystemTime at) {
  impl_->change(job, LedgerState::reopened, std::nullopt, at);
  impl_->database.prepare("UPDATE jobs SET keys = keys + 1, is_said = 0 WHERE id = ?1").bind(1, job).run();
}

void LedgerStore::settle_accepted(std::int64_t job, const std::string& api_id, const std::string& answer,
                                  SystemTime at) {
  impl_->database
      .prepare(R"sql(
        UPDATE attempts SET verdict = 'accepted', api_id = ?2, answer = ?3, reason = 'settled by hand'
        WHERE id = (SELECT max(id) FROM attempts WHERE job = ?1 AND verdict = 'doubt'))sql")
      .bind(1, job)
      .bind(2, api_id)
      .bind_blob(3, answer)
      .run();
  impl_->change(job, LedgerState::accepted, std::nullopt, at);
}

void LedgerStore::settle_not_accepted(std::int64_t job, SystemTime at) {
  impl_->database
      .prepare(R"sql(
        UPDATE attempts SET verdict = 'unsent', reason = 'settled by hand'
        WHERE job = ?1 AND verdict = 'doubt')sql")
      .bind(1, job)
      .run();
  impl_->change(job, LedgerState::unsent, std::nullopt, at);
}

void LedgerStore::leave_place(std::int64_t job) {
  impl_->database
      .prepare(R"sql(
        UPDATE jobs SET is_published = 1, repeat_at = NULL, folder = x'', stem = x'', prompt_name = x'', image_name = x'',
                        folder_device = 0, folder_inode = 0, folder_born = 0
        WHERE id = ?1)sql")
      .bind(1, job)
      .run();
}

void LedgerStore::leave_files(std::int64_t job) {
  impl_->database
      .prepare(R"sql(
        UPDATE jobs SET is_published = 1, repeat_at = NULL, prompt_inode = 0, prompt_born = 0, prompt_ctime = 0,
                        prompt_proof = 0, image_inode = 0, image_born = 0, image_ctime = 0, image_proof = 0
        WHERE id = ?1)sql")
      .bind(1, job)
      .run();
}

void LedgerStore::set_mass_state(MassState state) {
  impl_->write_meta("mass", std::string(word_of(state)));
}

void LedgerStore::set_held(bool is_held) {
  impl_->write_meta("held", is_held ? "1" : "0");
}

void LedgerStore::write_identity(const LedgerIdentity& identity) {
  impl_->write_meta("uuid", identity.uuid);
  impl_->write_meta("marked_generation", std::to_string(identity.marked_generation));
  impl_->write_meta("root_device", std::to_string(to_signed(identity.root.device)));
  impl_->write_meta("root_inode", std::to_string(to_signed(identity.root.inode)));
  impl_->write_meta("hidden_born_ns", std::to_string(identity.root.hidden_born_ns));
}

void LedgerStore::mark_generation(std::int64_t generation) {
  impl_->write_meta("marked_generation", std::to_string(generation));
}

void LedgerStore::renumber_device(std::uint64_t from, std::uint64_t to) {
  for (const char* const column : {"prompt_device", "image_device", "folder_device"}) {
    const std::string name(column);
    impl_->database.prepare("UPDATE jobs SET " + name + " = ?2 WHERE " + name + " = ?1")
        .bind(1, to_signed(from))
        .bind(2, to_signed(to))
        .run();
  }
}

void LedgerStore::overwrite_erased() {
  impl_->database.run("PRAGMA secure_delete = ON");
}

bool LedgerStore::forget_texts(std::int64_t job) {
  Statement thin = impl_->database.prepare(R"sql(
    UPDATE jobs SET is_thinned = 1
    WHERE id = ?1
      AND (state IN ('unsent', 'refused', 'released') OR (state = 'accepted' AND is_published))
    RETURNING id)sql");
  thin.bind(1, job);
  const bool is_thinned = thin.step();
  thin.reset();
  if (!is_thinned) return false;
  // A job without the prompt's digest is still known by how its prompt begins.
  impl_->database
      .prepare(R"sql(
        UPDATE attempts SET fields = '', headers = NULL, reason = NULL, answer = NULL, prompt_start =
          CASE WHEN (SELECT prompt_digest FROM jobs WHERE id = ?1) IS NULL THEN prompt_start ELSE '' END
        WHERE job = ?1)sql")
      .bind(1, job)
      .run();
  return true;
}

}  // namespace reeld
