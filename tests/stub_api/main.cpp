// reeld-stub-api: the reference API on loopback, for tests, benchmarks and demonstrations.

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <exception>
#include <fstream>
#include <iostream>

#include "stub_api/options.hpp"
#include "stub_api/server.hpp"

namespace reeld::stub {
namespace {

int block_signals() {
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGTERM);
  sigaddset(&ending, SIGINT);
  ::sigprocmask(SIG_BLOCK, &ending, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  return ::signalfd(-1, &ending, SFD_CLOEXEC);
}

void write_port(const std::filesystem::path& folder, std::uint16_t port) {
  const auto temporary = folder / ".port.new";
  std::ofstream(temporary) << port << "\n";
  std::filesystem::rename(temporary, folder / "port");
}

void serve(const Options& options) {
  const int signals = block_signals();
  std::filesystem::create_directories(options.folder);
  std::filesystem::remove(options.folder / "port");
  if (options.keep_bodies) std::filesystem::create_directories(options.folder / "bodies");
  TlsListener listener(options);
  Service service(options);
  Server server(listener, service);
  write_port(options.folder, listener.port());
  std::cout << "listening on loopback, port:" << listener.port() << std::endl;
  server.run(signals);
  ::close(signals);
}

}  // namespace
}  // namespace reeld::stub

int main(int argc, char** argv) {
  const auto read = reeld::stub::read_options(argc, argv);
  if (!read.options) return read.exit_code;
  try {
    reeld::stub::serve(*read.options);
  } catch (const std::exception& error) {
    std::cerr << "reeld-stub-api: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
