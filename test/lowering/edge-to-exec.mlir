// RUN: etc-opt %s -p edge-to-exec --split-input-file --verify-diagnostics | filecheck %s

// Kernels take every argument of the schema, then the result, then the result once more. Numbers are shared.
// CHECK-LABEL: exec.program
// CHECK:         exec.data @w : tensor<2xf32> = dense<[1.0, 2.0]>
// CHECK:         exec.plan @kernels
// CHECK:         %w = exec.tensor f32 [2] data @w
// CHECK:         %[[ONE:[a-z0-9_]+]] = exec.int 1
// CHECK:         exec.inputs(%x)
// CHECK-NEXT:    exec.outputs(%z)
// CHECK:         exec.kernel "aten::add.out"(%x, %w, %[[ONE]], %y, %y)
// CHECK-NEXT:    exec.kernel "aten::add.out"(%y, %y, %[[ONE]], %z, %z)
program.global parameter @w : tensor<2xf32> = dense<[1.0, 2.0]>
func.func @kernels(%x: tensor<2xf32>) -> tensor<2xf32> {
  %w = program.load @w : tensor<2xf32>
  %y = edge.add(%x, %w) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %z = edge.add(%y, %y) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  func.return %z : tensor<2xf32>
}

// -----

// A copy that moves no byte becomes a view; one that does becomes a kernel.
// CHECK-LABEL: exec.plan @views
// CHECK:         %v = exec.tensor f32 [3, 2] view_of %x
// CHECK:         exec.kernel "aten::permute_copy.out"(%v,
func.func @views(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %v = edge.view_copy(%x, size=[3, 2]) : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %t = edge.permute_copy(%v, dims=[1, 0]) : (tensor<3x2xf32>) -> tensor<2x3xf32>
  func.return %t : tensor<2x3xf32>
}

// -----

// So does a slice that is a stretch of bytes, of what has planned memory; columns and constants are copied.
// CHECK-LABEL: exec.plan @slices
// CHECK:         %[[A:[a-z0-9_]+]] = exec.tensor f32 [3] view_of %x{{$}}
// CHECK:         %[[B:[a-z0-9_]+]] = exec.tensor f32 [2, 3] view_of %x at 24
// CHECK:         %[[C:[a-z0-9_]+]] = exec.tensor f32 [1, 3] view_of %[[B]] at 12
// CHECK:         %d = exec.tensor f32 [1, 4, 3] view_of %v{{$}}
// CHECK:         %e = exec.tensor f32 [1, 2, 3] view_of %v at 48
// CHECK:         exec.chain {
// CHECK-NEXT:      exec.kernel "aten::slice_copy.Tensor_out"(%x,
// CHECK-NEXT:      exec.kernel "aten::select_copy.int_out"(%w,
// CHECK-NEXT:    }
program.global parameter @w : tensor<2x3xf32> = dense<[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]>
func.func @slices(%x: tensor<4x3xf32>, %v: tensor<1x6x3xf32>) -> (tensor<3xf32>, tensor<1x3xf32>, tensor<4x3xf32>, tensor<2x3xf32>, tensor<4x1xf32>, tensor<3xf32>) {
  %a = edge.select_copy(%x, dim=0, index=-4) : (tensor<4x3xf32>) -> tensor<3xf32>
  %b = edge.slice_copy(%x, dim=0, start=-2, end=9) : (tensor<4x3xf32>) -> tensor<2x3xf32>
  %c = edge.slice_copy(%b, dim=0, start=1) : (tensor<2x3xf32>) -> tensor<1x3xf32>
  %d, %e = edge.split_with_sizes_copy(%v, split_sizes=[4, 2], dim=1) : (tensor<1x6x3xf32>) -> (tensor<1x4x3xf32>, tensor<1x2x3xf32>)
  %p = edge.view_copy(%d, size=[4, 3]) : (tensor<1x4x3xf32>) -> tensor<4x3xf32>
  %q = edge.view_copy(%e, size=[2, 3]) : (tensor<1x2x3xf32>) -> tensor<2x3xf32>
  %f = edge.slice_copy(%x, dim=1, start=1, end=2) : (tensor<4x3xf32>) -> tensor<4x1xf32>
  %w = program.load @w : tensor<2x3xf32>
  %g = edge.select_copy(%w, dim=0, index=1) : (tensor<2x3xf32>) -> tensor<3xf32>
  func.return %a, %c, %p, %q, %f, %g : tensor<3xf32>, tensor<1x3xf32>, tensor<4x3xf32>, tensor<2x3xf32>, tensor<4x1xf32>, tensor<3xf32>
}

// -----

// A small part of a tensor is copied, so that the rest need not be kept.
// CHECK-LABEL: exec.plan @small_part
// CHECK:         exec.kernel "aten::select_copy.int_out"(
func.func @small_part(%x: tensor<4x3xf32>) -> tensor<3xf32> {
  %y = edge.relu(%x) : (tensor<4x3xf32>) -> tensor<4x3xf32>
  %z = edge.select_copy(%y, dim=0, index=2) : (tensor<4x3xf32>) -> tensor<3xf32>
  func.return %z : tensor<3xf32>
}

// -----

// State whose old content nothing needs any more is computed where it lies.
// CHECK-LABEL: exec.program
// CHECK:         exec.mutable_segment
// CHECK:         exec.data @calls : tensor<1xi64> = dense<[0]>
// CHECK:         %calls = exec.tensor i64 [1] data @calls fqn "calls"
// CHECK:         exec.kernel "aten::add.out"(%calls, %x, %{{.*}}, %calls, %calls)
// CHECK-NOT:     aten::copy_
program.global mutable buffer @calls : tensor<1xi64> = dense<[0]>
func.func @state(%x: tensor<1xi64>) -> tensor<1xi64> {
  %old = program.load @calls : tensor<1xi64>
  %new = edge.add(%old, %x) : (tensor<1xi64>, tensor<1xi64>) -> tensor<1xi64>
  program.store %new, @calls : tensor<1xi64>
  func.return %x : tensor<1xi64>
}

// -----

// State whose old content is returned is copied first, and the new content is copied in.
// CHECK-LABEL: exec.plan @old_content
// CHECK:         exec.outputs(%[[OLD:[a-z0-9_]+]])
// CHECK:         exec.kernel "aten::add.out"(%calls, %x, %{{.*}}, %new, %new)
// CHECK-NEXT:    exec.kernel "dim_order_ops::_clone_dim_order.out"(%calls, %{{.*}}, %[[OLD]], %[[OLD]])
// CHECK-NEXT:    exec.kernel "aten::copy_"(%calls, %new,
program.global mutable buffer @calls : tensor<1xi64> = dense<[0]>
func.func @old_content(%x: tensor<1xi64>) -> tensor<1xi64> {
  %old = program.load @calls : tensor<1xi64>
  %new = edge.add(%old, %x) : (tensor<1xi64>, tensor<1xi64>) -> tensor<1xi64>
  program.store %new, @calls : tensor<1xi64>
  func.return %old : tensor<1xi64>
}

// -----

// Sizes known at run time are computed by the runtime; tensors are as large as they may become.
// CHECK-LABEL: exec.plan @sizes
// CHECK:         %x = exec.tensor f32 [8, 4] dynamism bound
// CHECK:         exec.kernel "aten::sym_size.int"(%x, %{{.*}}, %s0)
// CHECK-NEXT:    exec.kernel "executorch_prim::mul.Scalar"(%s0,
// CHECK:         exec.kernel "aten::full.out"
func.func @sizes(%x: tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>) -> tensor<?xf32, #edge.layout<sizes = [s0*2]>> attributes {program.symbols = #program.symbols<s0 = [1, 8]>} {
  %y = edge.full(size=[s0*2], fill_value=1.0, dtype=f32) : () -> tensor<?xf32, #edge.layout<sizes = [s0*2]>>
  func.return %y : tensor<?xf32, #edge.layout<sizes = [s0*2]>>
}

// -----

// CHECK: model.py:3: edge.sort: the stock runtime has no kernel for it
// CHECK-NEXT: next: register a decomposition into operators that it has, or a custom kernel
func.func @no_kernel(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y, %i = edge.sort(%x) : (tensor<4xf32>) -> (tensor<4xf32>, tensor<4xi64>) loc("model.py":3:0)
  func.return %y : tensor<4xf32>
}
