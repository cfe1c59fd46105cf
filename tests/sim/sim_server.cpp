#include "sim/sim_server.hpp"

namespace reeld::sim {
namespace {

constexpr milliseconds response_timeout = std::chrono::minutes(10);

}  // namespace

ApiReply Server::make_error(int status, const std::string& code) {
  ApiReply reply;
  reply.status = status;
  reply.json = reply.json_object = true;
  reply.error_object = reply.real_error = !code.empty();
  if (!code.empty()) reply.codes = {code};
  return reply;
}

ServerAnswer Server::accept(const ServerJob& request) {
  const std::string id = "video_" + std::to_string(++last_id_);
  jobs_[id] = request;
  ServerAnswer out;
  out.delay = dice_.between(10, is_healthy_ ? 500 : 120'000);
  ApiReply reply;
  reply.status = 200;
  reply.json = reply.json_object = true;
  reply.id = id;
  out.reply = reply;
  out.body = id;
  return out;
}

/// A front that answers for the API, or a gateway that refuses everything; and, whatever others meet, pairs
/// that a firewall dislikes.
std::optional<ApiReply> Server::find_wall(const ServerJob& request) {
  constexpr Content odd_ones = 13;
  if (is_healthy_) return std::nullopt;
  if (request.contents.prompt % odd_ones == 0) return make_error(403, "");
  if (timeline_.now() >= walled_until_ && dice_.chance(2)) {
    walled_until_ = timeline_.now() + dice_.between(1'000, 600'000);
    is_wall_refusal_ = dice_.chance(50);
  }
  if (timeline_.now() >= walled_until_) return std::nullopt;
  return is_wall_refusal_ ? make_error(400, "missing_header") : make_error(404, "");
}

ServerAnswer Server::receive(const ServerJob& request) {
  if (auto wall = find_wall(request)) {
    ServerAnswer out;
    out.delay = dice_.between(5, 500);
    out.reply = std::move(wall);
    return out;
  }
  if (is_healthy_) return accept(request);
  ServerAnswer out;
  out.delay = dice_.between(5, 5'000);
  switch (dice_.roll(12)) {
    case 0:
      out.reply = make_error(400, "invalid_request_error");
      return out;
    case 1:
      out.reply = make_error(429, "rate_limit");
      out.reply->retry_after = dice_.between(0, 20'000);
      return out;
    case 2:
      out.reply = make_error(401, "invalid_api_key");
      return out;
    case 3:  // created, and says that it failed all the same
      out = accept(request);
      out.reply = make_error(500, "");
      return out;
    case 4:  // not created, and says so in a way that nobody can trust
      out.reply = make_error(502, "");
      return out;
    case 5:  // created, and the answer is cut
      out = accept(request);
      out.cut_status = dice_.chance(50) ? 200 : 0;
      out.reply.reset();
      return out;
    case 6:  // created, or not, and no answer at all
      if (dice_.chance(50)) accept(request);
      out.delay = response_timeout;
      out.reply.reset();
      return out;
    case 7:  // created, and failed at once
      out = accept(request);
      out.reply->error_object = out.reply->real_error = true;
      jobs_.at(out.reply->id).has_failed = true;
      return out;
    default:
      return accept(request);
  }
}

std::optional<ServerAnswer> Server::interrupt() {
  if (is_healthy_ || !dice_.chance(15)) return std::nullopt;
  ServerAnswer out;
  switch (dice_.roll(6)) {
    case 5:
      out.is_early_success = true;
      break;
    case 0:
      out.reply = make_error(413, "too_large");
      break;
    case 1:
      out.reply = make_error(401, "invalid_api_key");
      break;
    case 2:
      out.reply = make_error(503, "");
      break;
    default:
      break;  // a reset
  }
  return out;
}

ServerAnswer Server::accept_early(const Contents& contents) {
  return accept({contents, 0, true});
}

void Server::forget_unrecorded() {
  std::erase_if(jobs_, [](const auto& entry) { return entry.second.is_early && entry.second.job == 0; });
}

std::size_t Server::created(const Contents& contents) const {
  std::size_t count = 0;
  for (const auto& [id, job] : jobs_)
    count += job.contents == contents && !(job.is_early && job.job == 0) ? 1 : 0;
  return count;
}

}  // namespace reeld::sim
