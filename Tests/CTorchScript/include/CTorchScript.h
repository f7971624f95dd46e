#pragma once
// Writes TorchScript programs for tests, which would otherwise need PyTorch.
#ifdef __cplusplus
extern "C" {
#endif

// A module whose methods are `source`, TorchScript's Python; its attribute `weight` is 8 × 1 × 4 × 4 random numbers.
// Returns 0 when it was written.
int ctorchscript_write(const char *path, const char *source);

#ifdef __cplusplus
}
#endif
