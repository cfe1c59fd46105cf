#pragma once
// requests.jsonl: what the stub has received, one line a request, written before the answer goes out.
// Threads: any.

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>

#include "stub_api/form_parser.hpp"
#include "stub_api/http_reader.hpp"

namespace reeld::stub {

struct Record {
  std::uint64_t n = 0;
  double at = 0;  // seconds since the epoch, when the head had come
  RequestHead head;
  std::uint64_t body_bytes = 0;
  bool complete = false;  // all of Content-Length arrived
  Form form;
  std::string form_error;  // "" : the form was well-formed, or there was none
  std::string fault;
  bool created = false;
  std::string id;        // of the job, where one was created
  int status = 0;        // 0: no answer
  std::string response;  // the answer's body, before any delivery fault
  std::uint64_t connection = 0;
  bool tls_resumed = false;
  bool reused = false;  // not the first request on its connection
};

std::string write_record(const Record& record);

class Recorder {
 public:
  /// Appends to `folder`/requests.jsonl. Errors: std::runtime_error.
  explicit Recorder(const std::filesystem::path& folder);
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  std::uint64_t next_number() { return ++count_; }
  /// One write for the whole line: never torn. Errors: std::runtime_error.
  void append(const Record& record);

 private:
  int fd_;
  std::atomic<std::uint64_t> count_{0};
};

}  // namespace reeld::stub
