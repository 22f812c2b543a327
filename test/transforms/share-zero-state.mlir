// RUN: etc-opt %s -p share-zero-state --split-input-file | filecheck %s

// State that starts at zero is cleared by pieces of one block; the last piece ends where the state ends.
// CHECK-LABEL: exec.program
// CHECK:       exec.mutable_segment {
// CHECK-NEXT:    exec.data @zeros : tensor<1024xui8> = #program.blob
// CHECK-NEXT:  }
// CHECK:       %cache = exec.tensor f32 [640] alloc(1, 64) fqn "cache"
// CHECK-NEXT:  exec.tensor ui8 [1024] alloc(1, 64) data @zeros
// CHECK-NEXT:  exec.tensor ui8 [1024] alloc(1, 1088) data @zeros
// CHECK-NEXT:  exec.tensor ui8 [1024] alloc(1, 1600) data @zeros
// CHECK-NEXT:  %x
exec.program {
  exec.constant_segment {
  }
  exec.mutable_segment {
    exec.data @cache : tensor<640xf32> = dense<0.0>
  }
  exec.plan @forward buffers [0, 2688] {
    %cache = exec.tensor f32 [640] alloc(1, 64) data @cache fqn "cache"
    %x = exec.tensor f32 [8] alloc(1, 0)
    exec.inputs(%x)
    exec.outputs(%x)
    exec.chain {
    }
  }
}

// -----

// Other initial values stay as they are.
// CHECK-LABEL: exec.program
// CHECK:       exec.data @calls : tensor<2xf32> = dense<[0.0, 1.0]>
// CHECK:       %calls = exec.tensor f32 [2] alloc(1, 64) data @calls
exec.program {
  exec.constant_segment {
  }
  exec.mutable_segment {
    exec.data @calls : tensor<2xf32> = dense<[0.0, 1.0]>
  }
  exec.plan @forward buffers [0, 128] {
    %calls = exec.tensor f32 [2] alloc(1, 64) data @calls
    exec.inputs()
    exec.outputs(%calls)
    exec.chain {
    }
  }
}
