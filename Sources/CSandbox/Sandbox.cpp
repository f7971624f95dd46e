#include "CSandbox.h"

#include <cerrno>
#include <csignal>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace {

bool limit(__rlimit_resource resource, rlim_t most) {
  const struct rlimit value = {most, most};
  return setrlimit(resource, &value) == 0;
}

}  // namespace

extern "C" int csandbox_enter(uint64_t memory) {
  const bool entered = prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                       prctl(PR_SET_DUMPABLE, 0) == 0 && limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) &&
                       limit(RLIMIT_AS, memory);
  return entered ? 0 : errno;
}
