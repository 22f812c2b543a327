// RUN: not etc-opt %s 2>&1 | filecheck %s

// CHECK: a scale is positive and finite, found -1.0
"test.op"() {quant.params = #quant.params<i8 [-128, 127], scale = -1.0, zero_point = 0>} : () -> ()
