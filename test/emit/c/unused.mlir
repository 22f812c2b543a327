// RUN: etc-opt %s -t c | filecheck %s

// What only feeds values that are not used is left out; the same name in another block does not save it.

builtin.module {
  // CHECK:      static MODEL_KERNEL void model_k(const float *MODEL_RESTRICT x, float *MODEL_RESTRICT y)
  // CHECK-NEXT: {
  // CHECK-NEXT:   for (ptrdiff_t i = 0; i < 4; ++i) {
  // CHECK-NEXT:   }
  // CHECK-NEXT:   for (ptrdiff_t i = 0; i < 4; ++i) {
  // CHECK-NEXT:     const float a = x[i];
  // CHECK-NEXT:     y[i] = a * a;
  // CHECK-NEXT:   }
  // CHECK-NEXT: }
  func.func private @k(%x: memref<4xf32>, %y: memref<4xf32>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    %first = memref.load %x[%c0] : memref<4xf32>
    %half = memref.subview %x[2] [2] [1] : memref<4xf32> to memref<2xf32, strided<[1], offset: 2>>
    scf.for %i = %c0 to %c4 step %c1 {
      %a = memref.load %x[%i] : memref<4xf32>
      %b = arith.addf %a, %first : f32
      %c = arith.mulf %a, %b : f32
      %d = memref.load %half[%c0] : memref<2xf32, strided<[1], offset: 2>>
    }
    scf.for %i = %c0 to %c4 step %c1 {
      %a = memref.load %x[%i] : memref<4xf32>
      %s = arith.mulf %a, %a : f32
      memref.store %s, %y[%i] : memref<4xf32>
    }
    func.return
  }
  func.func @forward(%x: memref<4xf32>, %y: memref<4xf32>) attributes {
      "c.inputs" = [tensor<4xf32>], "c.outputs" = [tensor<4xf32>]} {
    func.call @k(%x, %y) : (memref<4xf32>, memref<4xf32>) -> ()
    func.return
  }
}
