// RUN: etc-opt %s -t pte -o %t.pte
// RUN: etc-opt %t.pte | filecheck %s

// Places that the emitter would not choose survive; those that it would choose are not written.

// CHECK:      exec.program {
exec.program {
  // CHECK-NEXT: exec.constant_segment at 32 size 80 {
  // CHECK-NEXT:   exec.data @c1 : tensor<2xf32> = dense<1.0> at 16
  // CHECK-NEXT:   exec.data @c2 : tensor<2xf32> = dense<2.0>
  // CHECK-NEXT:   exec.data @c3 : tensor<2xf32> = dense<1.0> at 64
  // CHECK-NEXT:   exec.data @c4 : tensor<2xf32> = dense<1.0> at 64
  // CHECK-NEXT: }
  exec.constant_segment at 32 size 80 {
    exec.data @a : tensor<2xf32> = dense<1.0> at 16
    exec.data @b : tensor<2xf32> = dense<2.0> at 32
    exec.data @copy : tensor<2xf32> = dense<1.0> at 64
    exec.data @copy2 : tensor<2xf32> = dense<1.0> at 64
  }
  // CHECK-NEXT: exec.segment @segment1 : tensor<1xui8> = dense<[1]>
  exec.segment @blob : tensor<1xui8> = dense<[1]> at 128
  exec.plan @forward buffers [0] {
    %a = exec.tensor f32 [2] data @a
    %b = exec.tensor f32 [2] data @b
    %c = exec.tensor f32 [2] data @copy
    %d = exec.tensor f32 [2] data @copy2
    exec.inputs()
    exec.outputs(%a)
    exec.chain {}
  }
}
