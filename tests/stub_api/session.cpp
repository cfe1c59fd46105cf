#include "stub_api/session.hpp"

#include <algorithm>
#include <fstream>

#include "stub_api/delivery.hpp"

namespace reeld::stub {
namespace {

constexpr int small_window = 512 << 10;  // under the MSS of loopback it would crawl
constexpr std::uint64_t slow_piece = 65536;
constexpr milliseconds slow_pause{50};

double now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string percent_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      decoded += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

bool ends_the_connection(const RequestHead& head) {
  return head.header("connection") == "close";
}

Response answer_for_job(const Jobs& jobs, std::string_view path) {
  std::string_view id = path.substr(std::string_view("/v1/videos/").size());
  const bool content = id.ends_with("/content");
  if (content) id.remove_suffix(std::string_view("/content").size());
  const auto job = jobs.find(percent_decode(id));
  if (!job) return make_not_found(path);
  const int progress = jobs.progress_of(*job);
  if (!content) return {200, "", "application/json", write_job(*job, progress)};
  if (progress < 100) return make_not_found(path);
  return {200, "", "video/mp4", "not really a video, but the one of " + job->id};
}

Response answer_for(const Service& service, const RequestHead& head, const std::string& path) {
  const bool get = head.method == "GET";
  if (get && path == "/healthz") return {200, "", "text/plain", "fine\n"};
  if (head.header("authorization") != "Bearer " + service.options.key) return make_unauthorized();
  if (get && path.starts_with("/v1/videos/")) return answer_for_job(service.jobs, path);
  return make_not_found(path);
}

}  // namespace

void Session::run() {
  while (serve_one()) has_served_ = true;
}

bool Session::serve_one() {
  auto head = reader_.read_head();
  if (!head) return false;
  Record record = begin_record(std::move(*head));
  const FaultTarget target = split_target(record.head.target);
  const bool submission = record.head.method == "POST" && target.path == "/v1/videos" && target.known;
  return submission ? serve_submission(std::move(record), target) : serve_other(std::move(record), target);
}

Record Session::begin_record(RequestHead head) {
  Record record;
  record.n = service_.recorder.next_number();
  record.at = now();
  record.head = std::move(head);
  record.connection = number_;
  record.tls_resumed = stream_.is_tls_resumed();
  record.reused = has_served_;
  return record;
}

bool Session::serve_other(Record record, const FaultTarget& target) {
  const std::uint64_t size = record.head.content_length.value_or(0);
  record.body_bytes = reader_.read_body(size, [](std::string_view) {});
  record.complete = record.body_bytes == size;
  return finish(record, answer_for(service_, record.head, target.path), Delivery::whole);
}

bool Session::serve_submission(Record record, const FaultTarget& target) {
  const auto fault = service_.plan.next(target);
  if (fault) record.fault = fault->name;
  const Pace pace = fault ? fault->pace : Pace::normal;
  const Moment moment = fault ? fault->moment : Moment::after_body;
  const Delivery delivery = fault ? fault->delivery : Delivery::whole;
  const bool unread = pace != Pace::normal || moment != Moment::after_body;
  if (unread) stream_.limit_window(small_window);
  const std::uint64_t size = record.head.content_length.value_or(0);
  if (moment == Moment::after_body && record.head.header("expect") == "100-continue") {
    stream_.write("HTTP/1.1 100 Continue\r\n\r\n");
  }
  if (moment == Moment::after_body) read_submission(record, size, pace);
  if (moment == Moment::during_body) read_submission(record, size / 2, pace);
  record.complete = record.head.content_length && record.body_bytes == size;
  const bool cut = moment == Moment::after_body && record.head.content_length && !record.complete;
  if (cut) {
    service_.recorder.append(record);
    return false;
  }
  const Response response = judge(record, fault);
  // A fault that ends without an answer or before the body is the connection's end.
  return finish(record, response, delivery) && record.complete;
}

void Session::read_submission(Record& record, std::uint64_t size, Pace pace) {
  const Options& options = service_.options;
  FormParser parser(boundary_of(record.head.header("content-type")), options.hash);
  std::ofstream kept;
  if (options.keep_bodies) {
    kept.open(options.folder / "bodies" / (std::to_string(record.n) + ".bin"), std::ios::binary);
  }
  const auto take = [&](std::string_view bytes) {
    parser.feed(bytes);
    if (kept.is_open()) kept.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  };
  while (record.body_bytes < size) {
    const std::uint64_t piece = pace == Pace::slow ? slow_piece : size;
    const std::uint64_t wanted = std::min(piece, size - record.body_bytes);
    const std::uint64_t got = reader_.read_body(wanted, take);
    record.body_bytes += got;
    if (got < wanted) break;
    if (pace == Pace::slow && service_.stop.wait_for(slow_pause)) break;
  }
  record.form_error = parser.finish();
  record.form = parser.form();
}

void Session::create_job(Record& record, Job& job, bool colon) {
  job = service_.jobs.create(record.form, colon);
  record.created = true;
  record.id = job.id;
}

Response Session::judge(Record& record, const std::optional<Fault>& fault) {
  Job job;
  job.id = "video_that_never_was";
  if (fault) {
    if (fault->creates) create_job(record, job, fault->answer == Answer::id_with_colon);
    return make_response(*fault, job);
  }
  const Form& form = record.form;
  if (record.head.header("authorization") != "Bearer " + service_.options.key) return make_unauthorized();
  if (!record.head.content_length) {
    return make_error(411, "a length is required", "invalid_request_error", "length_required", "");
  }
  if (!record.form_error.empty()) {
    return make_error(400, record.form_error, "invalid_request_error", "bad_form", "");
  }
  for (const char* name : {"model", "prompt"}) {
    if (form.find(name) == nullptr)
      return make_error(400, "missing field", "invalid_request_error", "missing", name);
  }
  if (!form.file)
    return make_error(400, "missing image", "invalid_request_error", "missing", "input_reference");
  if (service_.jobs.is_full()) return make_throttled();
  create_job(record, job, false);
  return {200, "", "application/json", write_job(job, 0)};
}

bool Session::finish(Record& record, const Response& response, Delivery delivery) {
  const bool silent =
      delivery == Delivery::close || delivery == Delivery::reset || delivery == Delivery::hang;
  if (!silent) {
    record.status = response.status;
    record.response = response.body;
  }
  service_.recorder.append(record);
  const milliseconds latency = service_.options.latency;
  if (latency.count() > 0 && service_.stop.wait_for(latency)) return false;
  return deliver(stream_, response, delivery, service_.stop) && !ends_the_connection(record.head);
}

}  // namespace reeld::stub
