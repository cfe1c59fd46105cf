#pragma once
// Results into the pair's folder: whole or not at all, and durable before anything is reported.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <optional>
#include <string>

#include "sys/sys_error.hpp"

namespace reeld {

struct ResultFile {
  ResultFile(int folder, std::string path, std::string file_name, std::string text)
      : folder_fd(folder),
        folder_path(std::move(path)),
        name(std::move(file_name)),
        contents(std::move(text)) {}
  int folder_fd;            // kept open by the caller until the await has ended
  std::string folder_path;  // for messages
  std::string name;
  std::string contents;
};

/// Durability: when nullopt is returned, contents and name survive a power cut.
boost::asio::awaitable<std::optional<SysError>> publish(boost::asio::thread_pool& workers, ResultFile file);

}  // namespace reeld
