#pragma once
// A strict reader of multipart/form-data that arrives in any pieces: texts are kept, the file is hashed and
// forgotten.
//
// Source: RFC 7578, RFC 2046 5.1.1; names escaped as WHATWG HTML has it (%0A, %0D, %22).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stub_api/sha256.hpp"

namespace reeld::stub {

struct FormFile {
  std::string name;
  std::string filename;
  std::string content_type;
  std::uint64_t size = 0;
  std::string sha256;  // hexadecimal; "" where hashing is off
};

struct Form {
  std::vector<std::pair<std::string, std::string>> fields;  // texts, in the order sent
  std::optional<FormFile> file;
  std::size_t file_position = 0;  // how many fields came before it

  const std::string* find(std::string_view name) const;
};

/// The boundary of "multipart/form-data; boundary=..."; "" where there is none.
std::string boundary_of(std::string_view content_type);

class FormParser {
 public:
  FormParser(std::string_view boundary, bool hash);

  void feed(std::string_view bytes);
  /// Why what came is not a well-formed form, or "" when the closing boundary was its end.
  const std::string& finish();
  const Form& form() const { return form_; }

 private:
  enum class State { first_boundary, part_headers, text, file, after_boundary, ended, broken };

  bool step();
  bool step_first_boundary();
  bool step_part_headers();
  bool step_content();
  bool step_after_boundary();
  void begin_part(std::string_view headers);
  void take_content(std::string_view bytes);
  void end_part();
  bool fail(std::string why);

  std::string delimiter_;  // CRLF "--" boundary
  bool hash_;
  State state_ = State::first_boundary;
  std::string pending_;
  std::string name_;
  std::string text_;
  Sha256 sha256_;
  std::string failure_;
  Form form_;
};

}  // namespace reeld::stub
