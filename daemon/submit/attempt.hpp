#pragma once
// One attempt: snapshot, request, exchange, judgement. It decides nothing about what follows: it reports.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <optional>
#include <string>

#include "core/verdict.hpp"
#include "log/log.hpp"
#include "scheduler/job_scheduler.hpp"
#include "spool/snapshot.hpp"
#include "submit/api_context.hpp"
#include "submit/pair_gate.hpp"

namespace reeld {

/// How an attempt ended.
struct AttemptReport {
  using Kind = AttemptOutcome::Kind;
  Kind kind = Kind::stale;
  Judgement judgement;               // refused: its reason goes into the error file
  std::optional<Snapshot> snapshot;  // with the folder that results go to
  ExchangeEnd end;                   // judged: numbers and the raw reply
  std::optional<ApiReply> api;       // judged: the reply, translated
  IntentRecord intent;               // as it stands in the ledger, if `gate.has_intent`
  GateEnd gate;
  SystemTime sent_from{};  // judged: when the first byte can have left ...
  SystemTime ended_at{};   // ... and when the attempt was over
};

/// A job was created, or may have been: the ledger has to know of the attempt, whatever it was when it ended.
bool may_be_paid(const AttemptReport& report);

/// What an attempt is made of. The references are to the SpoolService's members.
struct AttemptPlan {
  AttemptPlan(Action what, std::shared_ptr<ApiContext> under, int spool, boost::asio::thread_pool& disk,
              Log& into, CommitState& commit, LedgerClient& record)
      : action(std::move(what)),
        context(std::move(under)),
        spool_fd(spool),
        workers(disk),
        log(into),
        commit_state(commit),
        ledger(record) {}
  Action action;            // to start
  milliseconds queued{0};   // from being ready to this attempt
  std::string earlier_key;  // the idempotency key of an attempt before, of these files; "" if there was none
  std::shared_ptr<ApiContext> context;
  int spool_fd;
  boost::asio::thread_pool& workers;
  Log& log;
  CommitState& commit_state;
  LedgerClient& ledger;

  const ReadyPair& pair() const { return action.pair; }
};

/// `plan` is kept by the caller until the await has ended.
boost::asio::awaitable<AttemptReport> run_attempt(const AttemptPlan& plan);

/// `text` with the prompt and the secrets taken out, should a peer have echoed one of them.
std::string redact(std::string text, const std::string& prompt, const Secrets& secrets);

}  // namespace reeld
