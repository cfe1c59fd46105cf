#include "submit/answer_space.hpp"

#include <cstdint>

#include "async/offload.hpp"

namespace reeld {
namespace {

// The largest reply that is read, and what the database puts around it.
constexpr std::uint64_t space_of_answer = (1U << 20U) + (128U << 10U);

}  // namespace

boost::asio::awaitable<std::string> AnswerSpace::hold(std::size_t in_flight) {
  const std::uint64_t bytes = space_of_answer * (in_flight + 1);
  if (file_.holds(bytes)) co_return "";
  auto work = [this, bytes] {
    const auto error = file_.ensure(bytes);
    return error ? error->message : std::string();
  };
  std::string out = co_await offload(workers_, std::move(work));
  co_return out;
}

}  // namespace reeld
