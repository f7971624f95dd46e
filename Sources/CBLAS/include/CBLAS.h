#pragma once
// OpenBLAS: the C interface to BLAS, and the LAPACK routines that are used.
#include <cblas.h>

void dsyevd_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w, double *work,
             const int *lwork, int *iwork, const int *liwork, int *info);
void dgeqrf_(const int *m, const int *n, double *a, const int *lda, double *tau, double *work, const int *lwork,
             int *info);
void dorgqr_(const int *m, const int *n, const int *k, double *a, const int *lda, const double *tau, double *work,
             const int *lwork, int *info);
void dposv_(const char *uplo, const int *n, const int *columns, double *a, const int *lda, double *b, const int *ldb,
            int *info);
