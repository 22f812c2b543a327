// RUN: etc-opt %s | filecheck %s
// RUN: etc-opt %s | etc-opt | filecheck %s

// Content of up to 32 elements is text, equal elements are written once.

exec.program {
  // CHECK:      exec.constant_segment {
  // CHECK-NEXT:   exec.data @ints : tensor<3xi64> = dense<[1, -2, 3]>
  // CHECK-NEXT:   exec.data @"odd \22name" : tensor<2x2xf32> = dense<0.5> at 48
  // CHECK-NEXT:   exec.data @scalar : tensor<i1> = dense<[true]>
  // CHECK-NEXT:   exec.data @nothing : tensor<0xui8> = dense<[]>
  // CHECK-NEXT:   exec.data @half : tensor<2xf16> = dense<[1.0, -inf]>
  // CHECK-NEXT: }
  exec.constant_segment {
    exec.data @ints : tensor<3xi64> = dense<[1, -2, 3]>
    exec.data @"odd \22name" : tensor<2x2xf32> = dense<[0.5, 0.5, 0.5, 0.5]> at 48
    exec.data @scalar : tensor<i1> = dense<true>
    exec.data @nothing : tensor<0xui8> = dense<[]>
    exec.data @half : tensor<2xf16> = dense<[1.0, -inf]>
  }
  // CHECK-NEXT: exec.segment @blob : tensor<3xui8> = dense<[1, 2, 255]> at 4096
  exec.segment @blob : tensor<3xui8> = dense<[1, 2, 255]> at 4096
  // CHECK-NEXT: exec.segment @large : tensor<64xui8> = #program.blob<"sha256:f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b">
  exec.segment @large : tensor<64xui8> = dense<0>
  // CHECK-NEXT: exec.constant_buffer {
  // CHECK-NEXT:   exec.data @old : tensor<1xf64> = dense<[2.0]>
  exec.constant_buffer {
    exec.data @old : tensor<1xf64> = dense<2.0>
  }
}
