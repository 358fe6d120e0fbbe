/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Documents, for other programs: by name, and through a function that takes the bytes. What
 * is in one is for format and plot; each is made whole in memory before any of it is given
 * away.
 */
#include <errno.h>
#include <string.h>

#include "base/out.h"
#include "check/handover_judge.h"
#include "check/predict.h"
#include "emulate/handover.h"
#include "format/emulation.h"
#include "format/format.h"
#include "lib/lib.h"
#include "model/traits.h"
#include "plot/plot.h"

int efimap_write_fd(void *context, const void *data, size_t size)
{
	const int fd = *(const int *)context;
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_FD(fd);

	/* For an output it would be memory. */
	if (fd < 0)
		return -EBADF;
	efimap_out_write(&out, data, size);
	return efimap_out_flush(&out);
}

static int give_away(const struct efimap_out *out, efimap_write_fn *write, void *context)
{
	return out->error ? out->error : write(context, out->data, out->used);
}

struct document;
typedef int document_fn(const struct efimap *map, const struct document *document,
			struct efimap_out *out);
typedef int picture_fn(const struct efimap_plot_input *input,
		       const struct efimap_plot_options *options, struct efimap_out *out);

/*
 * @shows_map: where the map was not read whole it would show half of one
 * @rows:      how dump writes it
 * @picture:   how plot does
 */
struct document {
	const char *name;
	document_fn *write;
	bool shows_map;
	enum efimap_dump_format rows;
	picture_fn *picture;
};

static int write_snapshot(const struct efimap *map, const struct document *document,
			  struct efimap_out *out)
{
	return efimap_snapshot_write(map, false, out);
}

static int write_receipt(const struct efimap *map, const struct document *document,
			 struct efimap_out *out)
{
	efimap_auto_receipt struct efimap_receipt *receipt = NULL;
	const int ret = efimap_handover_judge(map, &receipt);

	return ret ? ret : efimap_receipt_write_json(map->name, receipt, false, out);
}

static int write_prediction(const struct efimap *map, const struct document *document,
			    struct efimap_out *out)
{
	efimap_auto_prediction struct efimap_prediction prediction = { 0 };
	int ret;

	/* kexec_load shuffles a map; a 32-bit kernel maps regions where it happens to. */
	if (map->map_from == EFIMAP_MAP_FROM_RECEIVED || efimap_is_32bit_kernel(map))
		return -EOPNOTSUPP;
	ret = efimap_predict(map, &prediction);
	return ret ? ret : efimap_prediction_write_json(map, &prediction.layout,
							prediction.report, out);
}

static int write_rows(const struct efimap *map, const struct document *document,
		      struct efimap_out *out)
{
	const struct efimap_dump_options how = { .format = document->rows,
						 .text = { .headings = true,
							   .fixed = true } };
	efimap_auto_report struct efimap_report *report = NULL;
	const int ret = efimap_verify(map, NULL, &report);

	return ret ? ret : efimap_dump_write(map, report, &how, out);
}

static int write_picture(const struct efimap *map, const struct document *document,
			 struct efimap_out *out)
{
	const struct efimap_plot_options how = { 0 };
	efimap_auto_report struct efimap_report *report = NULL;
	const int ret = efimap_verify(map, NULL, &report);
	const struct efimap_plot_input input = { .map = map, .report = report };

	return ret ? ret : document->picture(&input, &how, out);
}

static const struct document documents[] = {
	{ .name = "efimap-snapshot", .write = write_snapshot },
	{ .name = "efimap-handover", .write = write_receipt },
	{ .name = "efimap-prediction", .write = write_prediction, .shows_map = true },
	{ "efimap-dump", write_rows, true, EFIMAP_DUMP_JSON, NULL },
	{ "table", write_rows, true, EFIMAP_DUMP_TABLE, NULL },
	{ "csv", write_rows, true, EFIMAP_DUMP_CSV, NULL },
	{ "pairs", write_rows, true, EFIMAP_DUMP_PAIRS, NULL },
	{ "raw", write_rows, true, EFIMAP_DUMP_RAW, NULL },
	{ "svg", write_picture, true, 0, efimap_plot_write_svg },
	{ "html", write_picture, true, 0, efimap_plot_write_html },
};

/* Was the runtime map read whole? If not, why? */
static int map_error(const struct efimap *map)
{
	for (size_t i = 0; i < map->n_faults; i++) {
		const struct efimap_fault *fault = &map->faults[i];

		if (fault->source != EFIMAP_SRC_EFI && fault->source != EFIMAP_SRC_RUNTIME_MAP)
			continue;
		if (fault->kind != EFIMAP_FAULT_EXTRA)
			return fault->kind == EFIMAP_FAULT_DENIED ? -EACCES : -EBADMSG;
	}
	if (map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_DENIED ||
	    map->states[EFIMAP_SRC_RUNTIME_MAP] == EFIMAP_STATE_DENIED)
		return -EACCES;
	return map->states[EFIMAP_SRC_RUNTIME_MAP] == EFIMAP_STATE_ABSENT ? -ENODATA : 0;
}

static const struct document *find_document(const char *name)
{
	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++)
		if (strcmp(documents[i].name, name) == 0)
			return &documents[i];
	return NULL;
}

int efimap_capture_write(const struct efimap_capture *capture, const char *document,
			 efimap_write_fn *write, void *context)
{
	const struct document *found = find_document(document);
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	int ret = found ? 0 : -EINVAL;

	if (!ret && found->shows_map)
		ret = map_error(lib_map(capture));
	if (!ret)
		ret = found->write(lib_map(capture), found, &out);
	return ret ? ret : give_away(&out, write, context);
}

int efimap_report_write(const struct efimap_report *report,
			const struct efimap_capture *capture, const char *document,
			efimap_write_fn *write, void *context)
{
	const struct efimap_text_options how = { .notes = true, .all = true };
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	int ret = -EINVAL;

	if (strcmp(document, "efimap-report") == 0)
		ret = efimap_report_write_json(lib_map(capture)->name, report, false, &out);
	else if (strcmp(document, "text") == 0)
		ret = efimap_report_write_text(report, &how, &out);
	return ret ? ret : give_away(&out, write, context);
}

int efimap_comparison_write(const struct efimap_comparison *comparison,
			    const struct efimap_capture *first,
			    const struct efimap_capture *second, const char *document,
			    efimap_write_fn *write, void *context)
{
	const struct efimap_text_options how = { .notes = true, .all = true };
	const struct efimap *a = lib_map(first), *b = lib_map(second);
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	int ret = -EINVAL;

	if (strcmp(document, "efimap-comparison") == 0)
		ret = efimap_comparison_write_json(a->name, b->name, comparison, false, &out);
	else if (strcmp(document, "text") == 0)
		ret = efimap_comparison_write_text(a, b, comparison, &how, &out);
	return ret ? ret : give_away(&out, write, context);
}

static int find_loader(const char *name, enum efimap_loader *ret_loader)
{
	for (enum efimap_loader i = EFIMAP_LOADER_KEXEC_TOOLS; i <= EFIMAP_LOADER_KERNEL; i++) {
		if (strcmp(efimap_loader_name(i), name) != 0)
			continue;
		*ret_loader = i;
		return 0;
	}
	return -EINVAL;
}

static int give_part(const struct efimap *map, const struct efimap_handover *handover,
		     const char *part, efimap_write_fn *write, void *context,
		     struct efimap_err *err)
{
	if (handover->reason != EFIMAP_HANDOVER_PASSES)
		return efimap_err_set(err, ENODATA, map->name, "%s",
				      efimap_handover_reason_text(handover->reason));
	if (strcmp(part, "efi-memmap") == 0)
		return write(context, handover->memmap, handover->memmap_size);
	/* Zeros where the loader writes an address would be somebody else's bytes. */
	if (handover->unknown)
		return efimap_err_set(err, ENODATA, map->name,
				      "%s is not known, and so not what the loader writes of it",
				      efimap_source_path((enum efimap_source)__builtin_ctz(
					      handover->unknown)));
	return write(context, handover->node, sizeof(handover->node));
}

/* May the bytes be made of this map? Without one, the loader has a reason of its own. */
static int check_whole(const struct efimap *map, struct efimap_err *err)
{
	const int ret = map_error(map);

	if (ret && ret != -ENODATA)
		return efimap_err_set(err, -ret, map->name, "the runtime map is not whole");
	for (size_t i = 0; i < map->n_entries; i++)
		if (map->entries[i].virt_from == EFIMAP_VIRT_UNKNOWN)
			return efimap_err_set(err, ENODATA, map->name, "virtual addresses are "
					      "not known: no kernel log shows them");
	return 0;
}

int efimap_capture_hand_over(const struct efimap_capture *capture, const char *loader,
			     const char *part, efimap_write_fn *write, void *context,
			     struct efimap_err *err)
{
	struct efimap_handover_options how = { 0 };
	efimap_auto_handover struct efimap_handover handover = { 0 };
	const struct efimap *map = lib_map(capture);
	int ret = find_loader(loader, &how.loader);

	if (ret || (strcmp(part, "setup-data") != 0 && strcmp(part, "efi-memmap") != 0))
		return -EINVAL;
	ret = check_whole(map, err);
	if (!ret)
		ret = efimap_handover_make(map, &how, &handover);
	return ret ? ret : give_part(map, &handover, part, write, context, err);
}
