#pragma once
// Autoencoders and TorchScript encoders over libtorch: opaque handles, int codes, no exception crosses.
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ctorch_network ctorch_network;

// Lets networks made from now on run machine code written for them, where the process may do that: training
// takes about two thirds of the time, and results differ in the last bits.
void ctorch_generate_code(void);

// All functions with a `message` return 0, or 1 with libtorch's words in it.

// A convolutional autoencoder of `side` × `side` pixels, `side` a multiple of 16, with a linear bottleneck.
int ctorch_image_autoencoder(int side, int bottleneck, uint64_t seed, ctorch_network **network, char *message,
                             size_t capacity);

// A fully connected autoencoder with one hidden layer on each side of a linear bottleneck.
int ctorch_dense_autoencoder(int inputs, int hidden, int bottleneck, uint64_t seed, ctorch_network **network,
                             char *message, size_t capacity);

void ctorch_free(ctorch_network *network);

// One step of Adam on `count` rows; `loss` is the mean squared error of a value before the step.
int ctorch_train(ctorch_network *network, const float *rows, int count, double rate, int threads, double *loss,
                 char *message, size_t capacity);

// The mean squared error of a value over `count` rows.
int ctorch_loss(ctorch_network *network, const float *rows, int count, int threads, double *loss, char *message,
                size_t capacity);

// The bottleneck's values of one row, on one thread, so that neither company nor threads change a bit.
int ctorch_encode(ctorch_network *network, const float *row, float *code, char *message, size_t capacity);

// Weights in a fixed order: first the encoder's.
size_t ctorch_parameter_count(const ctorch_network *network);
void ctorch_get_parameters(const ctorch_network *network, float *values);
void ctorch_set_parameters(ctorch_network *network, const float *values);

// Adam's moments as bytes, for checkpoints. `*bytes` is to be freed with free().
int ctorch_get_optimizer(ctorch_network *network, void **bytes, size_t *length, char *message, size_t capacity);
int ctorch_set_optimizer(ctorch_network *network, const void *bytes, size_t length, char *message,
                         size_t capacity);

// An encoder that somebody else trained, as TorchScript (torch.jit.save) in memory. TorchScript is a program:
// load only what you trust.
typedef struct ctorch_module ctorch_module;

int ctorch_module_load(const void *bytes, size_t length, ctorch_module **module, char *message, size_t capacity);
void ctorch_module_free(ctorch_module *module);

// Calls forward() with one grey image as 1 × `channels` × `side` × `side` float32, 0 to 1, the same in each
// channel, on one thread. `*length` is how many values came out; the first `room` of them are written to `code`.
int ctorch_module_encode(ctorch_module *module, const float *pixels, int side, int channels, float *code,
                         size_t room, size_t *length, char *message, size_t capacity);

#ifdef __cplusplus
}
#endif
