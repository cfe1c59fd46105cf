#include "submit/file_image_source.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "support/pair_folder.hpp"

namespace reeld {
namespace {

constexpr std::uint64_t seed = 7;

class FileImageSourceTest : public PairFolder {
 protected:
  std::string read(FileImageSource& source, std::size_t size) {
    std::string out(size, '\0');
    boost::asio::io_context loop;
    boost::asio::co_spawn(loop, source.read(std::as_writable_bytes(std::span(out))),
                          [&](std::exception_ptr, std::size_t n) { out.resize(n); });
    loop.run();
    return out;
  }

  UniqueFd open_file(const std::string& contents) {
    write("image", contents);
    return UniqueFd(::open((path_ / "image").c_str(), O_RDONLY | O_CLOEXEC));
  }

  boost::asio::thread_pool workers_{1};
};

TEST_F(FileImageSourceTest, ReadsOnFromWhereItStoppedAndRewinds) {
  const UniqueFd fd = open_file("abcdefgh");
  FileImageSource source(fd.get(), 8, seed, workers_);
  EXPECT_EQ(read(source, 3), "abc");
  EXPECT_EQ(read(source, 3), "def");
  EXPECT_EQ(read(source, 3), "gh");
  EXPECT_EQ(source.failure(), "");
  source.rewind();
  EXPECT_EQ(read(source, 2), "ab");
}

TEST_F(FileImageSourceTest, AFileThatShrankIsAFailureAndNotAShortImage) {
  const UniqueFd fd = open_file("abcd");
  FileImageSource source(fd.get(), 8, seed, workers_);
  EXPECT_EQ(read(source, 8), "abcd");
  EXPECT_EQ(source.failure(), "the image became shorter while it was sent");
}

TEST_F(FileImageSourceTest, NeverReadsBeyondTheSizeThatWasAnnounced) {
  const UniqueFd fd = open_file("abcdefgh");
  FileImageSource source(fd.get(), 4, seed, workers_);
  EXPECT_EQ(read(source, 8), "abcd");
}

TEST_F(FileImageSourceTest, DigestsWhatWasReadOnceAllOfItWas) {
  const UniqueFd fd = open_file("abcdefgh");
  FileImageSource source(fd.get(), 8, seed, workers_);
  read(source, 5);
  EXPECT_FALSE(source.digest());
  read(source, 5);
  EXPECT_EQ(source.digest(), digest_file(fd.get(), 8, seed));
  source.rewind();
  EXPECT_FALSE(source.digest());
  read(source, 8);
  EXPECT_EQ(source.digest(), digest_file(fd.get(), 8, seed));
}

}  // namespace
}  // namespace reeld
