// RUN: not etc-opt %s -p edge-to-exec 2>&1 | filecheck %s --match-full-lines

// CHECK:      {{.*}}the size s0 (dimension 0 of input 0 (x)) has no upper bound, so that no memory can be planned
// CHECK-NEXT:   next: give it one: torch.export.Dim("s0", max=…), or --bound s0=…, or compile(bounds={'s0': …})
// CHECK-NEXT: {{.*}}program.guard: the size u7 is needed before any tensor has it
// CHECK-EMPTY:
func.func @f(%x: tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>) -> tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>> {
  program.guard u7 == 3, "…"
  %y = edge.relu(%x) : (tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>) -> tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>
  func.return %y : tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>
}
