#pragma once
// A chunked body on its way to a strict parser: blanks behind a chunk's size, which old servers pad it with,
// are taken out, and a line that ends with a lone LF gets its CR. All else passes as it is, whatever is wrong
// with it.
//
// Source: RFC 9112 7.1.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace reeld {

class ChunkSizes {
 public:
  /// Appends what passes of the body's next bytes.
  void pass(std::string_view bytes, std::string& into);
  /// A blank was taken out, or a CR put in: such a connection is not used again.
  bool is_amiss() const { return is_amiss_; }
  /// What should be a chunk's size is none: these are no chunks, or no more.
  bool is_lost() const { return is_lost_; }
  /// The last chunk is there: of the body nothing more will come, but trailers may.
  bool has_ended() const { return has_ended_; }

 private:
  enum class Place { size, behind_size, extension, data, behind_data, trailer, rest };

  void pass_one(char c, std::string& into);
  void pass_behind_size(char c, std::string& into);
  void append(char c, std::string& into);
  void end_line();
  void lose_track();

  Place place_ = Place::size;
  std::string held_;        // blanks behind a size, until it is known what follows them
  std::uint64_t left_ = 0;  // of the chunk
  std::size_t line_ = 0;    // bytes of the line, without its end
  bool is_behind_cr_ = false;
  bool has_ended_ = false;
  bool is_amiss_ = false;
  bool is_lost_ = false;
};

}  // namespace reeld
