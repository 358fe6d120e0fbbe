/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Print the segments that place_segments() predicts for a load. Tests compare them with real loads.
 *
 *   placed-segments SOURCE NAME=VALUE...
 *
 * set() and set_number() list the names. The value of "image" is the file name of a bzImage. Names
 * such as "init-size" override a value of its header. A number is decimal or starts with 0x. If
 * SOURCE is "-", each line of standard input contains the arguments for one load.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/boot_params.h"
#include "input/binary/parse_kernel_image.h"
#include "input/read_source.h"
#include "linux/segment_placement.h"

#define MAX_WORDS 32
#define MAX_LINE 4096

struct request {
	struct load load;
	struct kexec_state state;
	struct kernel_image image;
	enum kexec_loader loader;
	bool is_reused;
};

static void set_tools(struct request *request, const char *value)
{
	struct version *tools = &request->state.tools;

	sscanf(value, "%u.%u.%u", &tools->major, &tools->minor, &tools->patch);
}

static void add_scratch(struct request *request, const char *value)
{
	struct span *span = &request->state.scratch[request->state.n_scratch++];

	sscanf(value, "0x%" SCNx64 "-0x%" SCNx64, &span->first, &span->last);
}

static void set_value(struct request *request, enum value_id id, uint64_t number)
{
	request->state.values[id] = (struct value){ number > 0, .number = (int64_t)number };
}

static bool set_number(struct request *request, const char *name, uint64_t value)
{
	struct load *load = &request->load;

	if (strcmp(name, "init-size") == 0)
		request->image.init_size = (uint32_t)value;
	else if (strcmp(name, "alignment") == 0)
		request->image.alignment = (uint32_t)value;
	else if (strcmp(name, "pref-address") == 0)
		request->image.pref_address = value;
	else if (strcmp(name, "setup-size") == 0)
		request->image.setup_size = (uint32_t)value;
	else if (strcmp(name, "xloadflags") == 0)
		request->image.xloadflags = (uint16_t)value;
	else if (strcmp(name, "initrd") == 0)
		load->has_initrd_size = true, load->initrd_size = value;
	else if (strcmp(name, "cmdline") == 0)
		load->has_cmdline_len = true, load->cmdline_len = (uint32_t)value;
	else if (strcmp(name, "reuse-cmdline") == 0)
		request->is_reused = value;
	else if (strcmp(name, "crash") == 0)
		load->is_crash = value;
	else if (strcmp(name, "mem-min") == 0)
		load->mem_min = value;
	else if (strcmp(name, "mem-max") == 0)
		load->mem_max = value;
	else if (strcmp(name, "cpus") == 0)
		set_value(request, EFIMAP_VALUE_CPUS_POSSIBLE, value);
	else if (strcmp(name, "elfcorehdr-size") == 0)
		set_value(request, EFIMAP_VALUE_ELFCOREHDR_SIZE, value);
	else if (strcmp(name, "kho") == 0)
		request->state.kho = value ? EFIMAP_KNOWN_YES : EFIMAP_KNOWN_NO;
	else if (strcmp(name, "cma") == 0)
		request->state.has_cma_total = true, request->state.cma_total = value;
	else
		return false;
	return true;
}

static void set(struct request *request, char *word)
{
	struct installed_kernel kernel;
	struct err err = EFIMAP_ERR_INIT;
	char *value = strchr(word, '=');

	if (!value)
		exit(2);
	*value++ = '\0';
	if (strcmp(word, "loader") == 0)
		request->loader = strcmp(value, "kernel") == 0 ? EFIMAP_LOADER_KERNEL
							       : EFIMAP_LOADER_KEXEC_TOOLS;
	else if (strcmp(word, "tools") == 0)
		set_tools(request, value);
	else if (strcmp(word, "scratch") == 0)
		add_scratch(request, value);
	else if (strcmp(word, "image") == 0 && kernel_image_read(value, &kernel, &err) < 0)
		fprintf(stderr, "placed-segments: %s: %s\n", value, err.text), exit(1);
	else if (strcmp(word, "image") == 0)
		request->image = kernel.header;
	else if (!set_number(request, word, strtoull(value, NULL, 0)))
		fprintf(stderr, "placed-segments: %s: unknown name\n", word), exit(2);
}

static void put(const struct placement *placement)
{
	printf("reason %s\n", unplaced_text(placement->reason));
	printf("unsure 0x%x\n", placement->unsure);
	for (size_t i = 0; i < placement->count; i++) {
		const struct load_segment *segment = &placement->segments[i];

		printf("segment %s 0x%" PRIx64 " 0x%" PRIx64 " 0x%" PRIx64 " 0x%" PRIx64 " %d\n",
		       segment_kind_name(segment->kind), segment->start, segment->start_max,
		       segment->end_min, segment->end, segment->is_optional);
	}
	puts("end");
	fflush(stdout);
}

static int answer(const char *source, char **words, size_t count)
{
	auto_load_memory struct load_memory memory = { 0 };
	auto_map struct efimap *map = NULL;
	struct request request = { .image = {
					   .version = EFIMAP_BOOT_PROTOCOL_XLF,
					   .xloadflags = EFIMAP_XLF_KERNEL_64 |
							 EFIMAP_XLF_ABOVE_4G |
							 EFIMAP_XLF_EFI_KEXEC | EFIMAP_XLF_5LEVEL,
				   } };
	struct err err = EFIMAP_ERR_INIT;
	struct kexec_state *own_state;
	struct placement placement;

	for (size_t i = 0; i < count; i++)
		set(&request, words[i]);
	request.load.image = &request.image;
	if (read_source(source, EFIMAP_BOOT_DEFAULT, NULL, &map, &err) < 0) {
		fprintf(stderr, "placed-segments: %s: %s\n", source, err.text);
		return 1;
	}
	memory = load_memory_make(map, request.loader);
	if (request.is_reused && capture_has(map, EFIMAP_SRC_CMDLINE)) {
		request.load.has_cmdline_len = true;
		request.load.cmdline_len =
			(uint32_t)reused_len(map->cmdline, request.load.is_crash);
	}
	/* The request decides, and not the state of kexec in the source. */
	own_state = map->kexec;
	map->kexec = &request.state;
	place_segments(map, &memory, &request.load, &placement);
	map->kexec = own_state;
	put(&placement);
	return 0;
}

int main(int argc, char **argv)
{
	char line[MAX_LINE];

	if (argc < 2)
		return 2;
	if (strcmp(argv[1], "-") != 0)
		return answer(argv[1], argv + 2, (size_t)argc - 2);
	while (fgets(line, sizeof(line), stdin)) {
		char *words[MAX_WORDS];
		size_t count = 0;
		char *rest = line, *word;

		while (count < MAX_WORDS && (word = strsep(&rest, " \n")))
			if (*word)
				words[count++] = word;
		if (count == 0 || answer(words[0], words + 1, count - 1))
			return 1;
	}
	return 0;
}
