#include "commands/text_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cerrno>
#include <fstream>
#include <thread>

#include "support/temp_folder.hpp"

namespace reeld {
namespace {

class TextFiles : public testing::Test {
 protected:
  std::variant<TextFile, SysError> read(std::string_view name, std::size_t most = 100) {
    return read_text_file(folder / name, most);
  }

  SysError error_of(std::string_view name, std::size_t most = 100) {
    auto file = read(name, most);
    if (std::holds_alternative<TextFile>(file)) {
      ADD_FAILURE() << name << " was read";
      return {};
    }
    return std::get<SysError>(std::move(file));
  }

  TempFolder folder;
};

TEST_F(TextFiles, AreReadWholeWithTheirMode) {
  folder.write("a", "one\ntwo\n");
  ASSERT_EQ(::chmod((folder / "a").c_str(), 0640), 0);
  const auto file = read("a");
  ASSERT_TRUE(std::holds_alternative<TextFile>(file));
  EXPECT_EQ(std::get<TextFile>(file).text, "one\ntwo\n");
  EXPECT_EQ(std::get<TextFile>(file).mode, 0640U);
}

TEST_F(TextFiles, MayBeReachedThroughALink) {
  folder.write("a", "x");
  std::filesystem::create_symlink("a", folder / "b");
  EXPECT_TRUE(std::holds_alternative<TextFile>(read("b")));
}

TEST_F(TextFiles, HaveALimit) {
  folder.write("a", std::string(100, 'x'));
  EXPECT_TRUE(std::holds_alternative<TextFile>(read("a", 100)));
  const SysError error = error_of("a", 99);
  EXPECT_EQ(error.code, EFBIG);
  EXPECT_EQ(error.message, "read " + folder.path() + "/a: it is longer than 99 bytes");
}

TEST_F(TextFiles, AreRegularFiles) {
  EXPECT_EQ(error_of("missing").code, ENOENT);
  EXPECT_EQ(error_of("missing").message, "open " + folder.path() + "/missing: No such file or directory");
  folder.make_folder("d");
  EXPECT_EQ(error_of("d").code, EISDIR);
  ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(error_of("fifo").message, "read " + folder.path() + "/fifo: it is not a regular file");
}

TEST_F(TextFiles, MayBePipesAndDevicesWhereThatIsAskedFor) {
  const auto device = read_text_file("/dev/null", 100, TextSource::any);
  ASSERT_TRUE(std::holds_alternative<TextFile>(device));
  EXPECT_EQ(std::get<TextFile>(device).text, "");
  EXPECT_FALSE(std::get<TextFile>(device).is_regular);
  const auto endless = read_text_file("/dev/zero", 100, TextSource::any);
  ASSERT_TRUE(std::holds_alternative<SysError>(endless));
  EXPECT_EQ(std::get<SysError>(endless).code, EFBIG);

  const std::string fifo = folder / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  std::thread writer([&] { std::ofstream(fifo) << "from a pipe"; });
  const auto piped = read_text_file(fifo, 100, TextSource::any);
  writer.join();
  ASSERT_TRUE(std::holds_alternative<TextFile>(piped));
  EXPECT_EQ(std::get<TextFile>(piped).text, "from a pipe");

  const auto in_folder = read_text_file(folder.path(), 100, TextSource::any);
  ASSERT_TRUE(std::holds_alternative<SysError>(in_folder));
  EXPECT_EQ(std::get<SysError>(in_folder).code, EISDIR);
}

}  // namespace
}  // namespace reeld
