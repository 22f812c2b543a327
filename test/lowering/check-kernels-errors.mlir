// RUN: not etc-opt %s -p check-kernels 2>&1 | filecheck %s --match-full-lines

// CHECK:      {{.*}}edge.clamp: the stock runtime's kernel clamp.out does not take these dtypes
// CHECK-NEXT:   found: uint8 -> uint8
// CHECK-NEXT:   next: cast the operands in the model, or register a decomposition with @decomposes
// CHECK-NEXT: {{.*}}edge.col2im: the stock runtime has no kernel for it
// CHECK-NEXT:   next: register a decomposition with @decomposes, link a custom kernel, or delegate it
// CHECK-NEXT: {{.*}}myns.blur: the stock runtime has no kernel for the custom operator myns::blur
// CHECK-NEXT:   expected: a kernel myns::blur.out linked into the runtime, or a decomposition
// CHECK-NEXT:   next: say that your runtime has it: compile(custom_kernels=["myns::blur.out"]), etc-compile --custom-kernel myns::blur.out; or register a decomposition: @decomposes("myns::blur")
// CHECK-EMPTY:
program.custom_op "myns::blur(Tensor x) -> Tensor"
func.func @forward(%x: tensor<4xui8>, %p: tensor<4x4xf32>) -> (tensor<4xui8>, tensor<4x2x2xf32>, tensor<4x4xf32>, tensor<4x4xf32>) {
  %y = edge.clamp(%x, min=2, max=9) : (tensor<4xui8>) -> tensor<4xui8>
  %z = edge.col2im(%p, output_size=[2, 2], kernel_size=[1, 1], dilation=[1, 1], padding=[0, 0], stride=[1, 1]) : (tensor<4x4xf32>) -> tensor<4x2x2xf32>
  %v = myns.blur(%p) : (tensor<4x4xf32>) -> tensor<4x4xf32>
  %w = edge.exp(%v) : (tensor<4x4xf32>) -> tensor<4x4xf32>
  func.return %y, %z, %v, %w : tensor<4xui8>, tensor<4x2x2xf32>, tensor<4x4xf32>, tensor<4x4xf32>
}
