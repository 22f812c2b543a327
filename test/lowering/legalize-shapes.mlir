// RUN: etc-opt %s -p legalize-shapes --split-input-file | filecheck %s

// CHECK-LABEL: @numbers_as_vectors
// CHECK-NEXT:    [[X:%[a-z0-9_]+]] = edge.view_copy(%x, size=[1]) : (tensor<f32>) -> tensor<1xf32>
// CHECK-NEXT:    [[S:%[a-z0-9_]+]] = edge.sum([[X]], dim=[0]) : (tensor<1xf32>) -> tensor<f32>
// CHECK-NEXT:    [[Y:%[a-z0-9_]+]] = edge.view_copy(%x, size=[1]) : (tensor<f32>) -> tensor<1xf32>
// CHECK-NEXT:    [[V:%[a-z0-9_]+]], [[I:%[a-z0-9_]+]] = edge.max_dim([[Y]], dim=0) : (tensor<1xf32>) -> (tensor<f32>, tensor<i64>)
// CHECK-NEXT:    func.return [[S]], [[V]], [[I]]
func.func @numbers_as_vectors(%x: tensor<f32>) -> (tensor<f32>, tensor<f32>, tensor<i64>) {
  %s = edge.sum(%x, dim=[-1], keepdim=true) : (tensor<f32>) -> tensor<f32>
  %v, %i = edge.max_dim(%x, dim=-1) : (tensor<f32>) -> (tensor<f32>, tensor<i64>)
  func.return %s, %v, %i : tensor<f32>, tensor<f32>, tensor<i64>
}

// -----

// CHECK-LABEL: @number_at_a_place
// CHECK-NEXT:    [[X:%[a-z0-9_]+]] = edge.view_copy(%x, size=[1])
// CHECK-NEXT:    [[I:%[a-z0-9_]+]] = edge.view_copy(%i, size=[1])
// CHECK-NEXT:    [[Y:%[a-z0-9_]+]] = edge.gather([[X]], dim=0, [[I]]) : (tensor<1xf32>, tensor<1xi64>) -> tensor<1xf32>
// CHECK-NEXT:    [[Z:%[a-z0-9_]+]] = edge.view_copy([[Y]], size=[]) : (tensor<1xf32>) -> tensor<f32>
// CHECK-NEXT:    func.return [[Z]]
func.func @number_at_a_place(%x: tensor<f32>, %i: tensor<i64>) -> tensor<f32> {
  %y = edge.gather(%x, dim=0, index=%i) : (tensor<f32>, tensor<i64>) -> tensor<f32>
  func.return %y : tensor<f32>
}

// -----

// CHECK-LABEL: @vectors_as_they_are
// CHECK-NEXT:    edge.sum(%x, dim=[0])
// CHECK-NEXT:    edge.relu(%n)
// CHECK-NEXT:    func.return
func.func @vectors_as_they_are(%x: tensor<3xf32>, %n: tensor<f32>) -> (tensor<f32>, tensor<f32>) {
  %y = edge.sum(%x, dim=[0]) : (tensor<3xf32>) -> tensor<f32>
  %z = edge.relu(%n) : (tensor<f32>) -> tensor<f32>
  func.return %y, %z : tensor<f32>, tensor<f32>
}

// -----

// CHECK-LABEL: @no_elements
// CHECK-NEXT:    [[Y:%[a-z0-9_]+]] = program.constant dense<[]> : tensor<0x3xf32>
// CHECK-NEXT:    func.return [[Y]]
func.func @no_elements(%x: tensor<0x3xf32>) -> tensor<0x3xf32> {
  %y = edge.exp(%x) : (tensor<0x3xf32>) -> tensor<0x3xf32>
  func.return %y : tensor<0x3xf32>
}

// -----

// Constants have numbers as sizes.
// CHECK-LABEL: @no_elements_in_rows_of_any_length
// CHECK-NEXT:    [[Y:%[a-z0-9_]+]] = edge.full(size=[0, s0], fill_value=0, dtype=f32)
// CHECK-NEXT:    func.return [[Y]]
func.func @no_elements_in_rows_of_any_length(%x: tensor<0x?xf32, #edge.layout<sizes = [0, s0]>>) -> tensor<0x?xf32, #edge.layout<sizes = [0, s0]>> {
  %y = edge.exp(%x) : (tensor<0x?xf32, #edge.layout<sizes = [0, s0]>>) -> tensor<0x?xf32, #edge.layout<sizes = [0, s0]>>
  func.return %y : tensor<0x?xf32, #edge.layout<sizes = [0, s0]>>
}

// -----

// CHECK-LABEL: @nothing_to_join
// CHECK-NEXT:    [[V:%[a-z0-9_]+]] = edge.cat([%x, %z]) : (tensor<2x3xf32>, tensor<1x3xf32>) -> tensor<3x3xf32>
// CHECK-NEXT:    func.return [[V]], %x
func.func @nothing_to_join(%x: tensor<2x3xf32>, %y: tensor<0x3xf32>, %z: tensor<1x3xf32>) -> (tensor<3x3xf32>, tensor<2x3xf32>) {
  %v = edge.cat([%x, %y, %z], dim=0) : (tensor<2x3xf32>, tensor<0x3xf32>, tensor<1x3xf32>) -> tensor<3x3xf32>
  %w = edge.cat([%y, %x], dim=0) : (tensor<0x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %v, %w : tensor<3x3xf32>, tensor<2x3xf32>
}

// -----

// CHECK-LABEL: @products_of_nothing
// CHECK-NEXT:    [[A:%[a-z0-9_]+]] = edge.full(size=[2, 3], fill_value=0, dtype=f32)
// CHECK-NEXT:    [[B:%[a-z0-9_]+]] = edge.full(size=[2, 3], fill_value=0, dtype=f32)
// CHECK-NEXT:    [[T:%[a-z0-9_]+]] = edge.full(size=[], fill_value=2.0, dtype=f32)
// CHECK-NEXT:    [[C:%[a-z0-9_]+]] = edge.mul(%c, [[T]])
// CHECK-NEXT:    [[D:%[a-z0-9_]+]] = edge.add([[B]], [[C]])
// CHECK-NEXT:    [[E:%[a-z0-9_]+]] = edge.full(size=[2, 3], fill_value=0, dtype=f32)
// CHECK-NEXT:    [[F:%[a-z0-9_]+]] = edge.add([[E]], %c)
// CHECK-NEXT:    func.return [[A]], [[D]], [[F]]
func.func @products_of_nothing(%x: tensor<2x0xf32>, %y: tensor<0x3xf32>, %c: tensor<3xf32>, %w: tensor<3x0xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) {
  %a = edge.mm(%x, %y) : (tensor<2x0xf32>, tensor<0x3xf32>) -> tensor<2x3xf32>
  %b = edge.addmm(%c, %x, %y, beta=2.0) : (tensor<3xf32>, tensor<2x0xf32>, tensor<0x3xf32>) -> tensor<2x3xf32>
  %d = edge.linear(%x, %w, bias=%c) : (tensor<2x0xf32>, tensor<3x0xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  func.return %a, %b, %d : tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>
}
