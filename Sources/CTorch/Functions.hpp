#pragma once
#include "../CTorchFace/CTorchFace.h"

#include <type_traits>

// Defined in Network.cpp, Module.cpp and Residual.cpp, described in CTorchFace.h.
namespace face {
std::remove_pointer_t<decltype(ctorch_functions::image_autoencoder)> image_autoencoder;
std::remove_pointer_t<decltype(ctorch_functions::dense_autoencoder)> dense_autoencoder;
std::remove_pointer_t<decltype(ctorch_functions::network_free)> network_free;
std::remove_pointer_t<decltype(ctorch_functions::train)> train;
std::remove_pointer_t<decltype(ctorch_functions::loss)> loss;
std::remove_pointer_t<decltype(ctorch_functions::encode)> encode;
std::remove_pointer_t<decltype(ctorch_functions::parameter_count)> parameter_count;
std::remove_pointer_t<decltype(ctorch_functions::get_parameters)> get_parameters;
std::remove_pointer_t<decltype(ctorch_functions::set_parameters)> set_parameters;
std::remove_pointer_t<decltype(ctorch_functions::get_optimizer)> get_optimizer;
std::remove_pointer_t<decltype(ctorch_functions::set_optimizer)> set_optimizer;
std::remove_pointer_t<decltype(ctorch_functions::module_load)> module_load;
std::remove_pointer_t<decltype(ctorch_functions::module_free)> module_free;
std::remove_pointer_t<decltype(ctorch_functions::module_encode)> module_encode;
std::remove_pointer_t<decltype(ctorch_functions::residual)> residual;
std::remove_pointer_t<decltype(ctorch_functions::residual_free)> residual_free;
std::remove_pointer_t<decltype(ctorch_functions::residual_step)> residual_step;
std::remove_pointer_t<decltype(ctorch_functions::residual_loss)> residual_loss;
std::remove_pointer_t<decltype(ctorch_functions::residual_features)> residual_features;
std::remove_pointer_t<decltype(ctorch_functions::residual_state)> residual_state;
}  // namespace face
