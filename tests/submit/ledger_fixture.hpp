#pragma once
// A ledger in a folder of its own, with its link on a loop.

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <string>

#include "submit/ledger_client.hpp"
#include "support/temp_folder.hpp"

namespace reeld {

class SilentLog : public Log {
 public:
  void write(LogLevel, std::string_view event, std::string_view, LogFields) override {
    events.emplace_back(event);
  }
  std::vector<std::string> events;
};

class LedgerFixture {
 public:
  LedgerFixture() = default;
  ~LedgerFixture() {
    link.stop();
    run();
    workers.join();
  }

  std::string path() const { return (folder / ".reeld/ledger.db").string(); }

  /// Until nothing is under way any more.
  void run() {
    loop.restart();
    loop.run();
  }

  /// From now on nothing can be written: a trigger stands for a disk that fails.
  void break_it() {
    Database(path(), Database::Access::read_write)
        .run("CREATE TRIGGER broken BEFORE INSERT ON attempts BEGIN SELECT RAISE(ABORT, 'broken'); END");
    link.stop();  // it is not to be tried again for ever
  }

  TempFolder folder;
  SilentLog log;
  boost::asio::io_context loop;
  boost::asio::thread_pool workers{1};
  LedgerClient link{loop.get_executor(), workers, open(), folder.fd(), log};

 private:
  OpenLedger open() {
    LedgerPlace place;
    place.spool_fd = folder.fd();
    place.spool_path = folder.path();
    auto opened = open_ledger(place);
    return std::move(std::get<OpenLedger>(opened));
  }
};

}  // namespace reeld
