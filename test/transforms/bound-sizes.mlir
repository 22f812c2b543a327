// RUN: etc-opt %s -p 'bound-sizes{bounds="length=512","batch=4"}' --split-input-file | filecheck %s

// CHECK-LABEL: @f
// CHECK-SAME:    program.symbols = #program.symbols<length = [2, 512], batch = [1, 4], s7 = [0, inf]>
func.func @f() attributes {program.symbols = #program.symbols<length = [2, inf], batch = [1, 8], s7 = [0, inf]>} {
  func.return
}
// CHECK-LABEL: @g
// CHECK-SAME:    program.symbols = #program.symbols<length = [1, 512]>
func.func @g() attributes {program.symbols = #program.symbols<length = [1, 512]>} {
  func.return
}
