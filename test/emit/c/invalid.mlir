// RUN: etc-opt %s -t c --split-input-file --verify-diagnostics | filecheck %s

// All that has no spelling in C is said at once.

builtin.module {
  // CHECK:      arith.addf: it has no spelling in C
  // CHECK-NEXT:   found: arith.addf of f16; it must be converted to f32 first
  // CHECK-NEXT: memref.alloca: it has no spelling in C
  // CHECK-NEXT:   found: memref.alloca of a size that is known only at run time
  // CHECK-NEXT: test.op: it has no spelling in C
  // CHECK-NEXT:   found: test.op is not one of the operations that the C printer knows
  func.func private @k(%x: memref<4xf16>, %n: index) {
    %c0 = arith.constant 0 : index
    %a = memref.load %x[%c0] : memref<4xf16>
    %b = arith.addf %a, %a : f16
    memref.store %b, %x[%c0] : memref<4xf16>
    %t = memref.alloca(%n) : memref<?xf32>
    "test.op"() : () -> ()
    func.return
  }
}

// -----

// CHECK:      model.py:4: func.func: the size s0 of x has no upper bound
// CHECK-NEXT:   expected: a range for each symbol
// CHECK-NEXT:   next: give torch.export.Dim a max, or --bound
builtin.module {
  func.func @forward(%x: memref<?xf32>) attributes {
      program.inputs = ["x"], "c.inputs" = [tensor<?xf32, #edge.layout<sizes = [s0]>>], "c.outputs" = []} {
    func.return
  } loc("model.py":4:1)
}

// -----

// CHECK:      func.func: its arguments are not described
// CHECK-NEXT:   expected: attributes c.inputs and c.outputs, with the type of each argument but the pools
// CHECK-NEXT:   found: 0 inputs and 0 outputs for 1 arguments
builtin.module {
  func.func @forward(%x: memref<4xf32>) {
    func.return
  }
}

// -----

// CHECK:      memref.get_global: it has no spelling in C
// CHECK-NEXT:   found: there is no program.global @w with content
builtin.module {
  func.func @forward() attributes {"c.inputs" = [], "c.outputs" = []} {
    %w = memref.get_global @w : memref<4xf32>
    func.return
  }
}
