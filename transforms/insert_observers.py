"""insert-observers: mark the values that become integers, for calibration to look at.

    %y = edge.conv(%x, %w, …) {quant.scheme = …}         %0 = quant.observe(%x, key="x", observer="minmax")
    %z = edge.relu(%y) {quant.scheme = …}          -->   %y = edge.conv(%0, %w, …)
                                                         %z = edge.relu(%y)
                                                         %1 = quant.observe(%z, key="conv1.relu", observer="minmax")

Every value that a static scheme reads or makes is observed once, where it is made:

- Values that share a key share their statistics and their scale: those that operations which move elements read and
  make, joined tensors, and what loops and branches carry into and out of their regions, in every step.
- A clamp behind arithmetic is a part of its rescaling: the value between them is not observed.
- Other clamps of 16 bits keep the scale of what they clamp, which is exact; a table of 512 steps is not.
- Nothing within an elementwise function of one value is: x * sigmoid(x) is one table.
- What moves elements between operations in float stays in float.
- Results of sigmoid, tanh and softmax have the scale of their interval; they need no data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import Block, BlockArgument, Operation, OpResult, SSAValue, Use
from xdsl.rewriter import InsertPoint, Rewriter

from etc.dialects import dtypes, program
from etc.dialects.quant import ObserveOp
from etc.dialects.quant.attributes import PARAMS, SCHEME, SPEC, Mode, Params, ParamsAttr, SchemeAttr, Spec, SpecAttr
from etc.errors import EtcError, did_you_mean
from etc.transforms.edge_builder import is_constant, name_of
from etc.transforms.module_names import modules_of
from etc.transforms.quantisable import (
    CLAMPS,
    FIXED_RANGES,
    MOVING,
    RESCALED,
    Link,
    is_number,
    is_real,
    links_of,
    variable_of,
    weights_of,
)
from etc.transforms.rewriting import EtcPass

OBSERVERS = ("minmax", "moving-average", "percentile", "mse", "entropy")
"""The statistics that calibration knows."""
_EXACT = "minmax"
"""What constants are observed by: all of them counts."""


@dataclass(frozen=True)
class Node:
    """A value that becomes integers of a kind. Neighbours of other kinds make it more than one.

    Each `use` of a constant is a node of its own: a constant that is there twice does not make scales one.
    """

    value: SSAValue
    spec: Spec
    use: Use | None = None


class _Groups:
    """Nodes that share a scale, as disjoint sets."""

    def __init__(self) -> None:
        self._parents: dict[Node, Node] = {}

    def find(self, node: Node) -> Node:
        while (parent := self._parents.setdefault(node, node)) is not node:
            self._parents[node] = node = self._parents[parent]
        return node

    def join(self, a: Node, b: Node) -> None:
        self._parents[self.find(b)] = self.find(a)


def static_spec(op: Operation) -> Spec | None:
    """What the activations of an operation are to become; None where they stay in float or scales are dynamic."""
    attribute = op.attributes.get(SCHEME)
    if not isinstance(attribute, SchemeAttr) or attribute.data.mode is not Mode.STATIC:
        return None
    return attribute.data.activations


@dataclass
class _Plan:
    """What is to be observed in a method, and for whom."""

    method: FuncOp
    groups: _Groups = field(default_factory=_Groups)
    uses: dict[Node, list[Use]] = field(default_factory=dict[Node, "list[Use]"])
    """The uses of each node that see the integers, in program order."""
    made: set[Node] = field(default_factory=set[Node])
    """Nodes that quantised operations make: all uses see the integers."""

    def __post_init__(self) -> None:
        self._roots: dict[SSAValue, SSAValue] = {}
        self._inside: set[SSAValue] = set()
        self._exact_clamps: set[Operation] = set()
        self._links: list[tuple[Link, Spec]] = []
        ops = list(self.method.walk())
        for op in ops:
            self._read_functions(op)
            self._links += [(link, spec) for link in links_of(op) if (spec := self._spec_of_link(link)) is not None]
        self._find_insides()
        active = self._active_links(ops)
        for op in ops:
            if (spec := self._computes(op)) is not None:
                self._add_operands(op, spec)
                self._add_results(op, spec)
        for link, spec in active:
            self._add_link(link, spec)
        self.carried = {value for link, _ in active for value in link.outputs}

    def _computes(self, op: Operation) -> Spec | None:
        """The integers that an operation which does more than moving elements works on."""
        moves = op in self._exact_clamps or (type(op) in MOVING and op.results[0] not in self._roots)
        return None if moves else static_spec(op)

    def _read_functions(self, op: Operation) -> None:
        """Note elementwise functions of one value, and clamps that are a part of the arithmetic before them."""
        spec = static_spec(op)
        if spec is None:
            return
        if type(op) in CLAMPS and self._ends_arithmetic(op, spec):
            self._inside.add(op.operands[0])
            return
        if type(op) in CLAMPS and spec.dtype is dtypes.int16 and op.operands[0] not in self._roots:
            self._links.append((Link(op, [Use(op, 0)], op.results), spec))
            self._exact_clamps.add(op)
            return
        root = variable_of(op, self._roots)
        if root is not None and all(self._same_table(v, spec) for v in op.operands):
            self._roots[op.results[0]] = root

    def _ends_arithmetic(self, clamp: Operation, spec: Spec) -> bool:
        """Whether a clamp alone reads what arithmetic of more than one value computes."""
        value = clamp.operands[0]
        op = value.owner
        if not isinstance(op, Operation) or type(op) not in RESCALED or value in self._roots:
            return False
        return static_spec(op) == spec and value.has_one_use()

    def _same_table(self, value: SSAValue, spec: Spec) -> bool:
        return value not in self._roots or static_spec(value.owner) == spec  # pyright: ignore[reportArgumentType]

    def _find_insides(self) -> None:
        """Values within a function of one value: all that uses them is a part of the same function."""
        for value, root in self._roots.items():
            users = [use.operation for use in value.uses]
            if users and all(len(u.results) == 1 and self._roots.get(u.results[0]) is root for u in users):
                self._inside.add(value)

    def _spec_of_link(self, link: Link) -> Spec | None:
        """That of the operation; regions carry what the operations in and around them make of it."""
        if not link.op.regions:
            return static_spec(link.op) if link.op.results[0] not in self._roots else None
        neighbours = [v.op for v in link.inputs if isinstance(v, OpResult)]
        neighbours += [use.operation for v in link.outputs for use in v.uses]
        return next((spec for op in neighbours if (spec := static_spec(op)) is not None), None)

    def _active_links(self, ops: list[Operation]) -> list[tuple[Link, Spec]]:
        """The links with a quantised neighbour: where all comes from such, or something goes to such."""
        active: dict[int, tuple[Link, Spec]] = {}
        made: set[SSAValue] = {v for op in ops if self._computes(op) is not None for v in op.results}
        read = {v for op in ops if self._computes(op) is not None for v in op.operands}
        changed = True
        while changed:
            changed = False
            for number, (link, spec) in (*enumerate(self._links), *reversed(list(enumerate(self._links)))):
                if number in active:
                    continue
                variable = [v for v in link.inputs if not is_constant(v)]
                enough = any if link.op.regions else all
                if any(v in read for v in link.outputs) or (variable and enough(v in made for v in variable)):
                    active[number] = link, spec
                    made.update(link.outputs)
                    read.update(link.inputs)
                    changed = True
        return [active[number] for number in sorted(active)]

    def _add_operands(self, op: Operation, spec: Spec) -> None:
        weights = weights_of(op)
        function = len(op.results) == 1 and op.results[0] in self._roots
        for index, value in enumerate(op.operands):
            if not is_real(value) or value in self._inside:
                continue
            if (function and is_number(value)) or (weights is not None and is_constant(value)):
                continue
            self._use(Node(value, spec), Use(op, index))

    def _use(self, node: Node, use: Use) -> Node:
        """Note that `use` sees the integers of a node; gives the node, which is another one for a constant."""
        node = Node(node.value, node.spec, use) if is_constant(node.value) else node
        self.uses.setdefault(node, []).append(use)
        return node

    def _add_results(self, op: Operation, spec: Spec) -> None:
        for result in op.results:
            if is_real(result) and result not in self._inside:
                self._make(Node(result, spec))

    def _make(self, node: Node) -> None:
        self.made.add(node)
        self.uses.setdefault(node, [])

    def _add_link(self, link: Link, spec: Spec) -> None:
        for value in link.outputs:
            self._make(Node(value, spec))
        for use, value in zip(link.uses, link.inputs, strict=True):
            self.groups.join(Node(link.outputs[0], spec), self._use(Node(value, spec), use))
        for value in link.outputs[1:]:
            self.groups.join(Node(link.outputs[0], spec), Node(value, spec))

    def members(self, order: Mapping[SSAValue, int]) -> dict[Node, list[Node]]:
        """The nodes of each group, those first that tell where its values come from."""

        def rank(node: Node) -> tuple[bool, bool, int]:
            return is_constant(node.value), node.value in self.carried, order[node.value]

        found: dict[Node, list[Node]] = {}
        for node in sorted(self.uses, key=rank):
            found.setdefault(self.groups.find(node), []).append(node)
        return found


class _Insertion:
    """Inserts the observers of a method."""

    def __init__(self, plan: _Plan, observer: str, taken: Counter[str]):
        self._plan, self._observer = plan, observer
        order = {value: number for number, value in enumerate(_values(plan.method))}
        self._nodes = sorted(plan.uses, key=lambda node: (order[node.value], node not in plan.made))
        members = plan.members(order)
        self._params = {group: self._fixed_params(nodes) for group, nodes in members.items()}
        self._keys: dict[Node, str] = {}
        for node in self._nodes:
            group = plan.groups.find(node)
            if group not in self._keys:
                name = _name(members[group][0].value)
                taken[name] += 1
                self._keys[group] = name if taken[name] == 1 else f"{name}:{taken[name]}"

    def run(self) -> None:
        last: dict[SSAValue, SSAValue] = {}
        for node in self._nodes:
            observed = self._insert(node, last.get(node.value, node.value))
            if node.use is None:
                last[node.value] = observed

    def _insert(self, node: Node, source: SSAValue) -> SSAValue:
        """Observe `source`, which is the value of `node` or an earlier observation of it."""
        whole = node in self._plan.made and source is node.value
        uses = list(source.uses) if whole else self._plan.uses[node]
        group = self._plan.groups.find(node)
        op = ObserveOp.of(source, self._keys[group], _EXACT if is_constant(source) else self._observer)
        op.attributes[SPEC] = SpecAttr(node.spec)
        if (params := self._params[group]) is not None:
            op.attributes[PARAMS] = ParamsAttr(params)
        if isinstance(node.value.owner, Operation):
            op.location = node.value.owner.location
        result = op.results[0]
        result.name_hint = node.value.name_hint
        Rewriter.insert_op(op, _behind(source))
        for use in uses:
            use.operation.operands[use.index] = result
        return result

    def _fixed_params(self, nodes: list[Node]) -> Params | None:
        """The parameters of a group whose values all come from one known interval."""
        sources = [node.value.owner for node in nodes if node.value not in self._plan.carried]
        intervals = {FIXED_RANGES.get(type(owner)) for owner in sources}  # pyright: ignore[reportArgumentType]
        interval = next(iter(intervals), None)
        return fixed_params(nodes[0].spec, *interval) if len(intervals) == 1 and interval is not None else None


def fixed_params(spec: Spec, low: float, high: float) -> Params:
    """The scale that gives [low, high) all the integers: a power of two for [0, 1) and [-1, 1)."""
    if spec.symmetric:
        return Params(spec.dtype, spec.quant_min, spec.quant_max, max(-low, high) / (spec.quant_max + 1), 0)
    scale = (high - low) / (spec.quant_max - spec.quant_min + 1)
    return Params(spec.dtype, spec.quant_min, spec.quant_max, scale, spec.quant_min - round(low / scale))


def _values(method: FuncOp) -> Iterator[SSAValue]:
    """All values of a method in the order of the program."""

    def of(block: Block) -> Iterator[SSAValue]:
        yield from block.args
        for op in block.ops:
            for region in op.regions:
                for inner in region.blocks:
                    yield from of(inner)
            yield from op.results

    yield from of(method.body.block)


def _behind(value: SSAValue) -> InsertPoint:
    """Where a value is there for the first time."""
    if isinstance(value, BlockArgument):
        return InsertPoint.at_start(value.block)
    assert isinstance(value, OpResult)
    return InsertPoint.after(value.op)


def _name(value: SSAValue) -> str:
    """`layer1.0.conv`: the module that a value comes from and, unless they are alike, what makes it."""
    owner = value.owner
    if not isinstance(owner, Operation):
        return value.name_hint or "input"
    if is_constant(value):
        return name_of(value) or "constant"
    kind = owner.name.partition(".")[2]
    modules = modules_of(owner)
    return f"{modules[-1]}.{kind}" if modules else value.name_hint or kind


@dataclass(frozen=True)
class InsertObserversPass(EtcPass):
    """Mark the values that static schemes turn into integers; values that share a scale share a key."""

    name = "insert-observers"
    observer: str = "minmax"

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        if self.observer not in OBSERVERS:
            raise EtcError(
                f'there is no observer "{self.observer}"',
                expected=", ".join(OBSERVERS),
                next_step=did_you_mean(self.observer, OBSERVERS),
            )
        taken: Counter[str] = Counter()
        for method in program.methods(module):
            _Insertion(_Plan(method), self.observer, taken).run()
