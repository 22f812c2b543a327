// RUN: etc-opt %s -p edge-to-linalg --split-input-file | filecheck %s

// Padding that stands for 0 is 0 once the zero point is subtracted, so that fold-padding can leave it out; the bias is
// without what the zero point adds to every sum: 10 + 3 * (1 + 2 + 3 + 4).
// CHECK-LABEL: func.func @conv_with_padding
// CHECK:         %bias = program.constant dense<[40]> : tensor<1xi32>
// CHECK-NEXT:    [[P:%.*]] = tensor.pad %x low[0, 0, 1, 1] high[0, 0, 1, 1]
// CHECK:           arith.constant 3 : i8
// CHECK:         linalg.generic {{.*}} ins([[P]], %w :
// CHECK-NEXT:    ^bb0([[X:%.*]]: i8, [[V:%.*]]: i8, [[T:%.*]]: i32):
// CHECK-NEXT:      [[WX:%.*]] = arith.extsi [[X]] : i8 to i32
// CHECK-NEXT:      [[Z:%.*]] = arith.constant 3 : i32
// CHECK-NEXT:      [[D:%.*]] = arith.subi [[WX]], [[Z]] : i32
// CHECK-NEXT:      [[WV:%.*]] = arith.extsi [[V]] : i8 to i32
// CHECK-NEXT:      [[M:%.*]] = arith.muli [[D]], [[WV]] : i32
// CHECK-NEXT:      arith.addi [[T]], [[M]] overflow<nsw> : i32
func.func @conv_with_padding(%x: tensor<1x1x4x4xi8>) -> tensor<1x1x5x5xi32> {
  %w = program.constant dense<[1, 2, 3, 4]> : tensor<1x1x2x2xi8>
  %b = program.constant dense<[10]> : tensor<1xi32>
  %y = quant.conv(%x, %w, bias=%b, stride=[1, 1], padding=[1, 1], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1, padding_value=3) : (tensor<1x1x4x4xi8>, tensor<1x1x2x2xi8>, tensor<1xi32>) -> tensor<1x1x5x5xi32>
  func.return %y : tensor<1x1x5x5xi32>
}

// -----

// Of the product of 64 bits only the upper half matters to a shift of more than 32; the zero point is added with the
// rounding: (-5 << 3) + (1 << 2).
// CHECK-LABEL: func.func @requantize
// CHECK:         [[A:%.*]] = arith.extsi %{{.*}} : i32 to i64
// CHECK-NEXT:    [[F:%.*]] = arith.extsi %{{.*}} : i32 to i64
// CHECK-NEXT:    [[M:%.*]] = arith.muli [[A]], [[F]] : i64
// CHECK:         [[U:%.*]] = arith.shrsi [[M]], %{{.*}} : i64
// CHECK-NEXT:    [[H:%.*]] = arith.trunci [[U]] : i64 to i32
// CHECK-NEXT:    [[C:%.*]] = arith.constant -36 : i32
// CHECK-NEXT:    [[S:%.*]] = arith.addi [[H]], [[C]] : i32
// CHECK-NEXT:    [[K:%.*]] = arith.constant 3 : i32
// CHECK-NEXT:    arith.shrsi [[S]], [[K]] : i32
func.func @requantize(%x: tensor<2x3xi32>) -> tensor<2x3xi8> {
  %m = program.constant dense<[1073741824, 1200000000, 2000000000]> : tensor<3xi32>
  %s = program.constant dense<[35]> : tensor<1xi32>
  %y = quant.requantize(%x, %m, %s, axis=1, zero_point=-5, quant_min=-128, quant_max=127, dtype=i8) : (tensor<2x3xi32>, tensor<3xi32>, tensor<1xi32>) -> tensor<2x3xi8>
  func.return %y : tensor<2x3xi8>
}

// -----

// Sums that fit are computed in 32 bits, and their two zero points are one number.
// CHECK-LABEL: func.func @add
// CHECK-NOT:     i64
// CHECK:         func.return
func.func @add(%x: tensor<8xi8>, %y: tensor<8xi8>) -> tensor<8xi8> {
  %z = quant.add(%x, %y, input_zero_point=-128, input_multiplier=524288, other_zero_point=4, other_multiplier=-700000, shift=20, zero_point=-128, quant_min=-128, quant_max=127, dtype=i8) : (tensor<8xi8>, tensor<8xi8>) -> tensor<8xi8>
  func.return %z : tensor<8xi8>
}

// -----

// CHECK-LABEL: func.func @lookup
// CHECK:         [[I:%.*]] = arith.index_cast %{{.*}} : i32 to index
// CHECK:         [[P:%.*]] = arith.subi [[I]], %{{.*}} : index
// CHECK-NEXT:    tensor.extract %t[[[P]]] : tensor<256xi8>
func.func @lookup(%x: tensor<8xi8>, %t: tensor<256xi8>) -> tensor<8xi8> {
  %y = quant.lookup(%x, %t) : (tensor<8xi8>, tensor<256xi8>) -> tensor<8xi8>
  func.return %y : tensor<8xi8>
}

// -----

// A table of nibbles that is read as a whole is a matrix: nothing is looked up.
// CHECK-LABEL: func.func @whole_table
// CHECK:         affine_map<(d0, d1) -> (d0, (d1 floordiv 2))>, affine_map<(d0, d1) -> (d0)>
// CHECK-NOT:     tensor.extract
func.func @whole_table(%w: tensor<2x4xui8>, %s: tensor<2xf32>) -> tensor<2x8xf32> {
  %i = program.constant dense<[0, 1]> : tensor<2xi64>
  %y = quant.embedding_4bit(%w, %s, indices=%i, weight_quant_min=-8, weight_quant_max=7) : (tensor<2x4xui8>, tensor<2xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  func.return %y : tensor<2x8xf32>
}
