#include "CTorchScript.h"

#include <cstdio>
#include <exception>
#include <string>

#include <ATen/ATen.h>
#include <torch/csrc/jit/api/module.h>

extern "C" int ctorchscript_write(const char *path, const char *source) {
  try {
    at::manual_seed(1);
    torch::jit::Module module("Encoder");
    module.register_parameter("weight", at::randn({8, 1, 4, 4}), false);
    module.define(std::string(source) + "\n");
    module.save(path);
    return 0;
  } catch (const std::exception &error) {
    fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
