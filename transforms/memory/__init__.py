"""The project's one memory planner: `Buffer`s with live ranges in, a checked `Plan` of offsets out."""

from etc.transforms.memory.buffers import Buffer, Plan
from etc.transforms.memory.checker import check_plan
from etc.transforms.memory.planner import BEST, STRATEGIES, plan_memory
from etc.transforms.memory.pools import plan_pools

__all__ = ["BEST", "STRATEGIES", "Buffer", "Plan", "check_plan", "plan_memory", "plan_pools"]
