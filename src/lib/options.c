/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How to judge, gathered one by one. Knows which options there are, and not what any of
 * them does to a rule.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "lib/lib.h"

int efimap_options_new(struct efimap_options **ret_options)
{
	struct efimap_options *options = calloc(1, sizeof(*options));

	if (!options)
		return -ENOMEM;
	options->verify = (struct efimap_verify_options)EFIMAP_VERIFY_OPTIONS_INIT;
	*ret_options = options;
	return 0;
}

void efimap_options_free(struct efimap_options *options)
{
	if (!options)
		return;
	free(options->kernel);
	free(options->log);
	free(options);
}

void efimap_options_set_fail_on(struct efimap_options *options, enum efimap_severity severity)
{
	options->verify.fail_on = severity;
}

int efimap_options_set_expect(struct efimap_options *options, const char *expect)
{
	static const char *const names[] = {
		[EFIMAP_EXPECT_AUTO] = "auto",
		[EFIMAP_EXPECT_IDENTITY] = "identity",
		[EFIMAP_EXPECT_VIRTUAL] = "virtual",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(expect, names[i]) == 0) {
			options->verify.expect = (enum efimap_expect)i;
			return 0;
		}
	}
	return -EINVAL;
}

static int mark_rule(bool marks[EFIMAP_RULE_COUNT], const char *name)
{
	const struct efimap_rule *rule = efimap_rule_find(name);

	if (!rule)
		return -ENOENT;
	if (strcmp(efimap_rule_command(rule->id), "verify") != 0)
		return -EINVAL;
	marks[rule->id] = true;
	return 0;
}

int efimap_options_only(struct efimap_options *options, const char *rule)
{
	const int ret = mark_rule(options->only, rule);

	if (!ret)
		options->is_only = true;
	return ret;
}

int efimap_options_skip(struct efimap_options *options, const char *rule)
{
	return mark_rule(options->skip, rule);
}

int efimap_options_set_kernel(struct efimap_options *options, const char *file,
			      struct efimap_err *err)
{
	efimap_auto_free char *name = strdup(file);
	struct efimap_image image;
	const int ret = name ? efimap_bzimage_read(name, &image, err) : -ENOMEM;

	if (ret)
		return ret;
	free(options->kernel);
	options->kernel = efimap_steal(name);
	options->image = image;
	return 0;
}

int efimap_options_set_kexec_log(struct efimap_options *options, const char *file,
				 struct efimap_err *err)
{
	efimap_auto_free char *name = strdup(file);
	struct efimap_segments segments;
	const int ret = name ? efimap_kexec_log_read(name, &segments, err) : -ENOMEM;

	if (ret)
		return ret;
	free(options->log);
	options->log = efimap_steal(name);
	options->segments = segments;
	return 0;
}

struct efimap_verify_options lib_verify_options(const struct efimap_options *options)
{
	struct efimap_verify_options verify = EFIMAP_VERIFY_OPTIONS_INIT;

	if (!options)
		return verify;
	verify = options->verify;
	if (options->kernel)
		verify.image = &options->image;
	if (options->log)
		verify.segments = &options->segments;
	for (size_t i = 0; i < EFIMAP_RULE_COUNT; i++)
		verify.disabled[i] = options->skip[i] ||
				     (options->is_only && !options->only[i]);
	return verify;
}
