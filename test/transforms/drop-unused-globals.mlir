// RUN: etc-opt %s -p drop-unused-globals | filecheck %s

// CHECK-NOT:     @unused
// CHECK:         program.global parameter @read
// CHECK-NEXT:    program.global mutable buffer @written
// CHECK-NOT:     @unread
program.global parameter @unused : tensor<2xf32> = dense<[1.0, 2.0]>
program.global parameter @read : tensor<2xf32> = dense<[3.0, 4.0]>
program.global mutable buffer @written : tensor<2xf32> = dense<0.0>
program.global mutable buffer @unread : tensor<2xf32>
func.func @forward() {
  %0 = program.load @read : tensor<2xf32>
  program.store %0, @written : tensor<2xf32>
  func.return
}
