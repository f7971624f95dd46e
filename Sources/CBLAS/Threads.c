#include "CBLAS.h"

#include <stdlib.h>
#include <string.h>

// Internal to OpenBLAS, without a header: the pair makes it choose its kernels again.
void gotoblas_dynamic_quit(void);
void gotoblas_dynamic_init(void);

// OpenBLAS 0.3.21 takes processors newer than itself for a Pentium 4, which makes matrix products four times as slow.
// This selects the right kernels, unless OPENBLAS_CORETYPE is already set.
static void choose_kernels(void) {
#ifdef __x86_64__
  if (getenv("OPENBLAS_CORETYPE") || strcmp(openblas_get_corename(), "Prescott") != 0) return;
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return;
  const int wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
                   __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                   __builtin_cpu_supports("avx512vl");
  if (setenv("OPENBLAS_CORETYPE", wide ? "SkylakeX" : "Haswell", 1) != 0) return;
  gotoblas_dynamic_quit();
  gotoblas_dynamic_init();
  unsetenv("OPENBLAS_CORETYPE");
#endif
}

// BLAS always runs on the calling thread, in every process. Sums depend on how OpenBLAS splits them among its threads,
// libtorch uses it too, and a vector must not depend on what else runs. Our own threads share the work, and OpenBLAS's
// would compete with libtorch's. libtorch's threads sleep while they wait: spinning, they take cores from the rest of a
// busy machine, and training itself takes three times as long.
__attribute__((constructor)) static void prepare(void) {
  choose_kernels();
  openblas_set_num_threads(1);
  setenv("OMP_WAIT_POLICY", "passive", 0);
}
