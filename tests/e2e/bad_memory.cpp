// Loaded before libstdc++: memory runs out once, in the daemon's loop thread, when a test says so. The file
// $REELD_TEST_MEMORY is two numbers of 32 bits, shared with the test: how many allocations from now the one
// that fails is (0: none), and how many have failed.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace {

struct Orders {
  std::atomic<std::int32_t> countdown;
  std::atomic<std::int32_t> failures;
};

Orders* find_orders() {
  const char* const path = std::getenv("REELD_TEST_MEMORY");
  const int fd = path == nullptr ? -1 : ::open(path, O_RDWR | O_CLOEXEC);
  if (fd < 0) return nullptr;
  void* const shared = ::mmap(nullptr, sizeof(Orders), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  ::close(fd);
  return shared == MAP_FAILED ? nullptr : static_cast<Orders*>(shared);
}

Orders* const orders = find_orders();

bool must_fail() {
  if (orders == nullptr || orders->countdown.load() <= 0) return false;
  if (::syscall(SYS_gettid) != ::getpid() || orders->countdown.fetch_sub(1) != 1) return false;
  ++orders->failures;
  return true;
}

}  // namespace

void* operator new(std::size_t size) {
  void* const memory = must_fail() ? nullptr : std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
