// RUN: etc-opt %s -p edge-to-linalg --split-input-file | filecheck %s

// A convolution is one contraction over channels and kernel; padding and bias come before it.
// CHECK-LABEL: func.func @convolution
// CHECK:       tensor.pad
// CHECK:       affine_map<(d0, d1, d2, d3) -> (d1, 0, 0)>
// CHECK:       affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d4, ((d2 * 2) + d5), (d3 + (d6 * 3)))>
// CHECK-SAME:  affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d1, d4, d5, d6)>
// CHECK-SAME:  affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1, d2, d3)>
// CHECK-SAME:  iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]
// CHECK:       arith.mulf
// CHECK-NEXT:  arith.addf
// CHECK-NEXT:  linalg.yield
func.func @convolution(%x: tensor<1x3x9x9xf32>, %w: tensor<4x3x3x3xf32>, %b: tensor<4xf32>) -> tensor<1x4x5x5xf32> {
  %y = edge.conv(%x, %w, bias=%b, stride=[2, 1], padding=[1, 1], dilation=[1, 3], transposed=false, output_padding=[0, 0], groups=1) : (tensor<1x3x9x9xf32>, tensor<4x3x3x3xf32>, tensor<4xf32>) -> tensor<1x4x5x5xf32>
  func.return %y : tensor<1x4x5x5xf32>
}

// -----

// A depthwise convolution has no loop over the one channel of a group.
// CHECK-LABEL: func.func @depthwise
// CHECK:       affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, (d2 + d4), (d3 + d5))>
// CHECK-SAME:  affine_map<(d0, d1, d2, d3, d4, d5) -> (d1, d4, d5)>
func.func @depthwise(%x: tensor<1x4x9x9xf32>, %w: tensor<4x1x3x3xf32>) -> tensor<1x4x7x7xf32> {
  %y = edge.conv(%x, %w, stride=[1, 1], padding=[0, 0], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=4) : (tensor<1x4x9x9xf32>, tensor<4x1x3x3xf32>) -> tensor<1x4x7x7xf32>
  func.return %y : tensor<1x4x7x7xf32>
}

// -----

// Kernels side by side: each element of the result has one term per channel, and nothing is spread out.
// CHECK-LABEL: func.func @tiles
// CHECK-NOT:   tensor.insert_slice
// CHECK:       affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d6, d2, d4)>
// CHECK-SAME:  affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d6, d1, d3, d5)>
// CHECK:       tensor.reshape
func.func @tiles(%x: tensor<1x3x4x4xf32>, %w: tensor<3x5x2x2xf32>) -> tensor<1x5x8x8xf32> {
  %y = edge.conv(%x, %w, stride=[2, 2], padding=[0, 0], dilation=[1, 1], transposed=true, output_padding=[0, 0], groups=1) : (tensor<1x3x4x4xf32>, tensor<3x5x2x2xf32>) -> tensor<1x5x8x8xf32>
  func.return %y : tensor<1x5x8x8xf32>
}

// -----

// A pool reduces over the loops of its window, whose size an operand tells that nothing reads.
// Without a use of the positions there are none.
// CHECK-LABEL: func.func @pool
// CHECK:       %[[WINDOW:.*]] = tensor.empty() : tensor<2x3xi8>
// CHECK:       iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]
// CHECK-SAME:  ins(%x, %[[WINDOW]]
// CHECK-NOT:   linalg.index
// CHECK:       arith.maximumf
func.func @pool(%x: tensor<1x3x6x6xf32>) -> tensor<1x3x3x2xf32> {
  %y, %i = edge.max_pool2d(%x, kernel_size=[2, 3]) : (tensor<1x3x6x6xf32>) -> (tensor<1x3x3x2xf32>, tensor<1x3x3x2xi64>)
  func.return %y : tensor<1x3x3x2xf32>
}

// -----

// Half precision is summed in float32 and rounded once.
// CHECK-LABEL: func.func @half
// CHECK:       tensor.empty() : tensor<3xf32>
// CHECK:       arith.extf
// CHECK-NEXT:  arith.addf
// CHECK:       arith.truncf
func.func @half(%x: tensor<3x8xf16>) -> tensor<3xf16> {
  %y = edge.sum(%x, dim=[1]) : (tensor<3x8xf16>) -> tensor<3xf16>
  func.return %y : tensor<3xf16>
}

// -----

// The data decides a size: what follows can use it.
// CHECK-LABEL: func.func @size_of_data
// CHECK:       scf.for
// CHECK:       program.found
// CHECK:       tensor.extract_slice
func.func @size_of_data(%x: tensor<8xf32>) -> tensor<?x1xi64, #edge.layout<sizes = [u0, 1]>> attributes {program.symbols = #program.symbols<u0 = [0, 8]>} {
  %y = edge.nonzero(%x) : (tensor<8xf32>) -> tensor<?x1xi64, #edge.layout<sizes = [u0, 1]>>
  func.return %y : tensor<?x1xi64, #edge.layout<sizes = [u0, 1]>>
}
