#pragma once
// Space on the ledger's disk for the answers of all that is in flight (ledger/reserve).
//
// Lifetime: outlives every await. Threads: the loop's; `reserve_file` is for the ledger's writer, too.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <string>

#include "ledger/reserve.hpp"

namespace reeld {

class AnswerSpace {
 public:
  /// `workers` are kept by the caller.
  AnswerSpace(const std::string& ledger_path, boost::asio::thread_pool& workers)
      : file_(ledger_path + ".reserve"), workers_(workers) {}

  /// For one more answer than `in_flight`; the text says why there is none, "" if it is held.
  boost::asio::awaitable<std::string> hold(std::size_t in_flight);
  LedgerReserve& reserve_file() { return file_; }

 private:
  LedgerReserve file_;
  boost::asio::thread_pool& workers_;
};

}  // namespace reeld
