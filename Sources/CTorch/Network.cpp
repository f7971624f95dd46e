#include "Functions.hpp"
#include "Guard.hpp"

#include <cstdlib>
#include <memory>
#include <mutex>
#include <sstream>

#include <torch/torch.h>

struct ctorch_network {
  torch::nn::Sequential encoder;
  torch::nn::Sequential decoder;
  std::unique_ptr<torch::optim::Adam> optimizer;
  std::vector<int64_t> shape;  // of one row
  int64_t width = 0;           // values of one row

  std::vector<torch::Tensor> parameters() const {
    std::vector<torch::Tensor> all = encoder->parameters();
    for (const torch::Tensor &tensor : decoder->parameters()) all.push_back(tensor);
    return all;
  }

  torch::Tensor rows(const float *values, int64_t count) const {
    std::vector<int64_t> sizes = {count};
    sizes.insert(sizes.end(), shape.begin(), shape.end());
    return torch::from_blob(const_cast<float *>(values), sizes);
  }

  torch::Tensor error(const torch::Tensor &rows) {
    return torch::mse_loss(decoder->forward(encoder->forward(rows)), rows);
  }
};

namespace {

// While the lock is held, weights are drawn from `seed` alone: all threads share libtorch's generator.
std::unique_lock<std::mutex> start(uint64_t seed, bool generate_code) {
  static std::mutex drawing;
  std::unique_lock<std::mutex> lock(drawing);
  allow_code(generate_code);
  torch::manual_seed(seed);
  return lock;
}

// Adam with its usual constants.
void finish(ctorch_network &network) {
  network.optimizer = std::make_unique<torch::optim::Adam>(network.parameters(), torch::optim::AdamOptions(1e-3));
}

}  // namespace

namespace face {

int image_autoencoder(int side, int bottleneck, uint64_t seed, int generate_code, ctorch_network **network,
                      char *message, size_t capacity) {
  return guarded(message, capacity, [&] {
    using namespace torch::nn;
    const auto lock = start(seed, generate_code != 0);
    auto made = std::make_unique<ctorch_network>();
    made->shape = {1, side, side};
    made->width = static_cast<int64_t>(side) * side;
    const int64_t channels[] = {1, 16, 32, 64, 64};
    const int64_t rest = side / 16;
    const int64_t features = channels[4] * rest * rest;
    for (int layer = 0; layer < 4; ++layer) {
      made->encoder->push_back(Conv2d(Conv2dOptions(channels[layer], channels[layer + 1], 4).stride(2).padding(1)));
      made->encoder->push_back(GELU());
    }
    made->encoder->push_back(Flatten());
    made->encoder->push_back(Linear(features, bottleneck));
    made->decoder->push_back(Linear(bottleneck, features));
    made->decoder->push_back(GELU());
    made->decoder->push_back(Unflatten(UnflattenOptions(1, {channels[4], rest, rest})));
    for (int layer = 4; layer > 0; --layer) {
      made->decoder->push_back(
          ConvTranspose2d(ConvTranspose2dOptions(channels[layer], channels[layer - 1], 4).stride(2).padding(1)));
      if (layer > 1) made->decoder->push_back(GELU());
    }
    finish(*made);
    *network = made.release();
  });
}

int dense_autoencoder(int inputs, int hidden, int bottleneck, uint64_t seed, int generate_code,
                      ctorch_network **network, char *message, size_t capacity) {
  return guarded(message, capacity, [&] {
    using namespace torch::nn;
    const auto lock = start(seed, generate_code != 0);
    auto made = std::make_unique<ctorch_network>();
    made->shape = {inputs};
    made->width = inputs;
    made->encoder = Sequential(Linear(inputs, hidden), GELU(), Linear(hidden, bottleneck));
    made->decoder = Sequential(Linear(bottleneck, hidden), GELU(), Linear(hidden, inputs));
    finish(*made);
    *network = made.release();
  });
}

void network_free(ctorch_network *network) {
  delete network;
}

int train(ctorch_network *network, const float *rows, int count, double rate, int threads, double *loss, char *message,
          size_t capacity) {
  return guarded(message, capacity, [&] {
    torch::set_num_threads(threads);
    for (auto &group : network->optimizer->param_groups())
      static_cast<torch::optim::AdamOptions &>(group.options()).lr(rate);
    network->optimizer->zero_grad();
    torch::Tensor error = network->error(network->rows(rows, count));
    error.backward();
    network->optimizer->step();
    *loss = error.item<double>();
  });
}

int loss(ctorch_network *network, const float *rows, int count, int threads, double *loss, char *message,
         size_t capacity) {
  return guarded(message, capacity, [&] {
    torch::NoGradGuard frozen;
    torch::set_num_threads(threads);
    double sum = 0;
    for (int start = 0; start < count; start += 64) {
      const int part = std::min(64, count - start);
      sum += part * network->error(network->rows(rows + start * network->width, part)).item<double>();
    }
    *loss = sum / std::max(1, count);
  });
}

int encode(ctorch_network *network, const float *row, float *code, char *message, size_t capacity) {
  return guarded(message, capacity, [&] {
    torch::NoGradGuard frozen;
    torch::set_num_threads(1);
    const torch::Tensor result = network->encoder->forward(network->rows(row, 1)).contiguous();
    memcpy(code, result.data_ptr<float>(), static_cast<size_t>(result.numel()) * sizeof(float));
  });
}

size_t parameter_count(const ctorch_network *network) {
  size_t count = 0;
  for (const torch::Tensor &tensor : network->parameters()) count += static_cast<size_t>(tensor.numel());
  return count;
}

void get_parameters(const ctorch_network *network, float *values) {
  for (const torch::Tensor &tensor : network->parameters()) {
    memcpy(values, tensor.data_ptr<float>(), static_cast<size_t>(tensor.numel()) * sizeof(float));
    values += tensor.numel();
  }
}

void set_parameters(ctorch_network *network, const float *values) {
  for (const torch::Tensor &tensor : network->parameters()) {
    memcpy(tensor.data_ptr<float>(), values, static_cast<size_t>(tensor.numel()) * sizeof(float));
    values += tensor.numel();
  }
}

int get_optimizer(ctorch_network *network, void **bytes, size_t *length, char *message, size_t capacity) {
  return guarded(message, capacity, [&] {
    std::ostringstream stream;
    torch::save(*network->optimizer, stream);
    const std::string text = stream.str();
    *bytes = malloc(std::max<size_t>(1, text.size()));
    if (!*bytes) throw std::bad_alloc();
    memcpy(*bytes, text.data(), text.size());
    *length = text.size();
  });
}

int set_optimizer(ctorch_network *network, const void *bytes, size_t length, char *message, size_t capacity) {
  return guarded(message, capacity, [&] {
    std::istringstream stream(std::string(static_cast<const char *>(bytes), length));
    torch::load(*network->optimizer, stream);
  });
}

}  // namespace face
