// RUN: not etc-opt %s -p convert-quantization 2>&1 | filecheck %s
// RUN: not etc-opt %s -p 'calibrate{data="nowhere.npz"}' 2>&1 | filecheck %s --check-prefix FILE

// CHECK:      net.py:2: quant.observe: "a" has no scale yet
// CHECK-NEXT:   next: run calibrate{data="FILE.npz"} before this pass
// CHECK:      net.py:3: quant.observe: "b" has no scale yet
// CHECK-NOT:  "a"

// FILE:       nowhere.npz: this calibration data cannot be read
// FILE-NEXT:    expected: a file: .npz, or .npy of a method with one input
func.func @forward(%x: tensor<2xf32>) -> tensor<2xf32> {
  %a = quant.observe(%x, key="a", observer="minmax") {quant.spec = #quant.spec<i8 [-128, 127] affine per_tensor>} : (tensor<2xf32>) -> tensor<2xf32> loc("net.py":2:0)
  %b = quant.observe(%a, key="b", observer="minmax") {quant.spec = #quant.spec<i8 [-128, 127] affine per_tensor>} : (tensor<2xf32>) -> tensor<2xf32> loc("net.py":3:0)
  %c = quant.observe(%b, key="a", observer="minmax") {quant.spec = #quant.spec<i8 [-128, 127] affine per_tensor>} : (tensor<2xf32>) -> tensor<2xf32> loc("net.py":4:0)
  func.return %c : tensor<2xf32>
}
