// RUN: etc-opt %s -p check-kernels | filecheck %s

// A custom operator has the kernel that its declaration names; what moves no byte needs none.
// CHECK-LABEL: @forward
// CHECK-NEXT:    edge.exp
// CHECK-NEXT:    edge.view_copy
// CHECK-NEXT:    myns.sharpen
program.custom_op "myns::sharpen(Tensor x) -> Tensor" kernel "myns::sharpen.out"
func.func @forward(%x: tensor<4xf32>, %m: tensor<2x2xcomplex<f32>>) -> (tensor<4xf32>, tensor<4xcomplex<f32>>) {
  %y = edge.exp(%x) : (tensor<4xf32>) -> tensor<4xf32>
  %z = edge.view_copy(%m, size=[4]) : (tensor<2x2xcomplex<f32>>) -> tensor<4xcomplex<f32>>
  %w = myns.sharpen(%y) : (tensor<4xf32>) -> tensor<4xf32>
  func.return %w, %z : tensor<4xf32>, tensor<4xcomplex<f32>>
}
