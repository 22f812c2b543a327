// RUN: etc-opt %s | etc-opt | filecheck %s

// CHECK: quant.scheme = #quant.scheme<static, activations = i8 [-128, 127] affine per_tensor, weights = i8 [-127, 127] symmetric per_channel>
"test.op"() {quant.scheme = #quant.scheme<static, activations = i8 [-128, 127] affine per_tensor, weights = i8 [-127, 127] symmetric per_channel>} : () -> ()
// CHECK: quant.scheme = #quant.scheme<weights, weights = i8 [-8, 7] symmetric per_group 32>
"test.op"() {quant.scheme = #quant.scheme<weights, weights = i8 [-8, 7] symmetric per_group 32>} : () -> ()
// CHECK: quant.scheme = #quant.scheme<dynamic, activations = i8 [-128, 127] affine per_token, weights = i8 [-127, 127] symmetric per_channel>
"test.op"() {quant.scheme = #quant.scheme<dynamic, activations = i8 [-128, 127] affine per_token, weights = i8 [-127, 127] symmetric per_channel>} : () -> ()
// CHECK: quant.spec = #quant.spec<i16 [-32768, 32767] symmetric per_tensor>
"test.op"() {quant.spec = #quant.spec<i16 [-32768, 32767] symmetric per_tensor>} : () -> ()
// CHECK: quant.params = #quant.params<i8 [-128, 127], scale = 0.0472, zero_point = -128>
"test.op"() {quant.params = #quant.params<i8 [-128, 127], scale = 0.0472, zero_point = -128>} : () -> ()
// CHECK: quant.params = #quant.params<ui8 [0, 255], scale = 1.0e-09, zero_point = 0>
"test.op"() {quant.params = #quant.params<ui8 [0, 255], scale = 1.0e-09, zero_point = 0>} : () -> ()
