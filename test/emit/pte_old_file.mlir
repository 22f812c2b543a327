// RUN: etc-opt %s -t pte -o %t.pte
// RUN: etc-opt %t.pte | filecheck %s

// Constants inside the flatbuffer, as files before 2024-09 have them, and lists that are there but empty.

// CHECK:      exec.program empty ["backend_delegate_data", "segments", "constant_segment", "mutable_data_segments", "named_data"] {
exec.program empty ["backend_delegate_data", "segments", "constant_segment", "mutable_data_segments", "named_data"] {
  // CHECK-NEXT: exec.constant_buffer {
  // CHECK-NEXT:   exec.data @b1 : tensor<2xf32> = dense<[1.0, 2.0]>
  // CHECK-NEXT:   exec.data @b2 : tensor<3xui8> = dense<[1, 2, 3]>
  // CHECK-NEXT: }
  exec.constant_buffer {
    exec.data @w : tensor<2xf32> = dense<[1.0, 2.0]>
    exec.data @unused : tensor<3xui8> = dense<[1, 2, 3]>
  }
  // CHECK-NEXT: exec.plan @forward buffers [0] {
  exec.plan @forward buffers [0] {
    // CHECK-NEXT: %0 = exec.tensor f32 [2] data @b1
    %w = exec.tensor f32 [2] data @w
    exec.inputs()
    exec.outputs(%w)
    exec.chain {}
  }
}
