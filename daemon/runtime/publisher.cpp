#include "runtime/publisher.hpp"

#include "runtime/offload.hpp"
#include "sys/durable_file.hpp"

namespace reeld {

boost::asio::awaitable<std::optional<SysError>> publish(boost::asio::thread_pool& workers, ResultFile file) {
  auto work = [file = std::move(file)] {
    auto error = write_whole(file.folder_fd, file.folder_path, file.name, file.contents);
    if (!error) error = sync_folder(file.folder_fd, file.folder_path);
    return error;
  };
  auto error = co_await offload(workers, std::move(work));
  co_return error;
}

}  // namespace reeld
