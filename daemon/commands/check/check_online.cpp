#include "commands/check/check_online.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>

#include "codec/job_json.hpp"
#include "core/verdict.hpp"
#include "submit/api_context.hpp"
#include "submit/submission.hpp"

namespace reeld {
namespace {

constexpr milliseconds max_answer = std::chrono::seconds(30);  // somebody sits there and waits

class NoImage : public ImageSource {
 public:
  boost::asio::awaitable<std::size_t> read(std::span<std::byte>) override { co_return 0; }
  const std::string& failure() const override { return failure_; }
  void rewind() override {}

 private:
  std::string failure_;
};

class OpenGate : public CommitGate {
 public:
  void prepare() override {}
  boost::asio::awaitable<std::optional<std::string>> pass() override { co_return std::nullopt; }
};

/// What a question came to.
struct Finding {
  enum class Kind { taken, refused, unclear, silent };
  Kind kind = Kind::silent;
  std::string reason;  // for people
};

boost::asio::awaitable<void> ask(const ApiContext& context, const Submission& question, ExchangeEnd& end) {
  NoImage image;
  OpenGate gate;
  end = co_await context.client->submit(question, image, gate);
  end.spare.reset();
  context.client->close_idle();
}

Finding judge_answer(const ApiContext& context, const ExchangeEnd& end, const std::string& what) {
  if (!end.reply) return {Finding::Kind::silent, end.failure ? end.failure->reason : "no whole answer came"};
  const std::string answered = "HTTP " + std::to_string(end.reply->status) + " to " + what;
  AttemptEnd attempt;
  attempt.committed = true;
  attempt.proxy_reply = end.proxy_reply;
  attempt.has_accepted = true;
  attempt.reply = read_api_reply(*end.reply, std::chrono::system_clock::now());
  const ApiReply& reply = *attempt.reply;
  const bool is_success = !end.proxy_reply && reply.status / 100 == 2;
  if (is_success && !reply.error_object && is_job_list(end.reply->body))
    return {Finding::Kind::taken, answered};
  const Judgement judgement = judge(attempt, {});
  // That there is no such list says nothing: it is asked for because most APIs have one.
  const bool may_be_missing = reply.status == 404 || reply.status == 405;
  const bool is_refused = judgement.verdict == Verdict::account && !may_be_missing;
  const std::string reason = context.secrets.take_out(judgement.reason);
  if (is_refused) return {Finding::Kind::refused, what + ": " + reason};
  const bool is_page = !reply.json_object && !end.proxy_reply;
  return {Finding::Kind::unclear,
          answered + (is_page ? ", which is no JSON object and may be of a server before the API," : "")};
}

/// The list of jobs, and where there is none, the list of models: most OpenAI-format APIs have one of them.
std::vector<std::string> list_places(const ApiUrl& url) {
  constexpr std::string_view videos = "videos";
  return {url.target, url.target.substr(0, url.target.size() - videos.size()) + "models"};
}

Finding ask_each(const ApiContext& context, boost::asio::io_context& loop) {
  Finding found;
  const ApiUrl& url = context.settings.api.url;
  for (const std::string& place : list_places(url)) {
    const std::string target = url.query.empty() ? place : place + "?" + url.query;
    const Submission question = build_question(target, context.settings.api, context.credentials);
    ExchangeEnd end;
    std::exception_ptr fault;
    boost::asio::co_spawn(loop, ask(context, question, end),
                          [&](std::exception_ptr error) { fault = error; });
    loop.restart();
    loop.run();
    if (fault) std::rethrow_exception(fault);
    found = judge_answer(context, end, "GET " + place);
    // A list of models may be there for everybody.
    if (found.kind == Finding::Kind::taken && place != url.target) found.kind = Finding::Kind::unclear;
    if (found.kind != Finding::Kind::unclear) break;
  }
  return found;
}

}  // namespace

bool check_online(const Settings& settings, const ApiCredentials& credentials, CheckReport& report) {
  Settings hasty = settings;
  hasty.api.response_timeout = std::min(settings.api.response_timeout, max_answer);
  boost::asio::io_context loop;
  const auto made = make_api_context(loop.get_executor(), hasty, credentials);
  // What is wrong with proxy or certificates has been complained of.
  if (const auto* const context = std::get_if<std::shared_ptr<ApiContext>>(&made)) {
    const Finding found = ask_each(**context, loop);
    switch (found.kind) {
      case Finding::Kind::taken:
        report.say("online", "the API answers, and takes the key: " + found.reason);
        return true;
      case Finding::Kind::refused:
        report.complain("online: " + found.reason);
        return true;
      case Finding::Kind::unclear:
        report.say("online", "the API answers");
        report.warn("online: " + found.reason +
                    " does not show whether the API accepts the key; the first pair will");
        return true;
      case Finding::Kind::silent:
        report.complain("online: " + (*context)->secrets.take_out(found.reason));
        return false;
    }
  }
  return true;
}

}  // namespace reeld
