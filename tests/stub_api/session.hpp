#pragma once
// One connection: request after request until either side ends it.
//
// Threads: its own. What it shares with others is in Service, whose parts look after themselves.

#include <optional>

#include "stub_api/answers.hpp"
#include "stub_api/fault_plan.hpp"
#include "stub_api/http_reader.hpp"
#include "stub_api/jobs.hpp"
#include "stub_api/record.hpp"
#include "stub_api/stop_signal.hpp"

namespace reeld::stub {

/// What all connections share. Outlives every session.
struct Service {
  explicit Service(const Options& given)
      : options(given),
        plan(given.faults, given.seed),
        jobs(given.max_jobs, given.job_time),
        recorder(given.folder) {}

  Options options;
  FaultPlan plan;
  Jobs jobs;
  Recorder recorder;
  StopSignal stop;
};

class Session {
 public:
  Session(Stream& stream, Service& service, std::uint64_t number)
      : stream_(stream), service_(service), reader_(stream), number_(number) {}

  void run();

 private:
  bool serve_one();
  bool serve_submission(Record record, const FaultTarget& target);
  bool serve_other(Record record, const FaultTarget& target);

  Record begin_record(RequestHead head);
  /// Reads up to `size` bytes of the body at the fault's pace; the form is parsed on the way.
  void read_submission(Record& record, std::uint64_t size, Pace pace);
  void create_job(Record& record, Job& job, bool colon);
  Response judge(Record& record, const std::optional<Fault>& fault);
  bool finish(Record& record, const Response& response, Delivery delivery);

  Stream& stream_;
  Service& service_;
  HttpReader reader_;
  std::uint64_t number_;
  bool has_served_ = false;
};

}  // namespace reeld::stub
