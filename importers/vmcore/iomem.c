/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tree of resources as proc/iomem shows it (kernel/resource.c). It is walked without
 * recursion, to a limit of lines and of depth, so that one that leads in circles ends.
 */
#include <errno.h>
#include <string.h>

#include "read/read.h"
#include "read/text.h"
#include "vmcore.h"

#define MAX_DEPTH 64U
/* kernel/resource.c: MAX_IORES_LEVEL, the deepest that is printed indented */
#define MAX_PRINTED 5U
#define MAX_NAME 128U

/* struct resource */
enum { START, END, NAME, SIBLING, CHILD, N_FIELDS };

static const char *const paths[N_FIELDS] = { "start", "end", "name", "sibling", "child" };

/*
 * struct walk - on the way through the tree
 * @next:  at each depth the resource that follows there, 0 for none
 * @depth: of the resource that is looked at
 */
struct walk {
	struct vmcore *vm;
	struct field fields[N_FIELDS];
	uint64_t next[MAX_DEPTH];
	uint32_t depth;
};

static int read_field(const struct walk *walk, uint64_t resource, unsigned int field,
		      uint64_t *ret_value)
{
	return vmcore_field(walk->vm, resource, &walk->fields[field], ret_value) ? -ENODATA : 0;
}

/* r_show() prints "<BAD>" for none; a name that is too long is a name all the same. */
static int read_name(const struct walk *walk, uint64_t resource, char name[MAX_NAME])
{
	uint64_t address;
	int ret = read_field(walk, resource, NAME, &address);

	if (ret)
		return ret;
	if (!address) {
		memcpy(name, "<BAD>", sizeof("<BAD>"));
		return 0;
	}
	ret = memory_text(walk->vm->memory, address, name, MAX_NAME);
	if (ret && ret != -E2BIG)
		return -ENODATA;
	efimap_text_clean(name, strlen(name));
	return 0;
}

static int add_line(const struct walk *walk, uint64_t resource)
{
	const uint32_t depth = walk->depth < MAX_PRINTED ? walk->depth : MAX_PRINTED;
	char name[MAX_NAME];
	uint64_t start, end;
	int ret = read_name(walk, resource, name);

	if (!ret)
		ret = read_field(walk, resource, START, &start);
	if (!ret)
		ret = read_field(walk, resource, END, &end);
	if (ret)
		return ret;
	/* The parser of the file refuses such a line, too. */
	if (end < start)
		return -ENODATA;
	return efimap_add_iomem(walk->vm->map, (struct efimap_span){ start, end }, depth, name,
				strlen(name));
}

/* Down to the first child, else on to what follows, here or further up. */
static int step(struct walk *walk, uint64_t *resource)
{
	uint64_t child;
	int ret = read_field(walk, *resource, CHILD, &child);

	if (!ret)
		ret = read_field(walk, *resource, SIBLING,
				 &walk->next[walk->depth]);
	if (ret)
		return ret;
	if (child) {
		if (walk->depth + 1 == MAX_DEPTH)
			return -ENODATA;
		walk->depth++;
		*resource = child;
		return 0;
	}
	while (!walk->next[walk->depth] && walk->depth > 0)
		walk->depth--;
	*resource = walk->next[walk->depth];
	return 0;
}

static int walk_all(struct walk *walk)
{
	uint64_t resource;
	uint32_t lines = 0;
	int ret = read_field(walk, walk->vm->symbols[SYM_IOMEM_RESOURCE], CHILD,
			     &resource);

	while (!ret && resource) {
		if (lines++ == EFIMAP_MAX_LINES)
			return -ENODATA;
		ret = add_line(walk, resource);
		if (!ret)
			ret = step(walk, &resource);
	}
	return ret;
}

int take_iomem(struct vmcore *vm)
{
	struct walk walk = { .vm = vm };
	int ret;

	if (!vm->symbols[SYM_IOMEM_RESOURCE] ||
	    !types_fields(vm, "resource", paths, N_FIELDS, walk.fields))
		return 0;
	vm->map->states[EFIMAP_SRC_IOMEM] = EFIMAP_STATE_PRESENT;
	ret = walk_all(&walk);
	return ret == -ENODATA ? vmcore_lacks(vm, EFIMAP_SRC_IOMEM, "the tree of resources") :
				 ret;
}
