#include "Functions.hpp"
#include "CTorch.h"
#include "Guard.hpp"

#include <ATen/Context.h>
#include <sys/mman.h>

namespace {

// Whether this process may execute memory that it wrote.
bool may_generate_code() {
  void *page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return false;
  const bool changed = mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0;
  munmap(page, 4096);
  return changed;
}

}  // namespace

void allow_code(bool wanted) {
  at::globalContext().setUserEnabledMkldnn(wanted && may_generate_code());
}

extern "C" const ctorch_functions *ctorch(void) {
  static const ctorch_functions functions = {sizeof(ctorch_functions),
                                             face::image_autoencoder,
                                             face::dense_autoencoder,
                                             face::network_free,
                                             face::train,
                                             face::loss,
                                             face::encode,
                                             face::parameter_count,
                                             face::get_parameters,
                                             face::set_parameters,
                                             face::get_optimizer,
                                             face::set_optimizer,
                                             face::module_load,
                                             face::module_free,
                                             face::module_encode,
                                             face::residual,
                                             face::residual_free,
                                             face::residual_step,
                                             face::residual_loss,
                                             face::residual_features,
                                             face::residual_state};
  return &functions;
}
