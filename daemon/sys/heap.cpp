#include "sys/heap.hpp"

#include <malloc.h>

namespace reeld {

void give_back_free_memory() {
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
}

}  // namespace reeld
