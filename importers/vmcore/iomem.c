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

/* r_show() prints "<BAD>" for none; a name that is too long is a name all the same. */
static int read_resource_name(const struct vmcore *vm, uint64_t address, char name[MAX_NAME])
{
	int ret;

	if (!address) {
		memcpy(name, "<BAD>", sizeof("<BAD>"));
		return 0;
	}
	ret = memory_text(vm->memory, address, name, MAX_NAME);
	if (ret && ret != -E2BIG)
		return -ENODATA;
	efimap_text_clean(name, strlen(name));
	return 0;
}

static int add_resource(const struct walk *walk, const uint64_t values[N_FIELDS])
{
	const uint32_t depth = walk->depth < MAX_PRINTED ? walk->depth : MAX_PRINTED;
	const struct efimap_span span = { values[START], values[END] };
	char name[MAX_NAME];
	int ret = read_resource_name(walk->vm, values[NAME], name);

	/* The parser of the file refuses such a line, too. */
	if (!ret && span.last < span.first)
		ret = -ENODATA;
	return ret ? ret : efimap_add_iomem(walk->vm->map, span, depth, name, strlen(name));
}

/* Down to the first child, else on to what follows, here or further up; 0 for no more. */
static int find_next_resource(struct walk *walk, const uint64_t values[N_FIELDS],
			      uint64_t *ret_resource)
{
	walk->next[walk->depth] = values[SIBLING];
	if (values[CHILD]) {
		if (walk->depth + 1 == MAX_DEPTH)
			return -ENODATA;
		walk->depth++;
		*ret_resource = values[CHILD];
		return 0;
	}
	while (!walk->next[walk->depth] && walk->depth > 0)
		walk->depth--;
	*ret_resource = walk->next[walk->depth];
	return 0;
}

/* The root is no line itself. */
static int walk_resources(struct walk *walk)
{
	uint64_t values[N_FIELDS], resource;
	uint32_t lines = 0;
	int ret = vmcore_fields(walk->vm, walk->vm->symbols[SYM_IOMEM_RESOURCE],
				&walk->fields[CHILD], 1, &resource);

	while (!ret && resource) {
		if (lines++ == EFIMAP_MAX_LINES)
			return -ENODATA;
		ret = vmcore_fields(walk->vm, resource, walk->fields, N_FIELDS, values);
		if (!ret)
			ret = add_resource(walk, values);
		if (!ret)
			ret = find_next_resource(walk, values, &resource);
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
	ret = walk_resources(&walk);
	return ret == -ENODATA ? vmcore_lacks(vm, EFIMAP_SRC_IOMEM, "the tree of resources") :
				 ret;
}
