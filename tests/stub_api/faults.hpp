#pragma once
// Every fault that can be ordered, as data: when it strikes, what it does to the connection, what it answers.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::stub {

enum class Moment { before_body, during_body, after_body };

enum class Pace { normal, slow, stall };  // how the body is read

/// What the answer says.
enum class Answer {
  job,      // a job as the reference has it
  task_id,  // ... with its id elsewhere
  data_id,
  data_task_id,
  id_with_colon,
  null_error,  // ... and "error": null
  html,
  empty,
  no_id,
  array,
  bad_utf8,
  huge,           // 3 MiB
  error_object,   // 200, and a real error within
  failed_status,  // 200, a job that has failed
  api_error,      // the original format's error
  bare,           // an HTML page, as a proxy has it
  saturated,      // a sibling's dialect
  no_channel,
  quota,
  text,  // as it is written in the fault
};

/// How the answer goes over the wire.
enum class Delivery {
  whole,
  close,  // no answer: FIN
  reset,  // no answer: RST
  hang,   // no answer, ever
  drip,   // one byte each 20 ms
  cut_head,
  cut_body,
  overlong,  // more bytes than Content-Length
  chunked,
  bad_chunks,
  two_lengths,
  no_length,  // the body ends with the connection
  http_1_0,
  interim,        // 100 first
  many_interim,   // 103 and others first
  early,          // then a close with unread bytes, so that the kernel sends RST
  then_unasked,   // 300 ms later: bytes that nobody asked for
  both_framings,  // Content-Length, and chunks all the same
  blank_chunks,   // blanks behind the chunks' sizes
  blank_colon,    // a blank before a header's colon
  gzip,           // though nobody has asked for it
};

struct Fault {
  std::string name;
  Moment moment = Moment::after_body;
  bool creates = false;  // a job exists (and is paid for) when it has struck
  Delivery delivery = Delivery::whole;
  Answer answer = Answer::job;
  int status = 200;
  std::string headers = {};  // further header lines, each with its CRLF
  Pace pace = Pace::normal;
  std::string_view text = {};                          // of Answer::text
  std::string_view content_type = "application/json";  // likewise
};

/// By name; also "status-NNN", "status-NNN-bare", and "-created" after any fault that reads the body and
/// creates nothing.
std::optional<Fault> find_fault(std::string_view name);

/// Names in the table, without the generated ones.
std::vector<std::string_view> list_faults();

}  // namespace reeld::stub
