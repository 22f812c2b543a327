// RUN: etc-opt %s -p edge-to-linalg --split-input-file --verify-diagnostics | filecheck %s

// Half precision is computed in float32 and rounded once; sizes over symbols are read off the inputs.
// CHECK-LABEL: func.func @leaky_relu(%x: tensor<?x4xf16>) -> tensor<?x4xf16>
// CHECK-SAME:    c.inputs = [tensor<?x4xf16, #edge.layout<sizes = [n, 4]>>]
// CHECK:         %n = tensor.dim %x, %{{.*}} : tensor<?x4xf16>
// CHECK-NEXT:    [[E:%.*]] = tensor.empty(%n){{.*}} : tensor<?x4xf16>
// CHECK-NEXT:    %y = linalg.generic {{.*}}doc = "edge.leaky_relu"} ins(%x : tensor<?x4xf16>) outs([[E]]
// CHECK:           [[X:%.*]] = arith.extf %{{.*}} : f16 to f32
// CHECK:           [[M:%.*]] = arith.mulf [[X]]
// CHECK-NEXT:      [[S:%.*]] = arith.select %{{.*}}, [[X]], [[M]] : f32
// CHECK-NEXT:      arith.truncf [[S]] : f32 to f16
func.func @leaky_relu(%x: tensor<?x4xf16, #edge.layout<sizes = [n, 4]>>) -> tensor<?x4xf16, #edge.layout<sizes = [n, 4]>>
    attributes {program.symbols = #program.symbols<n = [1, 8]>} {
  %y = edge.leaky_relu(%x) : (tensor<?x4xf16, #edge.layout<sizes = [n, 4]>>) -> tensor<?x4xf16, #edge.layout<sizes = [n, 4]>>
  func.return %y : tensor<?x4xf16, #edge.layout<sizes = [n, 4]>>
}

// -----

// Operands broadcast by their indices; unsigned integers are compared as such.
// CHECK-LABEL: func.func @lt(%x: tensor<4xi8>, %y: tensor<3x1xi8>)
// CHECK:         linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, 0)>
// CHECK:           arith.cmpi ult
func.func @lt(%x: tensor<4xui8>, %y: tensor<3x1xui8>) -> tensor<3x4xi1> {
  %z = edge.lt(%x, %y) : (tensor<4xui8>, tensor<3x1xui8>) -> tensor<3x4xi1>
  func.return %z : tensor<3x4xi1>
}

// -----

// As in torch, dividing an integer by 0 is an error.
// CHECK-LABEL: func.func @remainder
// CHECK:         [[N:%.*]] = arith.cmpi ne, [[D:%.*]], %{{.*}} : i32
// CHECK-NEXT:    cf.assert [[N]], "an integer is divided by 0"
// CHECK-NEXT:    arith.remsi %{{.*}}, [[D]] : i32
func.func @remainder(%x: tensor<4xi32>, %y: tensor<4xi32>) -> tensor<4xi32> {
  %z = edge.remainder(%x, %y) : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  func.return %z : tensor<4xi32>
}

// -----

// What has no elements is not computed, and what only changes its shape costs nothing.
// CHECK-LABEL: func.func @free
// CHECK-NEXT:    [[E:%.*]] = tensor.empty() : tensor<0x4xf32>
// CHECK-NEXT:    [[S:%.*]] = arith.constant dense<[3, 1, 4]> : tensor<3xindex>
// CHECK-NEXT:    [[R:%.*]] = tensor.reshape %x([[S]]) : (tensor<1x3x4xf32>, tensor<3xindex>) -> tensor<3x1x4xf32>
// CHECK-NEXT:    func.return [[E]], [[R]]
func.func @free(%e: tensor<0x4xf32>, %x: tensor<1x3x4xf32>) -> (tensor<0x4xf32>, tensor<3x1x4xf32>) {
  %0 = edge.exp(%e) : (tensor<0x4xf32>) -> tensor<0x4xf32>
  %1 = edge.permute_copy(%x, dims=[1, 0, 2]) : (tensor<1x3x4xf32>) -> tensor<3x1x4xf32>
  func.return %0, %1 : tensor<0x4xf32>, tensor<3x1x4xf32>
}

// -----

// Slices are views, joins are written part by part, and what moves elements says so by affine maps.
// CHECK-LABEL: func.func @parts
// CHECK:         [[P:%.*]] = tensor.extract_slice %x[1, 0] [2, 4] [2, 1] : tensor<5x4xf32> to tensor<2x4xf32>
// CHECK:         linalg.generic {indexing_maps = [affine_map<(d0) -> (d0, 3)>, affine_map<(d0) -> (d0)>]
// CHECK:         [[E:%.*]] = tensor.empty() : tensor<7x4xf32>
// CHECK:         [[A:%.*]] = tensor.insert_slice %x into [[E]][0, 0] [5, 4] [1, 1]
// CHECK:         tensor.insert_slice [[P]] into [[A]][5, 0] [2, 4] [1, 1]
// CHECK:         linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (((d0 * -1) + 4), d1)>
func.func @parts(%x: tensor<5x4xf32>) -> (tensor<5xf32>, tensor<7x4xf32>, tensor<5x4xf32>) {
  %0 = edge.slice_copy(%x, dim=0, start=-4, end=-1, step=2) : (tensor<5x4xf32>) -> tensor<2x4xf32>
  %1 = edge.select_copy(%x, dim=1, index=-1) : (tensor<5x4xf32>) -> tensor<5xf32>
  %2 = edge.cat([%x, %0]) : (tensor<5x4xf32>, tensor<2x4xf32>) -> tensor<7x4xf32>
  %3 = edge.flip(%x, dims=[0]) : (tensor<5x4xf32>) -> tensor<5x4xf32>
  func.return %1, %2, %3 : tensor<5xf32>, tensor<7x4xf32>, tensor<5x4xf32>
}

// -----

// Images twice as large repeat elements by an affine map; borders of a constant are tensor.pad.
// CHECK-LABEL: func.func @images
// CHECK:         linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2, d4)>
// CHECK:         tensor.reshape %{{.*}} : (tensor<1x2x3x2x4x2xf32>, tensor<4xindex>) -> tensor<1x2x6x8xf32>
// CHECK:         tensor.pad %x low[0, 0, 1, 2] high[0, 0, 1, 2]
func.func @images(%x: tensor<1x2x3x4xf32>) -> (tensor<1x2x6x8xf32>, tensor<1x2x5x8xf32>) {
  %0 = edge.upsample_nearest2d(%x, output_size=[6, 8]) : (tensor<1x2x3x4xf32>) -> tensor<1x2x6x8xf32>
  %1 = edge.constant_pad_nd(%x, pad=[2, 2, 1, 1]) : (tensor<1x2x3x4xf32>) -> tensor<1x2x5x8xf32>
  func.return %0, %1 : tensor<1x2x6x8xf32>, tensor<1x2x5x8xf32>
}

// -----

// CHECK-LABEL: func.func @cond
// CHECK:         [[P:%.*]] = tensor.extract %p[] : tensor<i1>
// CHECK-NEXT:    %y = scf.if [[P]] -> (tensor<4xf32>) {
// CHECK:           scf.yield %b : tensor<4xf32>
// CHECK:         } else {
// CHECK-NEXT:      scf.yield %x : tensor<4xf32>
func.func @cond(%p: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  %y = edge.cond(%p) : (tensor<i1>) -> tensor<4xf32> then {
    %b = edge.relu(%x) : (tensor<4xf32>) -> tensor<4xf32>
    edge.yield %b : tensor<4xf32>
  } else {
    edge.yield %x : tensor<4xf32>
  }
  func.return %y : tensor<4xf32>
}

// -----

// A scan carries its state and the stacked results, of which each round writes a row.
// CHECK-LABEL: func.func @scan
// CHECK:         scf.for %{{.*}} iter_args([[H:%.*]] = %h, [[S:%.*]] = %{{.*}}) -> (tensor<4xf32>, tensor<5x4xf32>) {
// CHECK:           tensor.extract_slice %xs[%{{.*}}, 0] [1, 4] [1, 1]
// CHECK:           tensor.insert_slice %{{.*}} into [[S]][%{{.*}}, 0] [1, 4] [1, 1]
// CHECK-NEXT:      scf.yield
func.func @scan(%h: tensor<4xf32>, %xs: tensor<5x4xf32>) -> (tensor<4xf32>, tensor<5x4xf32>) {
  %last, %all = edge.scan(init=[%h], xs=[%xs]) : (tensor<4xf32>, tensor<5x4xf32>) -> (tensor<4xf32>, tensor<5x4xf32>)
  combine(%c: tensor<4xf32>, %x: tensor<4xf32>) {
    %n = edge.add(%c, %x) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    edge.yield %n, %n : tensor<4xf32>, tensor<4xf32>
  }
  func.return %last, %all : tensor<4xf32>, tensor<5x4xf32>
}

// -----

// All that cannot be done is said at once, in regions too.
// CHECK:      edge.rand: there are no random numbers in C
// CHECK:      edge.randn: there are no random numbers in C
// CHECK:      edge.upsample_bilinear2d: images of uint8 have no C implementation
func.func @refused(%p: tensor<i1>) -> tensor<2xf32> {
  %y = edge.cond(%p) : (tensor<i1>) -> tensor<2xf32> then {
    %r = edge.rand(size=[2]) : () -> tensor<2xf32>
    edge.yield %r : tensor<2xf32>
  } else {
    %z = edge.randn(size=[2]) : () -> tensor<2xf32>
    edge.yield %z : tensor<2xf32>
  }
  func.return %y : tensor<2xf32>
}

// -----

func.func @bytes(%x: tensor<1x1x2x2xui8>) -> tensor<1x1x3x3xui8> {
  %y = edge.upsample_bilinear2d(%x, output_size=[3, 3], align_corners=false) : (tensor<1x1x2x2xui8>) -> tensor<1x1x3x3xui8>
  func.return %y : tensor<1x1x3x3xui8>
}
