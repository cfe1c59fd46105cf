#pragma once
// Which failures of the system may be over by themselves a moment later, so that trying again is worth it.

namespace reeld {

/// `code`: an errno. A process, a machine or a disk has run out of something, or the disk is away.
bool may_pass(int code);

}  // namespace reeld
