#include "Convolution.hpp"

#include <cblas.h>

#include <ATen/Parallel.h>

namespace {

using torch::Tensor;

struct Shape {
  int64_t inputs, outputs, images, rows, columns, side, stride;

  explicit Shape(const Tensor &input, const Tensor &weight, int64_t step)
      : inputs(input.size(0)),
        outputs(weight.size(0)),
        images(input.size(1)),
        rows(input.size(2)),
        columns(input.size(3)),
        side(weight.size(2)),
        stride(step) {}

  int64_t down() const { return (rows - 1) / stride + 1; }
  int64_t across() const { return (columns - 1) / stride + 1; }
  int64_t pixels() const { return down() * across(); }
  int64_t taps() const { return inputs * side * side; }
  // Number of images whose columns fit a core's cache.
  int64_t together() const { return std::max<int64_t>(1, 250'000 / (taps() * pixels())); }
  int64_t parts() const { return (images + together() - 1) / together(); }
};

// A tap of the kernel at one channel: its offset from the middle, and the offset of its channel's first image.
struct Tap {
  int64_t y, x, plane;

  Tap(const Shape &shape, int64_t number, int64_t first_image)
      : y(number / shape.side % shape.side - shape.side / 2),
        x(number % shape.side - shape.side / 2),
        plane((number / (shape.side * shape.side) * shape.images + first_image) * shape.rows * shape.columns) {}
};

// Clears what a tap sees beyond the edges of each image.
void clear_edges(const Shape &shape, const Tap &tap, float *columns, int64_t images) {
  const int64_t height = shape.rows, width = shape.columns;
  for (int64_t image = 0; tap.y != 0 && image < images; ++image) {
    float *plane = columns + image * height * width;
    std::fill_n(tap.y < 0 ? plane : plane + (height - tap.y) * width, std::abs(tap.y) * width, 0.f);
  }
  for (int64_t column = 0; column < std::abs(tap.x); ++column) {
    float *edge = columns + (tap.x < 0 ? column : width - 1 - column);
    for (int64_t row = 0; row < images * height; ++row) edge[row * width] = 0;
  }
}

// Calls body(row of the result, row of the input, first, last) for the rows that a tap sees with a stride.
template <typename Body>
void in_steps(const Shape &shape, const Tap &tap, int64_t images, Body body) {
  const int64_t stride = shape.stride, across = shape.across();
  const int64_t first = tap.x < 0 ? (-tap.x + stride - 1) / stride : 0;
  const int64_t last = std::min(across, (shape.columns - tap.x + stride - 1) / stride);
  for (int64_t row = 0; row < images * shape.down(); ++row) {
    const int64_t source = row % shape.down() * stride + tap.y;
    if (source >= 0 && source < shape.rows)
      body(row * across, (row / shape.down() * shape.rows + source) * shape.columns + tap.x, first, last);
  }
}

// Gathers what each tap sees of some images, one row per tap.
void gather(const Shape &shape, const float *input, float *columns, int64_t first_image, int64_t images) {
  const int64_t length = images * shape.pixels();
  for (int64_t number = 0; number < shape.taps(); ++number, columns += length) {
    const Tap tap(shape, number, first_image);
    const float *from = input + tap.plane;
    if (shape.stride == 1) {
      // All images shift by the same distance.
      const int64_t shift = tap.y * shape.columns + tap.x;
      const int64_t begin = std::max<int64_t>(0, -shift), end = length - std::max<int64_t>(0, shift);
      if (begin < end) std::copy(from + begin + shift, from + end + shift, columns + begin);
      clear_edges(shape, tap, columns, images);
    } else {
      std::fill_n(columns, length, 0.f);
      in_steps(shape, tap, images, [=, step = shape.stride](int64_t to, int64_t row, int64_t first, int64_t last) {
        for (int64_t column = first; column < last; ++column) columns[to + column] = from[row + column * step];
      });
    }
  }
}

// The reverse of gather(): adds each tap's values to the pixels it sees; overwrites `columns`.
void scatter(const Shape &shape, float *input, float *columns, int64_t first_image, int64_t images) {
  const int64_t length = images * shape.pixels();
  for (int64_t number = 0; number < shape.taps(); ++number, columns += length) {
    const Tap tap(shape, number, first_image);
    float *to = input + tap.plane;
    if (shape.stride == 1) {
      clear_edges(shape, tap, columns, images);
      const int64_t shift = tap.y * shape.columns + tap.x;
      const int64_t begin = std::max<int64_t>(0, -shift), end = length - std::max<int64_t>(0, shift);
      for (int64_t index = begin; index < end; ++index) to[index + shift] += columns[index];
    } else {
      in_steps(shape, tap, images, [=, step = shape.stride](int64_t from, int64_t row, int64_t first, int64_t last) {
        for (int64_t column = first; column < last; ++column) to[row + column * step] += columns[from + column];
      });
    }
  }
}

void multiply(bool left_turned, bool right_turned, int64_t rows, int64_t columns, int64_t inner, const float *left,
              int64_t left_step, const float *right, int64_t right_step, float added, float *result, int64_t step) {
  cblas_sgemm(CblasRowMajor, left_turned ? CblasTrans : CblasNoTrans, right_turned ? CblasTrans : CblasNoTrans,
              static_cast<int>(rows), static_cast<int>(columns), static_cast<int>(inner), 1, left,
              static_cast<int>(left_step), right, static_cast<int>(right_step), added, result, static_cast<int>(step));
}

// A buffer of `count` values, kept by each thread from one convolution to the next.
float *room(std::vector<float> &values, int64_t count) {
  if (values.size() < static_cast<size_t>(count)) values.resize(static_cast<size_t>(count));
  return values.data();
}

// Calls body(share, first image, number of images, their columns) for all images; one thread processes a share, in
// order.
template <typename Body>
void in_shares(const Shape &shape, Body body) {
  constexpr int64_t shares = 8;
  at::parallel_for(0, shares, 1, [&](int64_t begin, int64_t end) {
    static thread_local std::vector<float> columns;
    for (int64_t share = begin; share < end; ++share)
      for (int64_t part = shape.parts() * share / shares; part < shape.parts() * (share + 1) / shares; ++part) {
        const int64_t first = part * shape.together(), count = std::min(shape.together(), shape.images - first);
        body(share, first, count, room(columns, shape.taps() * count * shape.pixels()));
      }
  });
}

struct Convolved : torch::autograd::Function<Convolved> {
  static Tensor forward(torch::autograd::AutogradContext *context, const Tensor &input, const Tensor &weight,
                        int64_t stride) {
    context->save_for_backward({input, weight});
    context->saved_data["stride"] = stride;
    const Shape shape(input, weight, stride);
    Tensor output = at::empty({shape.outputs, shape.images, shape.down(), shape.across()});
    const float *from = input.data_ptr<float>(), *weights = weight.data_ptr<float>();
    float *to = output.data_ptr<float>();
    const int64_t step = shape.images * shape.pixels();
    in_shares(shape, [&](int64_t, int64_t first, int64_t count, float *columns) {
      const int64_t width = count * shape.pixels();
      gather(shape, from, columns, first, count);
      multiply(false, false, shape.outputs, width, shape.taps(), weights, shape.taps(), columns, width, 0,
               to + first * shape.pixels(), step);
    });
    return output;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context,
                                                 torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const Tensor &input = saved[0], &weight = saved[1];
    const Shape shape(input, weight, context->saved_data["stride"].toInt());
    const Tensor incoming = gradients[0].contiguous();
    const bool onward = input.requires_grad();
    Tensor input_gradient = onward ? at::zeros_like(input) : Tensor();
    const Tensor partial = at::zeros({8, weight.numel()});
    const float *from = input.data_ptr<float>(), *weights = weight.data_ptr<float>();
    const float *above = incoming.data_ptr<float>();
    float *below = onward ? input_gradient.data_ptr<float>() : nullptr, *sums = partial.data_ptr<float>();
    const int64_t step = shape.images * shape.pixels(), taps = shape.taps();
    in_shares(shape, [&](int64_t share, int64_t first, int64_t count, float *columns) {
      const int64_t width = count * shape.pixels();
      gather(shape, from, columns, first, count);
      multiply(false, true, shape.outputs, taps, width, above + first * shape.pixels(), step, columns, width, 1,
               sums + share * shape.outputs * taps, taps);
      if (!below) return;
      multiply(true, false, taps, width, shape.outputs, weights, taps, above + first * shape.pixels(), step, 0, columns,
               width);
      scatter(shape, below, columns, first, count);
    });
    return {input_gradient, partial.sum(0).view(weight.sizes()), Tensor()};
  }
};

}  // namespace

Tensor convolved(const Tensor &input, const Tensor &weight, int64_t stride) {
  return Convolved::apply(input, weight, stride);
}
