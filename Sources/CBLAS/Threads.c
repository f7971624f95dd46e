#include "CBLAS.h"

// BLAS keeps to the calling thread, in every process and for good. Sums depend on how OpenBLAS shares them among its
// threads, libtorch goes through it too, and a vector must not depend on what else runs; our own threads share the work
// among themselves, and OpenBLAS' would fight with libtorch's.
__attribute__((constructor)) static void keep_to_one_thread(void) { openblas_set_num_threads(1); }
