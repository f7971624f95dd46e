#include "Convolution.hpp"
#include "Functions.hpp"
#include "Guard.hpp"

#include <cmath>
#include <deque>
#include <memory>

#include <ATen/CPUGeneratorImpl.h>
#include <torch/torch.h>

namespace {

using torch::Tensor;

// A convolution without bias, followed by a batch norm.
struct Convolution {
  Tensor weight, gamma, beta, mean, variance;
  int stride;

  Tensor operator()(const Tensor &input, bool training) const {
    const Tensor sums = convolved(input, weight, stride);
    // A channel's values are contiguous, like one long image.
    return at::batch_norm(sums.view({1, sums.size(0), -1}), gamma, beta, mean, variance, training, 0.1, 1e-5, false)
        .view(sums.sizes());
  }
};

struct Block {
  Convolution first, second;
  std::unique_ptr<Convolution> shortcut;

  Tensor operator()(const Tensor &input, bool training) const {
    const Tensor inner = second(at::relu(first(input, training)), training);
    return at::relu(inner + (shortcut ? (*shortcut)(input, training) : input));
  }
};

struct Linear {
  Tensor weight, bias;

  Tensor operator()(const Tensor &input) const { return at::linear(input, weight, bias); }
};

// Turns tensors into views of one joined tensor.
Tensor joined(const std::vector<Tensor *> &parts) {
  std::vector<Tensor> flat;
  for (const Tensor *part : parts) flat.push_back(part->flatten());
  const Tensor whole = at::cat(flat);
  int64_t start = 0;
  for (Tensor *part : parts) {
    *part = whole.narrow(0, start, part->numel()).view(part->sizes()).detach();
    start += part->numel();
  }
  return whole;
}

// The mean of `losses` over the rows that `known` marks with 1; 0 without any.
Tensor mean_of(const Tensor &losses, const Tensor &known) {
  return (losses * known).sum() / known.sum().clamp_min(1);
}

}  // namespace

// ResNet-18's layout with one input channel, its heads, and the state of AdamW. All weights are one tensor, and so are
// their gradients: a step is a few passes over them, and a checkpoint is a few rows of numbers.
//
// Evaluation and freezing use the mean of the weights over about the last tenth of the steps: it is ahead of the
// weights of any single step while the rate is high.
struct ctorch_residual {
  ctorch_heads sizes;
  Tensor positive;  // weights of the terms' positives
  at::Generator generator;
  Convolution stem;
  std::deque<Block> blocks;
  Linear text, terms, tags, hidden, projection;
  Tensor weights, statistics, gradients, means, squares, mean_weights, mean_statistics;
  int64_t steps = 0;

  Convolution convolution(int64_t inputs, int64_t outputs, int64_t side, int stride, bool last = false) {
    const double deviation = std::sqrt(2.0 / static_cast<double>(outputs * side * side));
    return {at::empty({outputs, inputs, side, side}).normal_(0, deviation, generator),
            last ? at::zeros(outputs) : at::ones(outputs),
            at::zeros(outputs),
            at::zeros(outputs),
            at::ones(outputs),
            stride};
  }

  Linear linear(int64_t inputs, int64_t outputs) {
    const double bound = 1 / std::sqrt(static_cast<double>(inputs));
    return {at::empty({outputs, inputs}).uniform_(-bound, bound, generator),
            at::empty(outputs).uniform_(-bound, bound, generator)};
  }

  ctorch_residual(int width, const ctorch_heads &heads, const float *positive_weights, uint64_t seed)
      : sizes(heads), generator(at::make_generator<at::CPUGeneratorImpl>(seed)) {
    positive = at::empty(heads.terms);
    std::copy_n(positive_weights, heads.terms, positive.data_ptr<float>());
    stem = convolution(1, width, 7, 2);
    int64_t inputs = width;
    for (int stage = 0; stage < 4; ++stage) {
      const int64_t outputs = static_cast<int64_t>(width) << stage;
      for (int place = 0; place < 2; ++place) {
        const int stride = stage > 0 && place == 0 ? 2 : 1;
        Block &block = blocks.emplace_back();
        block.first = convolution(inputs, outputs, 3, stride);
        block.second = convolution(outputs, outputs, 3, 1, true);
        if (stride == 2) block.shortcut = std::make_unique<Convolution>(convolution(inputs, outputs, 1, 2));
        inputs = outputs;
      }
    }
    text = linear(inputs, heads.text);
    terms = linear(inputs, heads.terms);
    tags = linear(inputs, heads.tags);
    hidden = linear(inputs, inputs);
    projection = linear(inputs, heads.contrast);

    std::vector<Tensor *> trained, measured;
    auto add = [&](Convolution &layer) {
      trained.insert(trained.end(), {&layer.weight, &layer.gamma, &layer.beta});
      measured.insert(measured.end(), {&layer.mean, &layer.variance});
    };
    add(stem);
    for (Block &block : blocks) {
      add(block.first);
      add(block.second);
      if (block.shortcut) add(*block.shortcut);
    }
    for (Linear *layer : {&text, &terms, &tags, &hidden, &projection})
      trained.insert(trained.end(), {&layer->weight, &layer->bias});
    weights = joined(trained);
    statistics = joined(measured);
    mean_weights = weights.clone();
    mean_statistics = statistics.clone();
    gradients = at::zeros_like(weights);
    means = at::zeros_like(weights);
    squares = at::zeros_like(weights);
    int64_t start = 0;
    for (Tensor *part : trained) {
      part->requires_grad_();
      part->mutable_grad() = gradients.narrow(0, start, part->numel()).view(part->sizes());
      start += part->numel();
    }
  }

  // Features of images as 1 × count × side × side: planes are stored channel by channel.
  Tensor features(const Tensor &images, bool training) const {
    Tensor values = at::max_pool2d(at::relu(stem(images, training)), 3, 2, 1);
    for (const Block &block : blocks) values = block(values, training);
    return values.mean({2, 3}).t();
  }

  Tensor targets(const float *values, int64_t rows) const {
    return at::from_blob(const_cast<float *>(values), {rows, sizes.text + sizes.terms + sizes.tags + 2});
  }

  // The weighted losses: text, terms, tags, contrast.
  std::vector<Tensor> losses(const Tensor &images, const Tensor &targets, bool training) {
    const auto part = targets.split_with_sizes({sizes.text, sizes.terms, sizes.tags, 1, 1}, 1);
    const Tensor reported = part[3].flatten(), tagged = part[4].flatten();
    Tensor pooled = features(images, training);
    std::vector<Tensor> all(4, at::zeros({}));
    if (sizes.contrast > 0) all[3] = sizes.contrast_weight * contrast(projection(at::relu(hidden(pooled))));
    if (training) pooled = pooled * at::empty_like(pooled).bernoulli_(0.8, generator).div_(0.8);
    if (sizes.text > 0) all[0] = mean_of(1 - at::cosine_similarity(text(pooled), part[0], 1, 1e-8), reported);
    if (sizes.terms > 0) {
      const Tensor entropy =
          at::binary_cross_entropy_with_logits(terms(pooled), part[1], {}, positive, at::Reduction::None);
      all[1] = 3 * mean_of(entropy.mean(1), reported);
    }
    if (sizes.tags > 0)
      all[2] = 2 * mean_of(at::smooth_l1_loss(tags(pooled), part[2], at::Reduction::None).mean(1), tagged);
    return all;
  }

  // NT-Xent: each row must be nearer to its partner, the row after or before it, than to all others.
  static Tensor contrast(const Tensor &values) {
    const Tensor unit = values / values.norm(2, 1, true).clamp_min(1e-8);
    const Tensor similarity = at::matmul(unit, unit.t()) / 0.2;
    const Tensor itself = at::eye(values.size(0), at::kBool);
    const Tensor partner = at::arange(values.size(0), at::kLong).bitwise_xor(1);
    return at::cross_entropy_loss(similarity.masked_fill(itself, -1e9), partner);
  }

  // AdamW; `gradients` are clipped to length 5.
  void step(double rate) {
    steps += 1;
    const double length = gradients.norm().item<double>();
    if (length > 5) gradients.mul_(5 / length);
    means.lerp_(gradients, 0.1);
    squares.mul_(0.999).addcmul_(gradients, gradients, 0.001);
    const double first = 1 - std::pow(0.9, steps), second = 1 - std::pow(0.999, steps);
    weights.mul_(1 - rate * 0.02);
    weights.addcdiv_(means, (squares / second).sqrt_().add_(1e-8), -rate / first);
    const double share = 1 / (1 + static_cast<double>(steps) / 10);
    mean_weights.lerp_(weights, share);
    mean_statistics.lerp_(statistics, share);
  }

  // Calls body with the mean weights in place of those in training.
  template <typename Body>
  void averaged(Body body) {
    const Tensor current = weights.clone(), running = statistics.clone();
    weights.copy_(mean_weights);
    statistics.copy_(mean_statistics);
    body();
    weights.copy_(current);
    statistics.copy_(running);
  }
};

namespace {

Tensor pictures(const float *images, int count, int side) {
  return at::from_blob(const_cast<float *>(images), {1, count, side, side});
}

void write(const std::vector<Tensor> &all, ctorch_losses *losses) {
  *losses = {all[0].item<double>(), all[1].item<double>(), all[2].item<double>(), all[3].item<double>()};
}

}  // namespace

namespace face {

int residual(int width, const ctorch_heads *heads, const float *positive_weights, uint64_t seed, int generate_code,
             ctorch_residual **network, char *message, size_t capacity) {
  return guarded(message, capacity, [&] {
    allow_code(generate_code != 0);
    *network = new ctorch_residual(width, *heads, positive_weights, seed);
  });
}

void residual_free(ctorch_residual *network) {
  delete network;
}

int residual_step(ctorch_residual *network, const float *images, const float *targets, int count, int side, double rate,
                  uint64_t seed, int threads, ctorch_losses *losses, char *message, size_t capacity) {
  return guarded(message, capacity, [&] {
    torch::set_num_threads(threads);
    network->generator.set_current_seed(seed);
    network->gradients.zero_();
    const auto all = network->losses(pictures(images, count, side), network->targets(targets, count), true);
    (all[0] + all[1] + all[2] + all[3]).backward();
    torch::NoGradGuard frozen;
    network->step(rate);
    write(all, losses);
  });
}

int residual_loss(ctorch_residual *network, const float *images, const float *targets, int count, int side, int threads,
                  ctorch_losses *losses, char *message, size_t capacity) {
  return guarded(message, capacity, [&] {
    torch::NoGradGuard frozen;
    torch::set_num_threads(threads);
    network->averaged([&] {
      write(network->losses(pictures(images, count, side), network->targets(targets, count), false), losses);
    });
  });
}

int residual_features(ctorch_residual *network, const float *images, int count, int side, int threads, float *features,
                      char *message, size_t capacity) {
  return guarded(message, capacity, [&] {
    torch::NoGradGuard frozen;
    torch::set_num_threads(threads);
    network->averaged([&] {
      const Tensor result = network->features(pictures(images, count, side), false).contiguous();
      std::copy_n(result.data_ptr<float>(), result.numel(), features);
    });
  });
}

// First the mean statistics and weights, which are frozen; then the rest that a resumed training needs. The number of
// steps is exact in a float up to 2²⁴.
size_t residual_state(ctorch_residual *network, float *read, const float *written, size_t count) {
  size_t start = 0;
  auto part = [&](float *values, size_t length) {
    const size_t some = std::min(length, count - std::min(count, start));
    if (read) std::copy_n(values, some, read + start);
    if (written) std::copy_n(written + start, some, values);
    start += length;
  };
  for (const Tensor *tensor : {&network->mean_statistics, &network->mean_weights, &network->statistics,
                               &network->weights, &network->means, &network->squares})
    part(tensor->data_ptr<float>(), static_cast<size_t>(tensor->numel()));
  float steps = static_cast<float>(network->steps);
  part(&steps, 1);
  network->steps = static_cast<int64_t>(steps);
  return start;
}

}  // namespace face
