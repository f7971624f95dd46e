#ifndef CSTROKES_H
#define CSTROKES_H

#include <stddef.h>
#include <stdint.h>

/// Side of the square by which `cstrokes_top_hat` opens, pixels.
#define CSTROKES_WIDTH 7

/// A run of pixels at or above a level in one row, the sum of their levels and of the levels' squares.
typedef struct {
  uint32_t row, start, end, sum;
  uint64_t squares;
} cstrokes_run;

/// What is left of bright structures narrower than CSTROKES_WIDTH pixels: each level minus that of the picture's
/// opening.
///
/// \param opened room for (rows + 12) × (columns + 12) bytes
/// \param contrasts room for rows × columns bytes
void cstrokes_top_hat(const uint8_t *levels, size_t rows, size_t columns, uint8_t *opened, uint8_t *contrasts);

/// Finds the runs of pixels at or above a level, row by row.
///
/// \return how many; more than `most` when there is no room for all
size_t cstrokes_runs(const uint8_t *levels, size_t rows, size_t columns, uint8_t level, cstrokes_run *runs,
                     size_t most);

#endif
