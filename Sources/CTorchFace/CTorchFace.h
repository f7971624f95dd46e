#pragma once
// Autoencoders and TorchScript encoders over libtorch: opaque handles, int codes, no exception crosses. libtorch takes
// half a second and 100 MB to load, so that it is linked to a library of its own, which is loaded when first needed.
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ctorch_network ctorch_network;

// An encoder that somebody else trained, as TorchScript (torch.jit.save). TorchScript is a program: load only what
// you trust.
typedef struct ctorch_module ctorch_module;

// All functions with a `message` return 0, or 1 with libtorch's words in it. Those that make something let it run
// machine code written for it where `generate_code` is set and the process may do that: training takes about two
// thirds of the time, and results differ in the last bits.
typedef struct {
  // sizeof(ctorch_functions): a library of another version is not called.
  size_t size;

  // A convolutional autoencoder of `side` × `side` pixels, `side` a multiple of 16, with a linear bottleneck.
  int (*image_autoencoder)(int side, int bottleneck, uint64_t seed, int generate_code, ctorch_network **network,
                           char *message, size_t capacity);

  // A fully connected autoencoder with one hidden layer on each side of a linear bottleneck.
  int (*dense_autoencoder)(int inputs, int hidden, int bottleneck, uint64_t seed, int generate_code,
                           ctorch_network **network, char *message, size_t capacity);

  void (*network_free)(ctorch_network *network);

  // One step of Adam on `count` rows; `loss` is the mean squared error of a value before the step.
  int (*train)(ctorch_network *network, const float *rows, int count, double rate, int threads, double *loss,
               char *message, size_t capacity);

  // The mean squared error of a value over `count` rows.
  int (*loss)(ctorch_network *network, const float *rows, int count, int threads, double *loss, char *message,
              size_t capacity);

  // The bottleneck's values of one row, on one thread, so that neither company nor threads change a bit.
  int (*encode)(ctorch_network *network, const float *row, float *code, char *message, size_t capacity);

  // Weights in a fixed order: first the encoder's.
  size_t (*parameter_count)(const ctorch_network *network);
  void (*get_parameters)(const ctorch_network *network, float *values);
  void (*set_parameters)(ctorch_network *network, const float *values);

  // Adam's moments as bytes, for checkpoints. `*bytes` is to be freed with free().
  int (*get_optimizer)(ctorch_network *network, void **bytes, size_t *length, char *message, size_t capacity);
  int (*set_optimizer)(ctorch_network *network, const void *bytes, size_t length, char *message, size_t capacity);

  // A program from memory.
  int (*module_load)(const void *bytes, size_t length, int generate_code, ctorch_module **module, char *message,
                     size_t capacity);
  void (*module_free)(ctorch_module *module);

  // Calls forward() with one grey image as 1 × `channels` × `side` × `side` float32, 0 to 1, the same in each
  // channel, on one thread. `*length` is how many values came out; the first `room` of them are written to `code`.
  int (*module_encode)(ctorch_module *module, const float *pixels, int side, int channels, float *code, size_t room,
                       size_t *length, char *message, size_t capacity);
} ctorch_functions;

// What the library has by the name of "ctorch".
typedef const ctorch_functions *(*ctorch_entry)(void);

#ifdef __cplusplus
}
#endif
