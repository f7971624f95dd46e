#pragma once
// Autoencoders and TorchScript encoders over libtorch: opaque handles, int codes, no exception crosses. libtorch takes
// half a second and 100 MB to load, so it is linked into a separate library that is loaded on first use.
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ctorch_network ctorch_network;

// An encoder that someone else trained, as TorchScript (torch.jit.save). TorchScript is a program: load only what
// you trust.
typedef struct ctorch_module ctorch_module;

// A residual network with the layout of ResNet-18 for grey images, in training; its features are 8 × width numbers.
typedef struct ctorch_residual ctorch_residual;

// What it learns to predict: the length of each row, 0 for none.
typedef struct {
  int text;      // of the report's vector of length 1
  int terms;     // which terms the report has
  int tags;      // of the tags' vector
  int contrast;  // of the projection in which rows 2i and 2i + 1 must be nearest neighbours
  float contrast_weight;
} ctorch_heads;

// Weighted as in their sum.
typedef struct {
  double text, terms, tags, contrast;
} ctorch_losses;

// All functions with a `message` return 0, or 1 with libtorch's message in it. If `generate_code` is set and the
// process may generate machine code, the created object uses it: training takes about two thirds of the time, and
// results differ in the last bits.
typedef struct {
  // sizeof(ctorch_functions): a library of a different version is not called.
  size_t size;

  // A convolutional autoencoder of `side` × `side` pixels, `side` a multiple of 16, with a linear bottleneck.
  int (*image_autoencoder)(int side, int bottleneck, uint64_t seed, int generate_code, ctorch_network **network,
                           char *message, size_t capacity);

  // A fully connected autoencoder with one hidden layer on each side of a linear bottleneck.
  int (*dense_autoencoder)(int inputs, int hidden, int bottleneck, uint64_t seed, int generate_code,
                           ctorch_network **network, char *message, size_t capacity);

  void (*network_free)(ctorch_network *network);

  // One step of Adam on `count` rows; `loss` is the mean squared error per value before the step.
  int (*train)(ctorch_network *network, const float *rows, int count, double rate, int threads, double *loss,
               char *message, size_t capacity);

  // The mean squared error per value over `count` rows.
  int (*loss)(ctorch_network *network, const float *rows, int count, int threads, double *loss, char *message,
              size_t capacity);

  // The bottleneck values of one row, on one thread, so that they are always the same to the last bit.
  int (*encode)(ctorch_network *network, const float *row, float *code, char *message, size_t capacity);

  // Weights in a fixed order: first the encoder's.
  size_t (*parameter_count)(const ctorch_network *network);
  void (*get_parameters)(const ctorch_network *network, float *values);
  void (*set_parameters)(ctorch_network *network, const float *values);

  // Adam's moments as bytes, for checkpoints. Free `*bytes` with free().
  int (*get_optimizer)(ctorch_network *network, void **bytes, size_t *length, char *message, size_t capacity);
  int (*set_optimizer)(ctorch_network *network, const void *bytes, size_t length, char *message, size_t capacity);

  // Loads a TorchScript program from memory.
  int (*module_load)(const void *bytes, size_t length, int generate_code, ctorch_module **module, char *message,
                     size_t capacity);
  void (*module_free)(ctorch_module *module);

  // Calls forward() with one grey image as 1 × `channels` × `side` × `side` float32, 0 to 1, the same in each
  // channel, on one thread. `*length` is the number of values in the result; the first `room` are written to `code`.
  int (*module_encode)(ctorch_module *module, const float *pixels, int side, int channels, float *code, size_t room,
                       size_t *length, char *message, size_t capacity);

  // A residual network with random weights that depend on the seed alone; `positive_weights`: one per term.
  int (*residual)(int width, const ctorch_heads *heads, const float *positive_weights, uint64_t seed, int generate_code,
                  ctorch_residual **network, char *message, size_t capacity);
  void (*residual_free)(ctorch_residual *network);

  // One step of AdamW on `count` images of `side` × `side`, 0 to 1. Their targets are rows of text, terms, tags, 1 if
  // there is a report, 1 if there are tags. Dropout depends on `seed` alone. `losses` are from before the step.
  int (*residual_step)(ctorch_residual *network, const float *images, const float *targets, int count, int side,
                       double rate, uint64_t seed, int threads, ctorch_losses *losses, char *message, size_t capacity);

  // The losses of the network in its frozen form: without dropout, batch norms with running statistics.
  int (*residual_loss)(ctorch_residual *network, const float *images, const float *targets, int count, int side,
                       int threads, ctorch_losses *losses, char *message, size_t capacity);

  // The pooled features of the network in its frozen form, count × (8 × width).
  int (*residual_features)(ctorch_residual *network, const float *images, int count, int side, int threads,
                           float *features, char *message, size_t capacity);

  // Copies the first `count` numbers of its state to `read` or from `written`, either of which may be null: running
  // statistics (per convolution means, then variances), weights (per convolution outputs × inputs × side × side, then
  // its batch norm's scales and shifts; then the heads'), AdamW's moments, its steps. Returns the total number.
  size_t (*residual_state)(ctorch_residual *network, float *read, const float *written, size_t count);
} ctorch_functions;

// The library's symbol "ctorch".
typedef const ctorch_functions *(*ctorch_entry)(void);

#ifdef __cplusplus
}
#endif
