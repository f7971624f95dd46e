#pragma once
// Products of quantised rows, in the widest instructions that the processor has.
#include <stddef.h>
#include <stdint.h>

/// Scalar products of rows of 8 bits with a query of 16 bits.
/// @param rows of `length` numbers, `stride` bytes apart.
/// @param products receives one number a row. They must fit: length * 127 * the query's largest number < 2^31.
void cquantized_products(const int8_t *rows, ptrdiff_t stride, ptrdiff_t count, int length, const int16_t *query,
                         int32_t *products);
