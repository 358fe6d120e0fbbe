/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Find the kernels to rehearse, and read their images. A capture can name any file as a kernel
 * image, so the file is used only if it matches the image that the capture describes.
 */
#include <errno.h>
#include <string.h>

#include "answer/verify.h"
#include "base/text_scan.h"
#include "input/binary/parse_kernel_image.h"
#include "input/input_file.h"
#include "input/read_source.h"
#include "kernels.h"

/* Maximum size of an image in bytes. A unified kernel image also contains an initrd. */
#define MAX_KERNEL ((size_t)256 << 20)

/* Find the kernel of an answer in @map. The result remains valid after the answer is freed. */
static const struct installed_kernel *find_installed(const struct efimap *map,
						     const struct load_answer *answer)
{
	const bool is_crash = answer->question == EFIMAP_QUESTION_KDUMP;

	for (size_t i = 0; i < map->n_kernels; i++)
		if (map->kernels[i].is_crash == is_crash &&
		    strcmp(map->kernels[i].header.name, answer->kernel.image) == 0)
			return &map->kernels[i];
	for (size_t i = 0; map->given && i < map->given->n_kernels; i++)
		if (strcmp(map->given->kernels[i].header.name, answer->kernel.image) == 0)
			return &map->given->kernels[i];
	return NULL;
}

static const struct unread_kernel *find_unread(const struct efimap *map,
					       const struct load_answer *answer)
{
	const bool is_crash = answer->question == EFIMAP_QUESTION_KDUMP;
	const char *image = answer->kernel.image ? answer->kernel.image : "";

	for (size_t i = 0; i < map->n_unread_kernels; i++)
		if (map->unread_kernels[i].is_crash == is_crash &&
		    strcmp(map->unread_kernels[i].image, image) == 0)
			return &map->unread_kernels[i];
	return NULL;
}

void kernels_choose(const struct rehearse *asked, const struct efimap *map,
		    struct kernel_list *ret_list)
{
	const struct given_names *given = &asked->common.given;
	const unsigned int loaders = asked->common.loaders;
	const struct verify_options options = { .loaders = loaders };
	auto_report struct report *report = NULL;

	*ret_list = (struct kernel_list){ .count = 0 };
	for (size_t i = 0; i < given->n_kernels; i++)
		ret_list->choices[ret_list->count++] = (struct kernel_choice){
			.name = given->kernels[i],
			.question = EFIMAP_QUESTION_KEXEC,
			.loader = loaders == EFIMAP_LOADER_BIT(EFIMAP_LOADER_KERNEL)
					  ? EFIMAP_LOADER_KERNEL
					  : EFIMAP_LOADER_KEXEC_TOOLS,
		};
	if (given->n_kernels > 0)
		return;
	report = verify_capture(map, &options);
	for (size_t i = 0; i < report->n_answers; i++) {
		const struct load_answer *answer = &report->answers[i];
		struct kernel_choice choice = { .question = answer->question };
		bool is_chosen = false;

		if (answer->loader == EFIMAP_LOADER_KERNEL)
			choice.loader = EFIMAP_LOADER_KERNEL;
		if (answer->kernel.image)
			choice.installed = find_installed(map, answer);
		if (choice.installed)
			choice.name = choice.installed->header.name;
		else if ((choice.unread = find_unread(map, answer)))
			choice.name = choice.unread->fault.where;
		else
			continue;
		/* An image is booted once, even if verify answers for both loaders or questions. */
		for (size_t k = 0; k < ret_list->count; k++)
			is_chosen |= strcmp(ret_list->choices[k].name, choice.name) == 0;
		if (!is_chosen && ret_list->count < EFIMAP_MAX_KERNELS)
			ret_list->choices[ret_list->count++] = choice;
	}
}

static ssize_t read_bytes_at(void *context, uint64_t offset, uint8_t *data, size_t size,
			     void (*filter)(char *data, size_t *len))
{
	const struct machine_file *file = context;

	if (offset >= file->size)
		return 0;
	if (size > file->size - offset)
		size = file->size - (size_t)offset;
	memcpy(data, file->data + offset, size);
	return (ssize_t)size;
}

int kernel_file_parse(const char *name, const uint8_t *data, size_t size, struct kernel_file *file,
		      struct err *err)
{
	const struct image_file image = {
		.name = name,
		.size = size,
		.head = data,
		.head_len = size < EFIMAP_IMAGE_HEAD ? size : EFIMAP_IMAGE_HEAD,
		.read_at = read_bytes_at,
		.context = &file->image,
	};
	struct unified_image sections;
	int ret;

	file->image = (struct machine_file){ name, data, size };
	ret = kernel_image_parse(&image, &file->installed, err);
	if (ret)
		return ret;
	file->installed.header.name = name;
	/* kernel_image_parse() has checked that the section is within the file. */
	if (!unified_image_parse(image.head, image.head_len, &sections)) {
		file->image.data += sections.kernel.offset;
		file->image.size = (size_t)sections.kernel.size;
	}
	return 0;
}

int kernel_file_read(const char *name, struct kernel_file *file, struct err *err)
{
	size_t size = 0;
	int ret = read_file(name, MAX_KERNEL, &file->data, &size, err);

	return ret ? ret : kernel_file_parse(name, file->data, size, file, err);
}

/*
 * Return whether two images have the same format, size and release, and the same values in header
 * fields that the loaders use. A size of 0 in @a is ignored, because captures from an older
 * efimapctl may contain this size. A missing release in @b is ignored, too.
 */
static bool is_same_image(const struct installed_kernel *a, const struct installed_kernel *b)
{
	return (a->size == b->size || a->size == 0) && a->is_unified == b->is_unified &&
	       a->header.init_size == b->header.init_size &&
	       a->header.pref_address == b->header.pref_address &&
	       a->header.xloadflags == b->header.xloadflags &&
	       (!*b->header.release || strcmp(a->header.release, b->header.release) == 0);
}

int kernel_file_read_installed(const char *source, const struct installed_kernel *installed,
			       struct kernel_file *file, struct arena *arena, struct err *err)
{
	const char *name = installed->header.name;
	const char *shown = text_mark(arena, name);
	struct err why = EFIMAP_ERR_INIT;
	size_t size = 0;
	int ret = read_machine_file(source, name, MAX_KERNEL, &file->data, &size, &why);

	if (!ret)
		ret = kernel_file_parse(name, file->data, size, file, &why);
	if (!ret && !is_same_image(installed, &file->installed))
		ret = err_set(&why, EBADMSG, name,
			      "the file differs from the image that SOURCE lists");
	if (ret)
		return err_set(err, -ret, source,
			       "the kernel %s cannot be used: %s; use --kernel=IMAGE", shown,
			       why.text);
	file->installed = *installed;
	return 0;
}
