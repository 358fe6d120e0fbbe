#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Generate files for the build from the catalogue of rules (src/rules/*.rules, *.topics,
*.changes, *.texts).

usage: rules.py KIND=OUTPUT... FILE.rules...

The files must be in the order of the catalogue. KIND is
  ids       C: the numbers of the rules
  change-ids C: the numbers of the changes of Linux (src/infer)
  changes   C: the changes of Linux (src/infer)
  texts     C: the catalogue with its texts, and the kernel messages (src/rules)
  topics    C: the topics of explain that are not rules (src/rules)
  errors    C: the messages that explain finds (src/rules)
  bindings  C: names, variants and predicates that src/rules uses
  words     C: sentences and their rules (src/rules)
  predicates C: the predicates of the rules (src/rules)
  compare-predicates C: the predicates of the rules of compare (src/compare)
  man       mdoc: the first FILE, a man page, with the list of the rules added

The script reports a format error with its line. CONTRIBUTING.md ("Keys") describes the keys.
"""
import re
import sys

CHANGE_KEYS = ('Change', 'First', 'Lacks', 'Stable', 'Release', 'Before', 'Since', 'Source')
TOPIC_KEYS = ('Topic', 'Kind', 'Means', 'Fix')
TEXT_BLOCK_KEYS = ('Text', 'Rule', 'Printed-by', 'Log', 'Place', 'Means', 'When', 'Check')
PLACES = ('', 'function', 'firmware')
FAMILY_KEYS = ('Family', 'Title', 'Command')
# Keys whose value in a family is the default for the rules of the family
OPTIONAL_FAMILY_KEYS = ('Concerns', 'Fix')
TEXT_KEYS = ('Tests', 'Background', 'Breaks', 'Exceptions', 'Fix', 'Source', 'Rows', 'Experiment')
RULE_KEYS = ('Rule', 'Outcome', 'Certainty', 'Concerns', 'Asked', 'Loads',
             'Unaffected', 'Unused-outcome', 'Needs', 'Subject', 'Finding', 'Why', 'Evidence',
             'If', 'Do', 'Command', 'Errno', 'First-capture', 'Second-capture', 'Values',
             'Shown', 'Kernel-messages') + TEXT_KEYS
REQUIRED = ('Rule', 'Outcome', 'Subject', 'Finding', 'Tests', 'Background', 'Fix', 'Source')
# Values of the key Unaffected, which names services that the worst outcome does not affect
UNAFFECTED = {'': 'false', 'runtime-services': 'true'}
# Keys that a variant of a finding, such as "Finding-empty", may override
VARIANT_KEYS = ('Finding', 'Why', 'Outcome', 'Certainty', 'Concerns',
                'Unused-outcome', 'Subject', 'Evidence', 'First-capture', 'Second-capture',
                'Shown', 'If', 'Do', 'Command', 'Errno')
# Keys whose value is a sentence, and their members in struct rule_variant.
SENTENCES = {'Finding': 'finding', 'Why': 'why', 'First-capture': 'first',
             'Second-capture': 'second', 'If': 'condition',
             'Do': 'advice', 'Command': 'command'}
# Sentences that a variant does not inherit from the rule
OWN_SENTENCES = ('If',)
CERTAINTIES = {'certain': 'CERTAIN', 'chance': 'CHANCE', 'condition': 'CONDITION',
               'unknown': 'UNKNOWN', 'untested': 'UNKNOWN'}
# Values of Asked: a rule is checked once, or for each load that it concerns.
ASKED = {'': 'ONCE', 'each load first': 'FIRST', 'each load': 'LOADS'}
# Values of Shown: text output shows a note with -v, always, or below the answer.
SHOWN = {'': 'VERBOSE', 'verbose': 'VERBOSE', 'always': 'ALWAYS', 'answer': 'ANSWER'}
# Questions and loaders that a rule or variant concerns. Without the key Concerns, it concerns all.
CONCERNS = ('kexec', 'kdump', 'kexec-load', 'kexec-file-load')
OUTCOMES = {'ok': 'NONE', 'entry-dropped': 'ENTRY_DROPPED',
                'memory-at-risk': 'MEMORY_AT_RISK',
                'runtime-services-fail': 'NO_RUNTIME', 'boots-without-efi': 'NO_EFI',
                'cannot-load': 'CANNOT_LOAD', 'does-not-boot': 'NO_BOOT'}
# Values of Loads, of which several may apply
LOADS = CONCERNS + ('to come', 'computed', 'from log')
# Outcomes of an error (severity_of)
SEVERE = {'runtime-services-fail', 'boots-without-efi', 'cannot-load', 'does-not-boot'}
# The errnos after which kexec-tools calls kexec_load (kexec/kexec.c: main). The kernel counts a call
# before it can fail with another errno than ENOSYS (kernel/kexec_core.c: kexec_load_permitted).
FALLBACKS = {'ENOSYS': 'UNCOUNTED', 'EINVAL': 'COUNTED', 'ENOEXEC': 'COUNTED',
             'EOPNOTSUPP': 'COUNTED'}
# Requirements of a rule that are not sources: properties of the map, and options
NEEDS = ('virt', 'files', 'reserved-regions', 'image')
# Fields that sentences can use although no predicate sets them: the fields of an entry, and the
# entry counts of a finding.
ENTRY_FIELDS = ('type', 'type-number', 'type-hex', 'phys', 'virt', 'pages', 'attribute', 'index',
                'start', 'end')
FIELDS = ENTRY_FIELDS + ('count', 'more', 'parameters', 'reboot')
# For each sysfs file of an entry that evidence can name, the field that contains its value.
FILES = {'type': 'type-hex', 'phys_addr': 'phys', 'virt_addr': 'virt', 'num_pages': 'pages',
         'attribute': 'attribute'}
# The maximum length of a message prefix. EFIMAP_MESSAGE_PREFIX_MAX includes the terminating NUL.
MAX_MESSAGE = 79
# The maximum length of a name. EFIMAP_RULE_NAME_MAX includes the terminating NUL.
MAX_NAME = 31
# The start of a list item, "- an exception" or "1. a step", or of a command, "$ dmesg"
LIST_ITEM = re.compile(r'(-|[1-9]\.|\$) ')
SUBJECT_AT = re.compile(r'(each|all) ([a-z -]+)|capture')


class Wrong(Exception):
    """An error in a file of rules. The argument contains the position and a message."""


class Block:
    def __init__(self, path, line):
        self.path, self.line, self.keys, self.lines = path, line, {}, {}

    def wrong(self, text, key=None):
        """Return an error at a key, or at the block."""
        return Wrong(f'{self.path}:{self.lines.get(key, self.line)}: {text}')

    def add(self, key, value, line):
        if key in self.keys:
            raise Wrong(f'{self.path}:{line}: the key {key} occurs twice')
        self.keys[key], self.lines[key] = value, line

    def get(self, key, otherwise=''):
        """Return the value of a key as one line, or "otherwise" if the key is missing."""
        return ' '.join(self.keys[key].split()) if key in self.keys else otherwise

    def get_list(self, key):
        """Return the value of a key, with a line for each list item."""
        lines = []
        for line in self.keys.get(key, '').split('\n'):
            line = ' '.join(line.split())
            if lines and not LIST_ITEM.match(line):
                lines[-1] += ' ' + line
            elif line:
                lines.append(line)
        return '\n'.join(lines)


def read_blocks(path):
    """Return the blocks of a file. In a file of rules, the first block is the family."""
    block, key, blocks = None, None, []
    with open(path, encoding='utf-8') as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip('\n')
            if line.startswith('#'):
                continue
            if not line.strip():
                block = key = None
            elif line[0] == ' ' and key:
                block.keys[key] += '\n' + line.strip()
            elif match := re.fullmatch(r'([A-Z][A-Za-z0-9-]*): *(.*)', line):
                if not block:
                    block = Block(path, number)
                    blocks.append(block)
                key = match[1]
                block.add(key, match[2], number)
            else:
                raise Wrong(f'{path}:{number}: expected "Key: value" or a continuation line')
    return blocks


def write_changed(path, text):
    """Write a generated file, unless it already has this content. ninja then does not rebuild what
    depends on the file."""
    try:
        with open(path, encoding='utf-8') as file:
            if file.read() == text:
                return
    except (FileNotFoundError, UnicodeDecodeError):
        pass
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)


def enum(prefix, name):
    return prefix + re.sub('[^A-Z0-9]', '_', name.upper())


def quote(text):
    return '"' + text.replace('\\', '\\\\').replace('"', '\\"').replace('\n', '\\n') + '"'


class Rule:
    """A rule, which is a block with all required keys and no unknown keys"""

    def __init__(self, block, family):
        self.block, self.family, self.name = block, family, block.get('Rule')
        self.variants = ['']
        for key in block.keys:
            if key in RULE_KEYS:
                continue
            match = re.fullmatch(f'({"|".join(VARIANT_KEYS)})-(.+)', key)
            if not match:
                raise block.wrong(f'no such key: {key}', key)
            if match[2] not in self.variants:
                self.variants.append(match[2])
        for key in REQUIRED:
            if key not in block.keys:
                raise block.wrong(f'{self.name}: {key} is missing')
        if not re.fullmatch('[a-z][a-z0-9-]+', self.name) or len(self.name) > MAX_NAME:
            raise block.wrong(f'invalid name of a rule: {self.name}')
        for key, values in (('Outcome', OUTCOMES), ('Certainty', CERTAINTIES),
                            ('Unused-outcome', OUTCOMES)):
            for variant in self.variants:
                self.one_of(key, variant, values)
        for variant in self.variants:
            self.severity(variant)
            self.concerns(variant)
            self.one_of('Shown', variant, SHOWN)
        self.one_of('Asked', '', ASKED)
        self.one_of('Unaffected', '', UNAFFECTED)
        self.subject, _ = self.rule_subject('')
        self.together = {variant: self.rule_subject(variant)[1] for variant in self.variants}
        self.values = block.get('Values').split()
        self.messages = [words for words in block.keys.get('Kernel-messages', '').split('\n')
                         if words]
        for words in self.messages:
            if len(words) > MAX_MESSAGE:
                raise block.wrong(f'more than {MAX_MESSAGE} bytes: {words}',
                                  'Kernel-messages')
        self.check_sentences()

    def own(self, key, variant):
        """Return the key that applies to a variant: the variant's own key or the rule's key."""
        if variant and key in OWN_SENTENCES:
            return f'{key}-{variant}'
        return f'{key}-{variant}' if f'{key}-{variant}' in self.block.keys else key

    def one_of(self, key, variant, values):
        """Return the C name for the value of a key. A value that is present must be in values."""
        key = self.own(key, variant)
        value = self.block.get(key)
        if key in self.block.keys and value not in values:
            raise self.block.wrong(f'{value} is none of {", ".join(values)}', key)
        return values.get(value)

    def is_untested(self, variant):
        return self.block.get(self.own('Certainty', variant)) == 'untested'

    def loads(self):
        """Return the loads for which the rule is checked, as C flags."""
        names = [name for name in self.block.get('Loads').split(', ') if name]
        for name in names:
            if name not in LOADS:
                raise self.block.wrong(f'{name} is none of {", ".join(LOADS)}', 'Loads')
        if names and not self.block.get('Asked'):
            raise self.block.wrong('Loads requires "Asked: each load"', 'Loads')
        return ' | '.join(enum('LOADS_', name) for name in names) or '0'

    def severity(self, variant):
        outcomes = {self.block.get(self.own(key, variant), 'ok')
                        for key in ('Outcome', 'Unused-outcome')}
        if outcomes == {'ok'}:
            return 'note'
        if not self.block.get(self.own('Certainty', variant)):
            raise self.block.wrong(f'{self.name}: Certainty is missing')
        if self.block.get(self.own('Certainty', variant)) in ('condition', 'unknown', 'untested'):
            return 'note'
        if outcomes & SEVERE:
            return 'error'
        return 'warning'

    def worst_severity(self):
        return max((self.severity(variant) for variant in self.variants),
                   key=('note', 'warning', 'error').index)

    def concerns(self, variant):
        key = self.own('Concerns', variant)
        names = self.block.get(key)
        for name in names.split(', ') if names else ():
            if name not in CONCERNS:
                raise self.block.wrong(f'{name} is none of {", ".join(CONCERNS)}', key)
        return [enum('CONCERNS_', name) for name in names.split(', ')] if names else ['0']

    def rule_subject(self, variant):
        """Return the kind of object that the rule checks, and whether one finding covers all."""
        key = self.own('Subject', variant)
        match = SUBJECT_AT.fullmatch(self.block.get(key, 'capture'))
        if not match:
            raise self.block.wrong('expected "each OBJECT", "all OBJECTS" or "capture"', key)
        thing = match[2] or 'capture'
        if match[1] == 'all':
            thing = re.sub('ie$', 'y', thing.removesuffix('s'))
        if variant and thing != self.subject:
            raise self.block.wrong(f'the rule checks another object: {self.subject}', key)
        return thing, match[1] == 'all'

    def parts(self, key, text):
        """Return the pieces of a sentence: (text before a value, the value's name, whether the
        value is of the other entry, the words for one, the words for several)."""
        pieces = re.split(r'\{([^{}]*)\}', text)
        if '{' in ''.join(pieces[::2]) or '}' in ''.join(pieces[::2]):
            raise self.block.wrong(f'unbalanced brace: {text}', key)
        found = []
        for before, field in zip(pieces[::2], pieces[1::2]):
            match = re.fullmatch(r'(other\.)?([a-z0-9-]+)(?::([^|]*)\|(.*))?', field)
            if not match or match[2] not in (ENTRY_FIELDS if match[1] else
                                             FIELDS + tuple(self.values)):
                raise self.block.wrong(f'no such field: {{{field}}}', key)
            found.append((before, match[2], bool(match[1]), match[3], match[4]))
        return found + [(pieces[-1], None, False, None, None)]

    def evidence(self, variant):
        """Return, for each fact of the evidence, the pieces of its source and of its value."""
        key, facts = self.own('Evidence', variant), []
        for line in self.block.keys.get(key, '').split('\n'):
            if not line:
                continue
            source, equals, value = line.partition(' = ')
            other, file = re.fullmatch(r'(other\.)?(.*)', line).groups('')
            if not equals:
                if file not in FILES:
                    raise self.block.wrong('expected a file of an entry, or SOURCE = VALUE: '
                                           f'{line}', key)
                source, value = (f'runtime-map/{{{other}index}}/{file}',
                                 f'{{{other}{FILES[file]}}}')
            facts.append((self.parts(key, source), self.parts(key, value)))
        return facts

    def sentences(self):
        for variant in self.variants:
            for base in SENTENCES:
                key = self.own(base, variant)
                if key in self.block.keys:
                    yield self.parts(key, self.block.get(key))
            for fact in self.evidence(variant):
                yield from fact

    def check_sentences(self):
        named = {name for parts in self.sentences() for _, name, *_ in parts}
        for value in self.values:
            if value not in named:
                raise self.block.wrong(f'no sentence contains {value}', 'Values')


class Family:
    """A file of rules, with its header and its rules"""

    def __init__(self, path):
        blocks = read_blocks(path)
        if not blocks:
            raise Wrong(f'{path}:1: the file is empty')
        head = blocks[0]
        for key in FAMILY_KEYS:
            if key not in head.keys:
                raise head.wrong(f'{key} is missing')
        for key in head.keys:
            if key not in FAMILY_KEYS + OPTIONAL_FAMILY_KEYS:
                raise head.wrong(f'no such key: {key}', key)
        self.name, self.title = head.get('Family'), head.get('Title')
        self.command = head.get('Command')
        for key in OPTIONAL_FAMILY_KEYS:
            for block in blocks[1:] if key in head.keys else ():
                block.keys.setdefault(key, head.keys[key])
        self.rules = [Rule(block, self) for block in blocks[1:]]


def read_catalogue(paths):
    """Return the families in all files. Names must be unique."""
    families, seen = [Family(path) for path in paths], {}
    for rule in (rule for family in families for rule in family.rules):
        if rule.name in seen:
            raise rule.block.wrong(f'{rule.name} occurs twice, first at {seen[rule.name]}')
        seen[rule.name] = f'{rule.block.path}:{rule.block.line}'
    said = kernel_messages(families)
    for (words, rule), (longer, _) in zip(said, said[1:]):
        if longer.startswith(words):
            raise rule.block.wrong(f'"{words}" is also a prefix of "{longer}"', 'Kernel-messages')
    return families


def read_topics(paths):
    blocks = [block for path in paths for block in read_blocks(path)]
    for block in blocks:
        if tuple(block.keys) != tuple(key for key in TOPIC_KEYS
                                      if key in block.keys or key != 'Fix'):
            raise block.wrong(f'a topic has {", ".join(TOPIC_KEYS)}, in this order')
    return blocks


def read_changes(paths):
    blocks = [block for path in paths for block in read_blocks(path)]
    for block in blocks:
        known = tuple(key for key in CHANGE_KEYS
                      if key in block.keys or key not in ('Lacks', 'Stable', 'Release'))
        if tuple(block.keys) != known:
            raise block.wrong(f'a change has {", ".join(CHANGE_KEYS)}, in this order')
        for key, count in ('First', '1'), ('Lacks', ',1'), ('Stable', ',6'):
            if not re.fullmatch(rf'(\d+\.\d+(\.\d+)?( |$)){{{count}}}', block.get(key)):
                raise block.wrong(f'{key} is not a release', key)
    return blocks


class Errors:
    """The messages in files *.texts"""

    def __init__(self, paths):
        self.texts = [block for path in paths for block in read_blocks(path)]
        seen = set()
        for block in self.texts:
            if tuple(block.keys) != tuple(key for key in TEXT_BLOCK_KEYS if key in block.keys or
                                          key not in ('Rule', 'Log', 'Place')):
                raise block.wrong(f'a message has {", ".join(TEXT_BLOCK_KEYS)}, in this order')
            if block.get('Log') not in ('', 'harmless'):
                raise block.wrong(f'{block.get("Log")} is not harmless', 'Log')
            if block.get('Place') not in PLACES:
                raise block.wrong(f'{block.get("Place")} is none of {", ".join(PLACES[1:])}', 'Place')
            for message in self.messages(block):
                if message.lower() in seen:
                    raise block.wrong(f'"{message}" occurs twice', 'Text')
                seen.add(message.lower())

    @staticmethod
    def messages(block):
        return [line.strip() for line in block.keys['Text'].split('\n')]


def kernel_messages(families):
    """Return (message prefix, rule) pairs, sorted by the bytes of the prefix."""
    return sorted(((words, rule) for family in families for rule in family.rules
                   for words in rule.messages), key=lambda pair: pair[0].encode())


def predicate(rule):
    if rule.messages:
        return 'rule_kernel_message'
    # Rules about differences share one predicate, because a difference contains its rule.
    return 'rule_difference' if rule.subject == 'difference' else enum('rule_', rule.name).lower()


def write_ids(families, *_):
    yield '#ifndef RULES_RULE_IDS_H'
    yield '#define RULES_RULE_IDS_H'
    yield 'enum rule_id {'
    for family in families:
        yield f'\t/* {family.name}: {family.title} */'
        yield from (f'\t{enum("EFIMAP_RULE_", rule.name)},' for rule in family.rules)
    yield '\tEFIMAP_RULE_COUNT,\n};'
    yield '#endif'


def write_change_ids(_families, _topics, changes, *_):
    yield '#ifndef INFER_CHANGE_IDS_H'
    yield '#define INFER_CHANGE_IDS_H'
    yield 'enum change {'
    yield from (f'\t{enum("EFIMAP_CHANGE_", block.get("Change"))},' for block in changes)
    yield '\tEFIMAP_CHANGE_COUNT,\n};'
    yield '#endif'


def needs(rule):
    """Return the sources and properties that a rule needs, as C flags."""
    return ' | '.join(enum('EFIMAP_NEEDS_', name) if name in NEEDS else
                      f'EFIMAP_NEEDS({enum("EFIMAP_SRC_", name)})'
                      for name in rule.block.get('Needs', 'nothing').split(', ')
                      if name != 'nothing') or '0'


class Words:
    """An array of texts. Each text is stored once, and its offset is used as a reference, because
    pointers would require relocations."""

    def __init__(self, name):
        self.name, self.places, self.size = name, {}, 0

    def place(self, text):
        if text not in self.places:
            self.places[text] = self.size
            self.size += len(text.encode()) + 1
        return self.places[text]

    def write(self):
        yield f'const char {self.name}[] ='
        yield from (f'\t{quote(text)[:-1]}\\0"' for text in self.places)
        yield '\t;'


def write_texts(families, *_):
    words = Words('rule_texts')
    # Position 0 is the empty text, which is the value of keys that a rule lacks.
    words.place('')
    yield '#include "rules/rule_catalogue.h"'
    yield 'const struct rule rule_table[EFIMAP_RULE_COUNT] = {'
    for number, family in enumerate(families):
        for rule in family.rules:
            yield f'\t{{ .id = {enum("EFIMAP_RULE_", rule.name)}, .name = {quote(rule.name)},'
            yield f'\t  .family = {number},'
            yield f'\t  .severity = EFIMAP_{rule.worst_severity().upper()},'
            yield (f'\t  .outcome = '
                   f'EFIMAP_OUTCOME_{rule.one_of("Outcome", "", OUTCOMES)},')
            yield f'\t  .spares_runtime = {rule.one_of("Unaffected", "", UNAFFECTED)},'
            yield f'\t  .needs = {needs(rule)},'
            yield '\t  .texts = {'
            yield from (f'\t\t[{enum("RULE_", key)}] = {words.place(rule.block.get_list(key))},'
                        for key in TEXT_KEYS)
            yield '\t  } },'
    yield '};'
    yield from words.write()
    said = kernel_messages(families)
    yield 'const struct message_prefix message_prefix[] = {'
    yield from (f'\t{{ {quote(words)}, {enum("EFIMAP_RULE_", rule.name)} }},'
                for words, rule in said)
    yield f'}};\nconst size_t n_message_prefixes = {len(said)};'
    yield 'const struct rule_group rule_groups[] = {'
    for family in families:
        yield f'\t{{ {quote(family.name)}, {quote(family.title)}, {quote(family.command)} }},'
    yield '\t{ .name = NULL },\n};'


def version(text):
    """Return a version such as 6.12.5 as a C initialiser."""
    return f'{{ {", ".join(text.split("."))} }}'


def write_changes(_families, _topics, changes, *_):
    yield '#include "infer/linux_changes.h"'
    yield 'const struct kernel_change kernel_changes[EFIMAP_CHANGE_COUNT] = {'
    for block in changes:
        stable = ', '.join(version(one) for one in block.get('Stable').split())
        yield f'\t{{ .first = {version(block.get("First"))},'
        if block.get('Lacks'):
            yield f'\t  .lacks = {version(block.get("Lacks"))},'
        if stable:
            yield f'\t  .stable = {{ {stable} }},'
        yield f'\t  .release = {quote(block.get("Release", block.get("First")))},'
        yield f'\t  .before = {quote(block.get("Before"))} }},'
    yield '};'


def write_topics(_families, topics, *_):
    yield '#include "rules/outcome.h"'
    yield f'_Static_assert({len(topics)} < EFIMAP_MAX_TOPICS, "EFIMAP_MAX_TOPICS is too small");'
    yield 'const struct topic topic_table[] = {'
    for block in topics:
        yield '\t{ ' + ', '.join(quote(block.get_list(key)) for key in TOPIC_KEYS) + ' },'
    yield '\t{ .name = NULL },\n};'


def write_errors(families, _topics, _changes, errors):
    words = Words('error_words')
    of_rules = {rule.name: rule.messages for family in families for rule in family.rules}
    yield '#include "rules/error_texts.h"'
    yield 'const struct error_text error_texts[] = {'
    for block in errors.texts:
        get = block.get
        if get('Rule') and not of_rules.get(get('Rule')):
            raise block.wrong(f'{get("Rule")} is not a rule about messages', 'Rule')
        messages = dict.fromkeys(errors.messages(block) + of_rules.get(get('Rule'), []))
        yield '\t{ ' + ', '.join([
            f'.messages = {words.place(chr(10).join(messages))}',
            *(f'.{key.lower().replace("-", "_")} = {words.place(get(key))}'
              for key in ('Printed-by', 'Means', 'When', 'Check')),
            f'.is_harmless = {str(get("Log") == "harmless").lower()}',
            f'.place = {enum("EFIMAP_PLACE_", get("Place", "none"))}']) + ' },'
    yield f'}};\nconst size_t n_error_texts = {len(errors.texts)};'
    yield from words.write()


def write_bindings(families, *_):
    rules = [rule for family in families for rule in family.rules]
    values = {value for rule in rules for value in rule.values} | set(FIELDS)
    yield '#ifndef RULES_RULE_BINDINGS_H'
    yield '#define RULES_RULE_BINDINGS_H'
    yield '#include <stdbool.h>'
    for title, prefix, names, end in (
            ('rule_family', 'FAMILY_', [family.name for family in families], 'FAMILY_COUNT'),
            ('rule_subject', 'SUBJECT_', sorted({rule.subject for rule in rules}), 'SUBJECT_COUNT'),
            ('rule_value', 'VALUE_', sorted(values), 'VALUE_NOTHING'),
            ('rule_variant_id', 'VARIANT_', ['usual'] + sorted({name for rule in rules
                                                  for name in rule.variants if name}),
             'VARIANT_COUNT')):
        yield f'enum {title} {{'
        yield from (f'\t{enum(prefix, name)},' for name in names)
        yield f'\t{end},\n}};'
    yield 'struct facts_for_rules;\nstruct match;'
    for name in sorted({predicate(rule) for rule in rules}):
        yield f'bool {name}(const struct facts_for_rules *c, struct match *match);'
    yield '#endif'


class Table:
    """The rows of a C table. Equal sequences of rows are stored once."""

    def __init__(self, kind, name):
        self.kind, self.name, self.rows, self.places = kind, name, [], {}

    def place(self, rows):
        """Add rows unless the table contains them. Return the index of the first."""
        if rows not in self.places:
            self.places[rows] = len(self.rows)
            self.rows += rows
        return self.places[rows]

    def write(self):
        if len(self.rows) > 0xffff:
            sys.exit(f'more {self.name} than a 16-bit index can address')
        yield f'const struct {self.kind} {self.name}[] = {{'
        yield from (f'\t{row},' for row in self.rows)
        yield '};'


class Sentences:
    """The sentences of all rules, as tables of words, pieces, facts and variants."""

    def __init__(self):
        self.words = Words('rule_words')
        self.parts = Table('rule_part', 'rule_parts')
        self.facts = Table('rule_fact', 'rule_facts')
        self.variants = Table('rule_variant', 'rule_variants')
        # Index 0 is the empty sentence, which stands for keys that a variant lacks.
        self.sentence([('', None, False, None, None)])

    def sentence(self, parts):
        """Add the pieces of a sentence. Return the index of the first."""
        def one(before, name, other, singular, plural):
            places = ', '.join(str(self.words.place(text)) if text is not None else
                               'RULE_NO_WORDS' for text in (before, singular, plural))
            return f'{{ {places}, {enum("VALUE_", name or "nothing")}, {str(other).lower()} }}'
        return self.parts.place(tuple(one(*part) for part in parts))

    def variant(self, rule, variant):
        """Return the row for a variant of a rule, and add its sentences."""
        def grade(key, prefix, values):
            value = rule.one_of(key, variant, values)
            return f'EFIMAP_{prefix}{value}' if value else '-1'
        facts = tuple(f'{{ {self.sentence(source)}, {self.sentence(value)} }}'
                      for source, value in rule.evidence(variant))
        keys = {base: rule.own(base, variant) for base in SENTENCES}
        errno = rule.block.get(rule.own('Errno', variant))
        return ', '.join([
            f'{{ .as = {enum("VARIANT_", variant or "usual")}',
            f'.together = {str(rule.together[variant]).lower()}',
            f'.certainty = {grade("Certainty", "", CERTAINTIES)}',
            f'.is_untested = {str(rule.is_untested(variant)).lower()}',
            f'.concerns = {" | ".join(rule.concerns(variant))}',
            f'.outcome = {grade("Outcome", "OUTCOME_", OUTCOMES)}',
            f'.unneeded = {grade("Unused-outcome", "OUTCOME_", OUTCOMES)}',
            f'.shown = EFIMAP_SHOWN_{rule.one_of("Shown", variant, SHOWN)}',
            f'.fallback = EFIMAP_FALLBACK_{FALLBACKS.get(errno, "NEVER")}',
            *(f'.{SENTENCES[base]} = {self.sentence(rule.parts(key, rule.block.get(key)))}'
              for base, key in keys.items() if key in rule.block.keys),
            f'.facts = {self.facts.place(facts)}, .n_facts = {len(facts)} }}'])

    def write(self):
        if self.words.size > 0xffff:
            sys.exit('the rules have more words than a 16-bit index can address')
        for table in (self.variants, self.facts, self.parts, self.words):
            yield from table.write()


def write_words(families, *_):
    sentences = Sentences()
    rules = [rule for family in families for rule in family.rules]
    yield '#include <errno.h>'
    yield '#include "rules/engine.h"'
    yield 'const struct rule_binding rule_bindings[EFIMAP_RULE_COUNT] = {'
    for rule in rules:
        variants = tuple(sentences.variant(rule, variant) for variant in rule.variants)
        yield (f'\t{{ {enum("SUBJECT_", rule.subject)}, {len(variants)}, '
               f'ASKED_{rule.one_of("Asked", "", ASKED)}, {rule.loads()}, '
               f'{sentences.variants.place(variants)} }},')
    yield '};'
    yield from sentences.write()


def predicates(name, families):
    yield f'rule_predicate_fn *const {name}[EFIMAP_RULE_COUNT] = {{'
    yield from (f'\t[{enum("EFIMAP_RULE_", rule.name)}] = {predicate(rule)},'
                for family in families for rule in family.rules)
    yield '};'


def write_predicates(families, *_):
    yield '#include "rules/engine.h"'
    yield from predicates('rule_predicates',
                          [family for family in families if family.command != 'compare'])


def write_compare_predicates(families, *_):
    yield '#include "compare/compared_captures.h"'
    yield from predicates('compare_predicates',
                          [family for family in families if family.command == 'compare'])


def write_man(families, *_):
    for family in families:
        yield f'.Ss {family.title} Pq Li {family.name}'
        yield '.Bl -column -compact "range-exceeds-efi-va-range" "warning"'
        yield from (f'.It Cm {rule.name} Ta {rule.worst_severity()}' for rule in family.rules)
        yield '.El'


WRITERS = {'ids': write_ids, 'texts': write_texts, 'topics': write_topics,
           'errors': write_errors,
           'change-ids': write_change_ids, 'changes': write_changes,
           'bindings': write_bindings, 'words': write_words, 'predicates': write_predicates,
           'compare-predicates': write_compare_predicates, 'man': write_man}


def main():
    if '--help' in sys.argv[1:]:
        print(__doc__.strip())
        return
    wanted = [word.split('=', 1) for word in sys.argv[1:] if '=' in word]
    paths = sys.argv[1 + len(wanted):]
    around = ('/* Generated by tools/rules.py from src/rules/. Do not edit. */\n', '')
    if wanted[0][0] == 'man':
        with open(paths.pop(0), encoding='utf-8') as file:
            around = file.read().split('.\\" RULES\n')
    try:
        read = [reader([path for path in paths if path.endswith(suffix)])
                for suffix, reader in (('.rules', read_catalogue), ('.topics', read_topics),
                                       ('.changes', read_changes), ('.texts', Errors))]
    except Wrong as error:
        sys.exit(str(error))
    for kind, output in wanted:
        try:
            lines = ''.join(line + '\n' for line in WRITERS[kind](*read))
        except Wrong as error:
            sys.exit(str(error))
        write_changed(output, around[0] + lines + around[1])


if __name__ == '__main__':
    main()
