"""Small changes of a module that a good test must notice, made from its syntax tree.

Each mutant changes one place: a comparison, an operation, a constant, a condition, a statement, or
what is returned. Annotations, docstrings, texts and decorators stay: no rule is in them.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from typing import NamedTuple

COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
LEFT_OUT = (ast.Expr, ast.AugAssign, ast.Raise, ast.Delete, ast.Break, ast.Continue)
"""Statements that are taken away one by one."""

Change = Callable[[ast.AST], None]


class Mutant(NamedTuple):
    """A changed module: what became of which place."""

    name: str
    line: int
    tree: ast.Module
    number: int
    change: Change

    @property
    def source(self) -> str:
        """Write the whole changed module."""
        mutated = copy.deepcopy(self.tree)
        self.change(places(mutated)[self.number][0])
        return ast.unparse(ast.fix_missing_locations(mutated))


def mutants(source: str) -> Iterator[Mutant]:
    """Make every mutant of a module."""
    tree = ast.parse(source)
    seen: dict[str, int] = {}
    for number, (node, where) in enumerate(places(tree)):
        before = ast.unparse(node)
        for change in changes(node):
            target = copy.deepcopy(node)
            change(target)
            after = ast.unparse(target)
            name = f"{where}: {short(before)} → {short(after)}"
            seen[name] = seen.get(name, 0) + 1
            if seen[name] > 1:
                name += f" #{seen[name]}"
            line = getattr(node, "lineno", 0)
            yield Mutant(name, line, tree, number, change)


def short(text: str) -> str:
    """Show the first line of a piece of code."""
    lines = text.splitlines() or [""]
    return lines[0] + (" …" if len(lines) > 1 else "")


def places(tree: ast.Module) -> list[tuple[ast.AST, str]]:
    """List the nodes that may change, each with the name of what it stands in."""
    found: list[tuple[ast.AST, str]] = []
    walk(tree, "module", found)
    return found


def walk(node: ast.AST, where: str, found: list[tuple[ast.AST, str]]) -> None:
    """Go down a tree and leave out what holds no rule."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        where = node.name if where == "module" else f"{where}.{node.name}"
    for field, value in ast.iter_fields(node):
        if field in {"annotation", "returns", "decorator_list", "type_params", "bases"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or is_text(child):
                continue
            if isinstance(child, ast.Import | ast.ImportFrom):
                continue
            found.append((child, where))
            walk(child, where, found)


def is_text(node: ast.AST) -> bool:
    """Tell whether a node is a text: a docstring, a message, a name."""
    if isinstance(node, ast.Expr):
        node = node.value
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def changes(node: ast.AST) -> Iterator[Change]:
    """Give the ways to change a node."""
    if isinstance(node, ast.Compare):
        yield from compared(node)
    elif isinstance(node, ast.Constant):
        yield from constants(node)
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        yield from conditions(node)
    else:
        yield from operations(node)
    if isinstance(node, LEFT_OUT):
        yield empty


def compared(node: ast.Compare) -> Iterator[Change]:
    """Give the ways to compare otherwise."""
    for kind in COMPARED.get(type(node.ops[0]), ()):
        yield lambda it, kind=kind: it.ops.__setitem__(0, kind())  # type: ignore[misc]


def conditions(node: ast.If | ast.IfExp | ast.While) -> Iterator[Change]:
    """Give a condition that never holds, and one that always does where that ends."""
    yield lambda it: setattr(it, "test", ast.Constant(False))
    if not isinstance(node, ast.While):
        yield lambda it: setattr(it, "test", ast.Constant(True))


def operations(node: ast.AST) -> Iterator[Change]:
    """Give the ways to compute, combine or return something else."""
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in COMPUTED:
        computed = COMPUTED[type(node.op)]
        yield lambda it: setattr(it, "op", computed())
    elif isinstance(node, ast.BoolOp):
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield lambda it: setattr(it, "op", other())
    elif isinstance(node, ast.Return) and node.value is not None:
        if not (isinstance(node.value, ast.Constant) and node.value.value is None):
            yield lambda it: setattr(it, "value", ast.Constant(None))
    elif isinstance(node, ast.UnaryOp):
        yield lambda it: it.__dict__.update(op=ast.UAdd(), operand=operand(it))


def operand(node: ast.AST) -> ast.expr:
    """Return what an operation with one side is done to, as a number."""
    if not isinstance(node, ast.UnaryOp):
        raise TypeError(type(node).__name__)
    if isinstance(node.op, ast.Not):
        return ast.Call(ast.Name("bool", ast.Load()), [node.operand], [])
    return node.operand


def constants(node: ast.Constant) -> Iterator[Change]:
    """Give the ways to change a constant."""
    value = node.value
    if isinstance(value, bool):
        yield lambda it: setattr(it, "value", not value)
    elif isinstance(value, int | float):
        yield lambda it: setattr(it, "value", value + 1)


def empty(node: ast.AST) -> None:
    """Make a statement do nothing."""
    line = {name: getattr(node, name) for name in ("lineno", "col_offset") if hasattr(node, name)}
    node.__class__ = ast.Pass
    node.__dict__.clear()
    node.__dict__.update(line)
