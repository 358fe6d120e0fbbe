#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Rewrite a C source so that it contains all its mutants.

usage: mutate.py FILE

libclang parses the source. Array sizes, enum constants and other constant expressions are not
changed. The mutants of an expression are:

  compare  <, <=, > and >= become the opposite operator and the operator that differs at the
           boundary; == and != become the opposite operator
  bound    a number or a named limit in a comparison or a calculation is increased and decreased by
           one, unless a mutant of the operator has the same effect
  logic    && becomes ||, and || becomes &&
  truth    any other condition becomes its opposite

Expressions in macros are not changed, but a macro for a number is a named limit. A zero is not a
bound if a value is compared with it for sign or equality. Sizes of allocations are not changed,
because ASan checks them.
"""
import re
import sys
from dataclasses import dataclass

from clang import cindex

KIND = cindex.CursorKind
FLAGS = ('-xc', '-std=gnu11', '-D_GNU_SOURCE', '-D_FILE_OFFSET_BITS=64')
# For each operator, the opposite operator and the operator that differs at the boundary
COMPARE = {'<': ('>=', '<='), '<=': ('>', '<'), '>': ('<=', '>='), '>=': ('<', '>'),
           '==': ('!=',), '!=': ('==',)}
# For each operator, the number that a mutant adds to a bound on the right-hand side. The other
# direction has no mutant, because it has the same effect as the second operator in COMPARE.
STEPS = {'<': (-1,), '>=': (-1,), '<=': (1,), '>': (1,)}
SWAPPED = {'<': '>', '>': '<', '<=': '>=', '>=': '<='}
LOGIC = {'&&': '||', '||': '&&'}
ARITHMETIC = {'+', '-', '*', '/', '%', '<<', '>>'}
COMPOUND = {op + '=' for op in ARITHMETIC}
NUMBER = re.compile(r'(0[xX][0-9a-fA-F]+|[0-9]+)[uUlL]*|U?INT(8|16|32|64|MAX)_C\(\w+\)')
NOT_LIMITS = {'NULL', 'true', 'false'}
# Nodes whose expressions must be constant or are not evaluated
LEFT_ALONE = {KIND.STRUCT_DECL, KIND.UNION_DECL, KIND.ENUM_DECL, KIND.TYPEDEF_DECL,
              KIND.STATIC_ASSERT, KIND.CXX_UNARY_EXPR, KIND.STRING_LITERAL,
              KIND.GENERIC_SELECTION_EXPR}


class Refused(Exception):
    """The source cannot be parsed."""


@dataclass
class Mutant:
    number: int
    file: str
    line: int
    function: str
    kind: str
    before: str
    after: str

    def key(self):
        """Return the name of the mutant in the list of equivalent mutants, without line numbers."""
        return f'{self.file}: {self.function}: {self.before} => {self.after}'

    def place(self):
        """Return the name of the mutant with its line number, for reports."""
        return f'{self.file}:{self.line}: {self.function}: {self.before} => {self.after}'


def to_line(text):
    """Return a piece of source as one line without comments. Adjacent string literals are replaced
    with "…"."""
    text = ' '.join(re.sub(r'/\*.*?\*/', ' ', text, flags=re.DOTALL).split())
    return re.sub(r'("[^"]*"|PRI\w+)( ("[^"]*"|PRI\w+))+', '"…"', text)


class Source:
    def __init__(self, path, name, number, flags=()):
        self.name, self.number, self.mutants, self.function = name, number, [], ''
        self.constructors = []
        with open(path, 'rb') as file:
            # clang reports byte offsets, which are offsets in the text only with latin-1.
            self.text = file.read().decode('latin-1')
        unit = cindex.Index.create().parse(
            path, [*FLAGS, *flags],
            options=cindex.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD)
        bad = [d.spelling for d in unit.diagnostics if d.severity >= cindex.Diagnostic.Error]
        if bad:
            raise Refused(f'{path}: {bad[0]}')
        here = [c for c in unit.cursor.get_children()
                if c.location.file and c.location.file.name == path]
        self.macros = {span(c) for c in here if c.kind == KIND.MACRO_INSTANTIATION}
        self.limits = {c.spelling for c in unit.cursor.get_children() if is_limit_variable(c)}
        top = [c for c in here if c.kind in (KIND.FUNCTION_DECL, KIND.VAR_DECL)]
        self.new = self.replaced(0, len(self.text), [(c, self.top_level) for c in top])
        self.new += ''.join(self.constructors)

    def of(self, node):
        return self.text[slice(*span(node))]

    def is_macro(self, node):
        """Return whether a macro invocation contains the node."""
        start, end = span(node)
        return any(first <= start and end <= last for first, last in self.macros)

    def add(self, node, kind, before, after):
        number = self.number + len(self.mutants)
        before, after = (to_line(t.encode('latin-1').decode()) for t in (before, after))
        same = sum(1 for m in self.mutants if (m.function, m.before, m.after.partition(' #')[0]) ==
                   (self.function, before, after))
        self.mutants.append(Mutant(number, self.name, node.location.line, self.function, kind,
                                   before, after + (f' #{same + 1}' if same else '')))
        return number

    def replaced(self, start, end, parts):
        out, at = [], start
        for node, change in parts:
            first, last = span(node)
            if first < at or last > end or first >= last:
                continue
            out += [self.text[at:first], change(node)]
            at = last
        return ''.join(out) + self.text[at:end]

    def top_level(self, node):
        self.function = node.spelling
        if node.kind == KIND.FUNCTION_DECL:
            bodies = [c for c in node.get_children() if c.kind == KIND.COMPOUND_STMT]
            return self.replaced(*span(node), [(c, self.render) for c in bodies])
        return self.constant(node)

    def constant(self, node):
        """Return the source of a variable at file scope. Its initial value must be constant, so
        constructors change the fields of a span if the mutants of these fields are active."""
        text, record = self.of(node), node.type.get_canonical()
        values = [c for c in node.get_children() if c.kind == KIND.INIT_LIST_EXPR]
        if record.get_declaration().spelling != 'span' or not values or \
                record.kind != cindex.TypeKind.RECORD:
            return text
        for field, value in zip(record.get_fields(), values[0].get_children()):
            if not self.is_limit(value):
                continue
            number = self.bounds(value, f'.{field.spelling} = ', '')
            self.constructors.append(
                f'\n__attribute__((constructor(102))) static void mutate_{number}(void)\n{{\n'
                f'\t{node.spelling}.{field.spelling} = EFIMAP_MUTANT_BOUND({number}, '
                f'{node.spelling}.{field.spelling});\n}}\n')
        return text.replace('const ', '', 1)

    def render(self, node):
        if node.kind in LEFT_ALONE or self.is_macro(node):
            return self.of(node)
        special = {KIND.BINARY_OPERATOR: self.binary, KIND.VAR_DECL: self.variable,
                   KIND.COMPOUND_ASSIGNMENT_OPERATOR: self.binary,
                   KIND.UNARY_OPERATOR: self.unary, KIND.FOR_STMT: self.loop}
        if node.kind in special:
            return special[node.kind](node)
        parts = list(node.get_children())
        if node.kind == KIND.CALL_EXPR and node.spelling.endswith('alloc'):
            return self.of(node)
        if node.kind == KIND.CASE_STMT:
            parts = parts[1:]
        if node.kind == KIND.COMPOUND_LITERAL_EXPR:
            parts = [c for c in parts if c.kind == KIND.INIT_LIST_EXPR]
        tested = ()
        if node.kind in (KIND.IF_STMT, KIND.WHILE_STMT, KIND.CONDITIONAL_OPERATOR):
            tested = parts[:1]
        elif node.kind == KIND.DO_STMT:
            tested = parts[-1:]
        return self.replaced(*span(node), [
            (c, self.truth if c in tested else self.render) for c in parts])

    def variable(self, node):
        """Return the source of a local variable. If the variable is not static, its initial value
        is changed. The size of an array is not changed."""
        text = self.of(node)
        at = span(node)[0] + text.find('=')
        if node.storage_class == cindex.StorageClass.STATIC or '=' not in text:
            return text
        return self.replaced(*span(node), [
            (c, self.render) for c in node.get_children() if span(c)[0] > at])

    def loop(self, node):
        """Return the source of a for loop with a changed start value and condition. The condition
        may be missing."""
        children = list(node.get_children())
        head = self.text[span(node)[0]:span(children[-1])[0]]
        first = span(node)[0] + head.find(';')
        second = first + 1 + self.text[first + 1:].find(';')

        def start(part):
            values = [c for c in part.walk_preorder() if c.kind == KIND.INTEGER_LITERAL and
                      not self.is_macro(c)]
            return self.replaced(*span(part), [(c, self.start_bound) for c in values[:1]])

        def of(child):
            at = span(child)[0]
            if at < first:
                return start
            return self.truth if first < at < second else self.render
        return self.replaced(*span(node), [(c, of(c)) for c in children])

    def unary(self, node):
        negates = self.of(node).startswith('!')
        return self.replaced(*span(node), [
            (c, self.truth if negates else self.render) for c in node.get_children()])

    def truth(self, node):
        inner = unwrapped(node)
        text = self.render(node)
        is_other = inner.kind == KIND.BINARY_OPERATOR and not self.is_macro(inner) and \
            self.operator(inner) in (*COMPARE, *LOGIC)
        is_not = inner.kind == KIND.UNARY_OPERATOR and self.of(inner).startswith('!')
        if is_other or is_not or NUMBER.fullmatch(self.of(inner)) or self.of(inner) in NOT_LIMITS:
            return text
        number = self.add(node, 'truth', self.of(inner), '!')
        return f'EFIMAP_MUTANT_TRUTH({number}, ({text}))'

    def operator(self, node):
        """Return the operator of a binary expression, or None if the operator has no mutants or is
        in a macro."""
        left, right = node.get_children()
        between = self.text[span(left)[1]:span(right)[0]]
        text = to_line(between)
        return text if text in {*COMPARE, *LOGIC, *ARITHMETIC, *COMPOUND} else None

    def binary(self, node):
        left, right = node.get_children()
        op = self.operator(node)
        if op in LOGIC:
            return self.logic(node, left, op, right)
        old = [self.of(left), self.of(right)]
        change = self.render
        if op in COMPARE or op in ARITHMETIC or op in COMPOUND:
            is_zero_test = op in ('==', '!=', '<', '>=')

            def change(part):
                if part == left and op in COMPOUND or not self.is_limit(part) or \
                        is_zero_test and self.of(part) == '0':
                    return self.render(part)
                before, after = ('', f' {op} {old[1]}') if part == left else \
                    (f'{old[0]} {op} ', '')
                steps = STEPS.get(SWAPPED.get(op, op) if part == left else op, (1, -1))
                return self.bound(part, before, after, steps)
        if op not in COMPARE:
            return self.replaced(*span(node), [(left, change), (right, change)])
        numbers = [self.add(node, 'compare', self.of(node), new) for new in COMPARE[op]]
        new = [change(left), change(right)]
        if len(numbers) == 1:
            return f'EFIMAP_MUTANT_EQUAL({numbers[0]}, ({new[0]}), {op}, ({new[1]}))'
        return (f'EFIMAP_MUTANT_COMPARE({numbers[0]}, ({new[0]}), {op}, ({new[1]}), '
                f'{", ".join(COMPARE[op])})')

    def logic(self, node, left, op, right):
        number = self.add(node, 'logic', self.of(node), LOGIC[op])
        return (f'EFIMAP_MUTANT_LOGIC({number}, ({self.truth(left)}), {int(op == "&&")}, '
                f'({self.truth(right)}))')

    def is_limit(self, node):
        """Return whether the node is a number, a macro for a number, or a constant variable."""
        inner, text = unwrapped(node), self.of(node)
        kind = inner.type.get_canonical().kind
        if text in NOT_LIMITS or kind.name.endswith(('POINTER', 'BOOL', 'ENUM')):
            return False
        if span(node) in self.macros:
            return '(' not in text or bool(NUMBER.fullmatch(text))
        if self.is_macro(node):
            return False
        return inner.kind == KIND.INTEGER_LITERAL and bool(NUMBER.fullmatch(self.of(inner))) or \
            inner.kind == KIND.DECL_REF_EXPR and inner.spelling in self.limits or \
            inner.kind == KIND.MEMBER_REF_EXPR and text.split('.')[0] in self.limits

    def bounds(self, node, before, after, steps=(1, -1)):
        text = self.of(node)
        return [self.add(node, 'bound', before + text + after,
                         f'{before}({text} {"+" if step > 0 else "-"} 1){after}')
                for step in steps][0]

    def bound(self, node, before, after, steps):
        number, text = self.bounds(node, before, after, steps), self.of(node)
        if len(steps) == 1:
            return f'({text} {"+" if steps[0] > 0 else "-"} EFIMAP_MUTANT({number}))'
        return f'EFIMAP_MUTANT_BOUND({number}, {text})'

    def start_bound(self, node):
        """Return the start value of a loop, with a mutant that adds one. Subtracting one would
        cause an access out of bounds."""
        text = self.of(node)
        number = self.add(node, 'bound', f'for ({text};', f'for ({text} + 1;')
        return f'({text} + EFIMAP_MUTANT({number}))'


def span(node):
    return node.extent.start.offset, node.extent.end.offset


def unwrapped(node):
    while node.kind in (KIND.UNEXPOSED_EXPR, KIND.PAREN_EXPR):
        inner = list(node.get_children())
        if len(inner) != 1:
            break
        node = inner[0]
    return node


def is_limit_variable(node):
    return node.kind == KIND.VAR_DECL and node.type.is_const_qualified() and \
        node.storage_class == cindex.StorageClass.STATIC and \
        (node.type.get_canonical().kind != cindex.TypeKind.RECORD or
         node.type.get_canonical().get_declaration().spelling == 'span') and \
        node.type.get_canonical().kind.name not in ('CONSTANTARRAY', 'POINTER')


def main(argv):
    if len(argv) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    source = Source(argv[1], argv[1], 0, ['-Isrc', '-Iinclude'])
    print(source.new)
    for mutant in source.mutants:
        print(f'{mutant.number} {mutant.kind} {mutant.key()}', file=sys.stderr)
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
