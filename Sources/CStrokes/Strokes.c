// Loops over all pixels of a frame, in C because compilers turn them into vector instructions.
#include "CStrokes.h"

#include <string.h>

enum { reach = CSTROKES_WIDTH - 1 };

// Compilers can't tell that neighbours lie ahead of what is written, so vectors are explicit.
typedef uint8_t vector __attribute__((vector_size(16), aligned(1), may_alias));

static void least(uint8_t *pixels, size_t count, size_t shift) {
  size_t pixel = 0;
  for (; pixel + shift + sizeof(vector) <= count; pixel += sizeof(vector)) {
    vector *here = (vector *)(pixels + pixel);
    *here = __builtin_elementwise_min(*here, *(const vector *)(pixels + pixel + shift));
  }
  for (; pixel + shift < count; ++pixel)
    pixels[pixel] = pixels[pixel] < pixels[pixel + shift] ? pixels[pixel] : pixels[pixel + shift];
}

static void largest(uint8_t *pixels, size_t count, size_t shift) {
  size_t pixel = 0;
  for (; pixel + shift + sizeof(vector) <= count; pixel += sizeof(vector)) {
    vector *here = (vector *)(pixels + pixel);
    *here = __builtin_elementwise_max(*here, *(const vector *)(pixels + pixel + shift));
  }
  for (; pixel + shift < count; ++pixel)
    pixels[pixel] = pixels[pixel] > pixels[pixel + shift] ? pixels[pixel] : pixels[pixel + shift];
}

void cstrokes_top_hat(const uint8_t *levels, size_t rows, size_t columns, uint8_t *opened, uint8_t *contrasts) {
  // A margin of black: only squares inside the picture count.
  const size_t width = columns + 2 * reach;
  const size_t all = (rows + 2 * reach) * width;
  memset(opened, 0, all);
  for (size_t row = 0; row < rows; ++row)
    memcpy(opened + (row + reach) * width + reach, levels + row * columns, columns);
  // 1 + 1 + 2 + 3 neighbours to the right, then below. What stands at a pixel then belongs to the one `reach` further
  // on.
  const size_t steps[] = {1, width};
  for (size_t step = 0; step < 2; ++step)
    for (size_t shift = 1; shift <= 3; ++shift) least(opened, all, shift * steps[step]);
  for (size_t step = 0; step < 2; ++step)
    for (size_t shift = 1; shift <= 3; ++shift) largest(opened, all, shift * steps[step]);
  for (size_t row = 0; row < rows; ++row) {
    const uint8_t *base = opened + row * width;
    const uint8_t *from = levels + row * columns;
    uint8_t *to = contrasts + row * columns;
    for (size_t column = 0; column < columns; ++column)
      to[column] = (uint8_t)(from[column] - (from[column] < base[column] ? from[column] : base[column]));
  }
}

enum { block = 32 };

static int is_dark(const uint8_t *levels, uint8_t level) {
  const vector *parts = (const vector *)levels;
  return __builtin_reduce_max(__builtin_elementwise_max(parts[0], parts[1])) < level;
}

size_t cstrokes_runs(const uint8_t *levels, size_t rows, size_t columns, uint8_t level, cstrokes_run *runs,
                     size_t most) {
  size_t count = 0;
  for (size_t row = 0; row < rows; ++row) {
    const uint8_t *line = levels + row * columns;
    size_t column = 0;
    while (column < columns) {
      if (column + block <= columns && is_dark(line + column, level)) {
        column += block;
        continue;
      }
      const size_t until = column + block < columns ? column + block : columns;
      while (column < until && line[column] < level) ++column;
      if (column == until) continue;
      if (count == most) return most + 1;
      cstrokes_run run = {(uint32_t)row, (uint32_t)column, 0, 0, 0};
      while (column < columns && line[column] >= level) {
        const uint32_t contrast = line[column++];
        run.sum += contrast;
        run.squares += contrast * contrast;
      }
      run.end = (uint32_t)column;
      runs[count++] = run;
    }
  }
  return count;
}
