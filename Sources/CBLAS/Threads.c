#include "CBLAS.h"

#include <stdlib.h>
#include <string.h>

// OpenBLAS' own, without a header: it chooses its kernels anew.
void gotoblas_dynamic_quit(void);
void gotoblas_dynamic_init(void);

// OpenBLAS 0.3.21 takes processors that are newer than itself for a Pentium 4, which makes products of matrices four
// times as slow. It is told what they can do, unless somebody has told it otherwise.
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

// BLAS keeps to the calling thread, in every process and for good. Sums depend on how OpenBLAS shares them among its
// threads, libtorch goes through it too, and a vector must not depend on what else runs; our own threads share the work
// among themselves, and OpenBLAS' would fight with libtorch's. Those wait asleep: spinning, they take the cores from
// the rest of a busy machine, and training itself takes three times as long.
__attribute__((constructor)) static void prepare(void) {
  choose_kernels();
  openblas_set_num_threads(1);
  setenv("OMP_WAIT_POLICY", "passive", 0);
}
