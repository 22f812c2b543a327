// RUN: etc-opt %s -p 'annotate-quantization{float="encoder.act" override="encoder=int8-weight","encoder.fc=int8","net.py:9=int16x8"}' | filecheck %s
// RUN: etc-opt %s -p 'annotate-quantization{float="Linear","mul"}' | filecheck %s --check-prefix TYPES
// RUN: etc-opt %s -p 'annotate-quantization{float="Encoder"}' | filecheck %s --check-prefix MODULES
// RUN: not etc-opt %s -p 'annotate-quantization{float="encoder.fcc" override="Liner=int8","encoder=int9"}' 2>&1 | filecheck %s --check-prefix CONFIG
// RUN: not etc-opt %s -p 'annotate-quantization{float="encoder.fcc" override="Liner=int8","a.py:3=float"}' 2>&1 | filecheck %s --check-prefix UNKNOWN
// RUN: not etc-opt %s -p 'annotate-quantization{override="encoder"}' 2>&1 | filecheck %s --check-prefix TEXT

// The closest name counts: a line, then the innermost module, then a type.

// CHECK:      edge.linear
// CHECK-SAME: #quant.scheme<static, activations = i8
// CHECK:      edge.relu(%a) :
// CHECK:      edge.linear
// CHECK-SAME: #quant.scheme<weights, weights = i8 [-127, 127] symmetric per_channel>
// CHECK:      edge.mul
// CHECK-SAME: #quant.scheme<static, activations = i16

// TYPES:      edge.linear(%x, %w) :
// TYPES:      edge.relu(%a) :
// TYPES:      edge.linear(%b, %w) :
// TYPES:      edge.mul(%c, %c) :

// MODULES:    edge.linear(%x, %w) :
// MODULES:    edge.relu(%a) :
// MODULES:    edge.linear(%b, %w) :
// MODULES:    edge.mul(%c, %c) {quant.scheme

// CONFIG:      there is no config of quantization "int9"
// CONFIG-NEXT: expected: int8, int8-dynamic, int8-weight, int4-weight-g32, int4-weight-g64, int4-weight-g128, int16x8, float
// CONFIG-NEXT: next: did you mean int8?

// UNKNOWN:      the program has no module, type or source line "Liner"
// UNKNOWN-NEXT: expected: a module by its full name, a type of modules or operations, or file.py:12
// UNKNOWN-NEXT: next: did you mean Linear?
// UNKNOWN:      the program has no module, type or source line "a.py:3"
// UNKNOWN:      the program has no module, type or source line "encoder.fcc"
// UNKNOWN-NEXT: expected
// UNKNOWN-NEXT: next: did you mean encoder.fc?

// TEXT:      "encoder" is no override
// TEXT-NEXT: expected: "MODULE=CONFIG", as in "fc=int8-weight"
func.func @forward(%x: tensor<2x4xf32>) -> tensor<2x4xf32> attributes {
    program.modules = {"encoder" = "Encoder", "encoder.fc" = "Linear", "encoder.last" = "Linear"}} {
  %w = program.constant dense<1.0> : tensor<4x4xf32>
  %a = edge.linear(%x, %w) : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32> loc("encoder.fc"("lib/net.py":7:0))
  %b = edge.relu(%a) : (tensor<2x4xf32>) -> tensor<2x4xf32> loc("encoder.act"("lib/net.py":7:0))
  %c = edge.linear(%b, %w) : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32> loc("encoder.last"("lib/net.py":8:0))
  %d = edge.mul(%c, %c) : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32> loc("lib/net.py":9:0)
  func.return %d : tensor<2x4xf32>
}
