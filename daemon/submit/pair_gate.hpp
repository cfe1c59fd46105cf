#pragma once
// The commit gate of one attempt. Once the last byte of the image was read it has the ledger record the
// intent; before the closing boundary it waits for the intent to be durable, looks at both files once more,
// and only then lets the boundary go.

#include <boost/asio/thread_pool.hpp>
#include <set>

#include "core/verify.hpp"
#include "net/exchange.hpp"
#include "spool/snapshot.hpp"
#include "spool/upload_marks.hpp"
#include "submit/file_image_source.hpp"
#include "submit/ledger_client.hpp"

namespace reeld {

/// What all attempts share about the commit point.
struct CommitState {
  bool is_open = true;       // false while reeld stops: no boundary goes out any more
  std::size_t awaiting = 0;  // attempts that have passed it and have no answer yet
  std::size_t passing = 0;   // attempts that are about to
  UploadMarks marks;         // how far uploads have come
  /// Under these names a result is about to be written that the ledger owes: of a pair that was there before.
  /// A doubt bars what has come in its place, and its file may not be there yet.
  std::multiset<JobName> late;
};

/// A name in `CommitState::late`, for as long as it lives.
class LateName {
 public:
  LateName(CommitState& state, const JobName& name) : state_(state), place_(state.late.insert(name)) {}
  ~LateName() { state_.late.erase(place_); }
  LateName(const LateName&) = delete;
  LateName& operator=(const LateName&) = delete;

 private:
  CommitState& state_;
  std::multiset<JobName>::iterator place_;
};

/// What the gate has come to. Owned by the attempt's report, so that it is known whatever happens then.
struct GateEnd {
  bool has_intent = false;   // it stands in the ledger, and its end must be recorded
  bool has_passed = false;   // the closing boundary may have left
  bool has_changed = false;  // a file is no longer what was opened, or a result has come from elsewhere
  bool is_known = false;     // the ledger knows the pair: it must not be sent
  std::int64_t job = 0;      // the ledger's number of the job, with `has_intent`
};

class PairGate : public CommitGate {
 public:
  /// All are kept by the caller until the exchange has ended. `intent` gets what becomes known of the files.
  PairGate(const ReadyPair& pair, IntentRecord& intent, const Snapshot& snapshot,
           const FileImageSource& image, CommitState& state, LedgerClient& ledger,
           boost::asio::thread_pool& workers, GateEnd& end)
      : pair_(pair),
        intent_(intent),
        snapshot_(snapshot),
        image_(image),
        state_(state),
        ledger_(ledger),
        workers_(workers),
        end_(end) {}
  ~PairGate() override {
    if (end_.has_passed) decrease(state_.awaiting, "every answer that has come was awaited");
  }
  PairGate(const PairGate&) = delete;
  PairGate& operator=(const PairGate&) = delete;

  void prepare() override;
  boost::asio::awaitable<std::optional<std::string>> pass() override;
  /// After the exchange: an intent may have been recorded although the gate was never reached, and then its
  /// end must be too.
  boost::asio::awaitable<void> settle();
  /// The API has answered before the gate was reached, with what may be paid for: the ledger gets to know the
  /// job all the same, even where the pair is known and must not have been sent.
  boost::asio::awaitable<void> record_late();

 private:
  enum class Found { as_it_was, same_content, changed };

  void note_answer();
  boost::asio::awaitable<std::optional<std::string>> find_change();
  boost::asio::awaitable<Found> look_at(std::string name, FileIdentity& stamp,
                                        std::optional<ContentDigest> digest, bool& is_proof);
  std::optional<std::string> find_result() const;
  boost::asio::awaitable<void> complete_digest();

  const ReadyPair& pair_;
  IntentRecord& intent_;
  const Snapshot& snapshot_;
  const FileImageSource& image_;
  CommitState& state_;
  LedgerClient& ledger_;
  boost::asio::thread_pool& workers_;
  GateEnd& end_;
  std::shared_ptr<LedgerWrite> write_;
  std::shared_ptr<IntentAnswer> answer_;  // the writer's until `write_` is done
};

}  // namespace reeld
