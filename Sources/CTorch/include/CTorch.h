#pragma once
#include "../../CTorchFace/CTorchFace.h"

#ifdef __cplusplus
extern "C"
#endif
    const ctorch_functions *
    ctorch(void);
