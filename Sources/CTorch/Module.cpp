#include "Functions.hpp"
#include "Guard.hpp"

#include <memory>
#include <sstream>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>

struct ctorch_module {
  torch::jit::Module module;
};

namespace face {

int module_load(const void *bytes, size_t length, int generate_code, ctorch_module **module, char *message,
                size_t capacity) {
  return guarded(message, capacity, [&] {
    allow_code(generate_code != 0);
    std::istringstream stream(std::string(static_cast<const char *>(bytes), length));
    auto loaded = std::make_unique<ctorch_module>();
    loaded->module = torch::jit::load(stream, at::kCPU);
    loaded->module.eval();
    *module = loaded.release();
  });
}

void module_free(ctorch_module *module) {
  delete module;
}

int module_encode(ctorch_module *module, const float *pixels, int side, int channels, float *code, size_t room,
                  size_t *length, char *message, size_t capacity) {
  return guarded(message, capacity, [&] {
    at::NoGradGuard frozen;
    at::set_num_threads(1);
    // The executor would rewrite the program after its first calls: later results could differ in the last bits.
    torch::jit::GraphOptimizerEnabledGuard as_written(false);
    const at::Tensor image =
        at::from_blob(const_cast<float *>(pixels), {1, 1, side, side}).expand({1, channels, side, side}).contiguous();
    const at::Tensor result = module->module.forward({image}).toTensor();
    if (result.dim() == 0 || result.size(0) != 1) throw std::runtime_error("forward() must return one row per image");
    const at::Tensor row = result.to(at::kFloat).flatten().contiguous();
    *length = static_cast<size_t>(row.numel());
    memcpy(code, row.data_ptr<float>(), std::min(room, *length) * sizeof(float));
  });
}

}  // namespace face
