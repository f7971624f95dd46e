#pragma once
#include <torch/torch.h>

// A convolution without bias, padded by half of its kernel, of channels × images × rows × columns. Without oneDNN,
// which needs permission to generate machine code, libtorch takes three to six times as long. Sums do not depend on
// the number of threads.
torch::Tensor convolved(const torch::Tensor &input, const torch::Tensor &weight, int64_t stride);
