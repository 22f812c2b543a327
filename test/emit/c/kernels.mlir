// RUN: etc-opt %s -t c --split-input-file | filecheck %s

// A sum over three loops is one variable; addresses are sums; a single use is written where it stands.

builtin.module {
  program.global parameter @conv.weight : tensor<2x3x3x3xf32> = dense<0.25>
  // CHECK:      /* max(a, b), NaN if a is; b is a number. */
  // CHECK-NEXT: static inline float model_at_least_f32(float a, float b)
  // CHECK-NEXT: {
  // CHECK-NEXT:   return (a < b) ? b : a;
  // CHECK-NEXT: }

  // CHECK:      /* edge.conv, edge.relu, net.py:12 */
  // CHECK-NEXT: static MODEL_KERNEL void model_conv(
  // CHECK-NEXT:   const float *MODEL_RESTRICT x,
  // CHECK-NEXT:   ptrdiff_t x_d0,
  // CHECK-NEXT:   const float *MODEL_RESTRICT w,
  // CHECK-NEXT:   float *MODEL_RESTRICT out,
  // CHECK-NEXT:   ptrdiff_t out_d0)
  // CHECK-NEXT: {
  // CHECK-NEXT:   (void)out_d0;
  // CHECK-NEXT:   for (ptrdiff_t i = 0; i < x_d0; ++i) {
  // CHECK-NEXT:     for (ptrdiff_t o = 0; o < 2; ++o) {
  // CHECK-NEXT:       for (ptrdiff_t h = 0; h < 6; ++h) {
  // CHECK-NEXT:         float acc = 0.0f;
  // CHECK-NEXT:         for (ptrdiff_t c = 0; c < 3; ++c) {
  // CHECK-NEXT:           for (ptrdiff_t ky = 0; ky < 3; ++ky) {
  // CHECK-NEXT:             acc += x[i * 192 + c * 64 + h * 8 + ky * 8 + 8] * w[o * 27 + c * 9 + ky * 3];
  // CHECK-NEXT:           }
  // CHECK-NEXT:         }
  // CHECK-NEXT:         out[i * 12 + o * 6 + h] = model_at_least_f32(acc, 0.0f);
  // CHECK-NEXT:       }
  // CHECK-NEXT:     }
  // CHECK-NEXT:   }
  // CHECK-NEXT: }
  func.func private @conv(%x: memref<?x3x8x8xf32>, %w: memref<2x3x3x3xf32>, %out: memref<?x2x6xf32>)
      attributes {"c.doc" = "edge.conv, edge.relu"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c3 = arith.constant 3 : index
    %c6 = arith.constant 6 : index
    %z = arith.constant 0.0 : f32
    %n = memref.dim %x, %c0 : memref<?x3x8x8xf32>
    scf.for %i = %c0 to %n step %c1 {
      scf.for %o = %c0 to %c2 step %c1 {
        scf.for %h = %c0 to %c6 step %c1 {
          %s = scf.for %c = %c0 to %c3 step %c1 iter_args(%acc = %z) -> (f32) {
            %s1 = scf.for %ky = %c0 to %c3 step %c1 iter_args(%acc1 = %acc) -> (f32) {
              %y = arith.addi %h, %ky : index
              %y1 = arith.addi %y, %c1 : index
              %a = memref.load %x[%i, %c, %y1, %c0] : memref<?x3x8x8xf32>
              %wv = memref.load %w[%o, %c, %ky, %c0] : memref<2x3x3x3xf32>
              %p = arith.mulf %a, %wv : f32
              %q = arith.addf %acc1, %p : f32
              scf.yield %q : f32
            }
            scf.yield %s1 : f32
          }
          %r = arith.maximumf %s, %z : f32
          memref.store %r, %out[%i, %o, %h] : memref<?x2x6xf32>
        }
      }
    }
    func.return
  } loc("/home/me/net.py":12:3)

  // CHECK:      MODEL_CODE_SECTION int model_run(const model_io_t *io, void *arena, void *state)
  // CHECK-NEXT: {
  // CHECK-NEXT:   (void)state;
  // CHECK-NEXT:   if ((io == NULL) || (arena == NULL)) {
  // CHECK-NEXT:     return MODEL_ERROR_NULL;
  // CHECK-NEXT:   }
  // CHECK-NEXT:   if ((io->x == NULL) || (io->out == NULL)) {
  // CHECK-NEXT:     return MODEL_ERROR_NULL;
  // CHECK-NEXT:   }
  // CHECK-NEXT:   if ((uintptr_t)arena % MODEL_ARENA_ALIGN != 0U) {
  // CHECK-NEXT:     return MODEL_ERROR_ALIGNMENT;
  // CHECK-NEXT:   }
  // CHECK-NEXT:   if ((io->s0 < 1U) || (io->s0 > 4U)) {
  // CHECK-NEXT:     return MODEL_ERROR_SIZE;
  // CHECK-NEXT:   }
  // CHECK-NEXT:   const ptrdiff_t s0 = (ptrdiff_t)io->s0;
  // CHECK-NEXT:   int8_t *const memory = (int8_t *)arena;
  // CHECK-NEXT:   float *const t = (float *)(void *)&memory[64];
  // CHECK-NEXT:   /* 0: edge.conv, edge.relu, net.py:12 */
  // CHECK-NEXT:   MODEL_STEP(0, model_conv(io->x, s0, model_conv_weight, t, s0));
  // CHECK-NEXT:   (void)memcpy(io->out, t, (size_t)(s0 * 12) * sizeof(float));
  // CHECK-NEXT:   return MODEL_OK;
  // CHECK-NEXT: }
  func.func @forward(%x: memref<?x3x8x8xf32>, %out: memref<?x2x6xf32>, %arena: memref<1024xi8>) attributes {
      program.inputs = ["x"], program.outputs = ["out"], program.symbols = #program.symbols<s0 = [1, 4]>,
      "c.inputs" = [tensor<?x3x8x8xf32, #edge.layout<sizes = [s0, 3, 8, 8]>>],
      "c.outputs" = [tensor<?x2x6xf32, #edge.layout<sizes = [s0, 2, 6]>>], "c.pools" = ["arena"]} {
    %c0 = arith.constant 0 : index
    %c64 = arith.constant 64 : index
    %w = memref.get_global @conv.weight : memref<2x3x3x3xf32>
    %n = memref.dim %x, %c0 : memref<?x3x8x8xf32>
    %t = memref.view %arena[%c64][%n] : memref<1024xi8> to memref<?x2x6xf32>
    func.call @conv(%x, %w, %t) : (memref<?x3x8x8xf32>, memref<2x3x3x3xf32>, memref<?x2x6xf32>) -> ()
    "memref.copy"(%t, %out) : (memref<?x2x6xf32>, memref<?x2x6xf32>) -> ()
    func.return
  }
  // CHECK:      extern const float model_conv_weight[54];
  // CHECK:      /* conv.weight: float32 2x3x3x3 */
  // CHECK-NEXT: MODEL_WEIGHTS_SECTION MODEL_WEIGHTS_ALIGN
  // CHECK-NEXT: const float model_conv_weight[54] = {
  // CHECK-NEXT:   0.25f, 0.25f, 0.25f, 0.25f, 0.25f, 0.25f, 0.25f, 0.25f,
}

// -----

// Memory that may overlap is not restrict: the second call works in place. Weights and temporaries elsewhere are.

builtin.module {
  program.global constant @k : tensor<4xf32> = dense<2.0>
  // CHECK: static MODEL_KERNEL void model_scale(const float *x, const float *MODEL_RESTRICT k, float *y)
  func.func private @scale(%x: memref<4xf32>, %k: memref<4xf32>, %y: memref<4xf32>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    scf.for %i = %c0 to %c4 step %c1 {
      %a = memref.load %x[%i] : memref<4xf32>
      %b = memref.load %k[%i] : memref<4xf32>
      %p = arith.mulf %a, %b : f32
      memref.store %p, %y[%i] : memref<4xf32>
    }
    func.return
  }
  func.func @forward(%x: memref<4xf32>, %out: memref<4xf32>, %arena: memref<32xi8>) attributes {
      "c.inputs" = [tensor<4xf32>], "c.outputs" = [tensor<4xf32>], "c.pools" = ["arena"]} {
    %c0 = arith.constant 0 : index
    %c16 = arith.constant 16 : index
    %k = memref.get_global @k : memref<4xf32>
    %t = memref.view %arena[%c0][] : memref<32xi8> to memref<4xf32>
    %u = memref.view %arena[%c16][] : memref<32xi8> to memref<4xf32>
    func.call @scale(%x, %k, %t) : (memref<4xf32>, memref<4xf32>, memref<4xf32>) -> ()
    func.call @scale(%t, %k, %u) : (memref<4xf32>, memref<4xf32>, memref<4xf32>) -> ()
    func.call @scale(%u, %k, %u) : (memref<4xf32>, memref<4xf32>, memref<4xf32>) -> ()
    "memref.copy"(%u, %out) : (memref<4xf32>, memref<4xf32>) -> ()
    func.return
  }
}

// -----

// Temporaries of sizes known at run time are apart when their largest sizes are.

builtin.module {
  // CHECK: static MODEL_KERNEL void model_apart(
  // CHECK-NEXT: const float *MODEL_RESTRICT x,
  // CHECK: float *MODEL_RESTRICT y,
  func.func private @apart(%x: memref<?xf32>, %y: memref<?xf32>) {
    %c0 = arith.constant 0 : index
    %a = memref.load %x[%c0] : memref<?xf32>
    memref.store %a, %y[%c0] : memref<?xf32>
    func.return
  }
  // CHECK: static MODEL_KERNEL void model_unknown(const float *x, ptrdiff_t x_d0, float *y, ptrdiff_t y_d0)
  func.func private @unknown(%x: memref<?xf32>, %y: memref<?xf32>) {
    %c0 = arith.constant 0 : index
    %a = memref.load %x[%c0] : memref<?xf32>
    memref.store %a, %y[%c0] : memref<?xf32>
    func.return
  }
  func.func @forward(%x: memref<?xf32>, %arena: memref<64xi8>) attributes {
      "c.inputs" = [tensor<?xf32, #edge.layout<sizes = [n]>>], "c.outputs" = [], "c.pools" = ["arena"],
      program.symbols = #program.symbols<n = [1, 8]>} {
    %c0 = arith.constant 0 : index
    %c32 = arith.constant 32 : index
    %n = memref.dim %x, %c0 : memref<?xf32>
    %t = memref.view %arena[%c0][%n] {c.max_elements = 8} : memref<64xi8> to memref<?xf32>
    %u = memref.view %arena[%c32][%n] {c.max_elements = 8} : memref<64xi8> to memref<?xf32>
    %v = memref.view %arena[%c32][%n] : memref<64xi8> to memref<?xf32>
    func.call @apart(%x, %t) : (memref<?xf32>, memref<?xf32>) -> ()
    func.call @apart(%t, %u) : (memref<?xf32>, memref<?xf32>) -> ()
    func.call @unknown(%t, %v) : (memref<?xf32>, memref<?xf32>) -> ()
    func.return
  }
}

// -----

// Names: words of C and C++, functions of the library, other languages, two of the same.

builtin.module {
  // CHECK: #define MODEL_ARENA_2_BYTES 8U
  // CHECK: const float *arena_2; /* arena: float32 [2] */
  // CHECK: float *class_v; /* class: float32 [2] */
  // CHECK: float *Class; /* Class: float32 [2] */
  // CHECK: static MODEL_KERNEL void model_exp(const float *MODEL_RESTRICT double_v, float *MODEL_RESTRICT new_v)
  // CHECK:   const float expf_v = double_v[0] * double_v[1];
  // CHECK:   new_v[0] = expf(expf_v) + expf_v;
  func.func private @exp(%double: memref<2xf32>, %new: memref<2xf32>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %a = memref.load %double[%c0] : memref<2xf32>
    %b = memref.load %double[%c1] : memref<2xf32>
    %expf = arith.mulf %a, %b : f32
    %e = math.exp %expf : f32
    %r = arith.addf %e, %expf : f32
    memref.store %r, %new[%c0] : memref<2xf32>
    func.return
  }
  func.func @forward(%x: memref<2xf32>, %y: memref<2xf32>, %z: memref<2xf32>) attributes {
      program.inputs = ["arena"], program.outputs = ["class", "Class"],
      "c.inputs" = [tensor<2xf32>], "c.outputs" = [tensor<2xf32>, tensor<2xf32>]} {
    func.call @exp(%x, %y) : (memref<2xf32>, memref<2xf32>) -> ()
    func.call @exp(%x, %z) : (memref<2xf32>, memref<2xf32>) -> ()
    func.return
  }
}
