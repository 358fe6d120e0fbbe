/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test.h"
#include "base/cleanup.h"
#include "show/form_output.h"

static void expect(const struct form *form, struct text_options options, const char *expected)
{
	struct out out auto_out = EFIMAP_OUT_MEM;

	form_write_text(form, &options, &out);
	assert_int_equal(out.error, 0);
	assert_string_equal(out_text(&out), expected);
}

static struct form make_form(struct arena *arena)
{
	struct form form = { .head = "kexec",
			     .word = "warning",

			     .sentence = "the load may be refused.",
			     .tone = EFIMAP_TONE_WARNING };

	form_say(&form, arena, EFIMAP_LABEL_KERNEL, "6.12.1");
	form_say(&form, arena, EFIMAP_LABEL_DO, "Load it with kexec -s:");
	form_run(&form, arena, "kexec -l -s --initrd='my initrd' KERNEL && systemctl kexec");
	form_say(&form, arena, EFIMAP_LABEL_DO, "Or reboot.");
	form_add(&form, arena,
		 (struct form_line){
			 .label = EFIMAP_LABEL_LACKING, .text = "lockdown", .n_more = 2 });
	form_add(&form, arena,
		 (struct form_line){ .label = EFIMAP_LABEL_WHY,
				     .text = "the running kernel may be locked down.",
				     .rule = "load-lockdown" });
	form_say(&form, arena, EFIMAP_LABEL_LOST, NULL);
	form_say(&form, arena, EFIMAP_LABEL_LOST, "");
	return form;
}

TEST(lines_are_sorted_by_label)
{
	struct arena arena __attribute__((cleanup(arena_free))) = { NULL };
	const struct form form = make_form(&arena);

	expect(&form, (struct text_options){ .width = 80 },
	       "kexec: warning: the load may be refused.\n"
	       "  why:     the running kernel may be locked down. [load-lockdown]\n"
	       "  lacking: lockdown; 2 more with -v\n"
	       "  do:      Load it with kexec -s:\n"
	       "             kexec -l -s --initrd='my initrd' KERNEL && systemctl kexec\n"
	       "           Or reboot.\n"
	       "  kernel:  6.12.1\n");
}

TEST(commands_continue_after_a_backslash)
{
	struct arena arena __attribute__((cleanup(arena_free))) = { NULL };
	const struct form form = make_form(&arena);

	expect(&form, (struct text_options){ .width = 31, .verbose = true, .color = true },
	       "kexec: \033[33mwarning\033[0m: the load may be\n"
	       "       refused.\n"
	       "  why:     the running kernel\n"
	       "           may be locked down.\n"
	       "           [load-lockdown]\n"
	       "  lacking: lockdown\n"
	       "  do:      Load it with\n"
	       "           kexec -s:\n"
	       "             kexec -l -s \\\n"
	       "               --initrd='my initrd' \\\n"
	       "               KERNEL &&\n"
	       "             systemctl kexec\n"
	       "           Or reboot.\n"
	       "  kernel:  6.12.1\n");
}

TEST(captures_cannot_send_escapes)
{
	struct arena arena __attribute__((cleanup(arena_free))) = { NULL };
	struct form form = { .head = "kexec\033",
			     .word = "ok",

			     .sentence = "\r.",
			     .tone = EFIMAP_TONE_PLAIN };

	form_say(&form, &arena, EFIMAP_LABEL_WHY, "\033c");
	form_run(&form, &arena, "kexec \007");
	expect(&form, (struct text_options){ .color = true },
	       "kexec\\x1b: ok: \\x0d.\n"
	       "  why:     \\x1bc\n"
	       "  do:      kexec \\x07\n");
}

TEST(numbered_lines_continue_below_their_text)
{
	struct arena arena __attribute__((cleanup(arena_free))) = { NULL };
	struct form form = { .head = "1. \"BUG\"" };

	form_say(&form, &arena, EFIMAP_LABEL_WHY, "1. the firmware or the kernel.");
	expect(&form, (struct text_options){ .width = 29, .color = true },
	       "\033[1m1. \"BUG\"\033[0m\n"
	       "  why:     1. the firmware or\n"
	       "              the kernel.\n");
	form.sentence = "follows from 1.";
	form.n_lines = 0;
	expect(&form, (struct text_options){ .width = 20 }, "1. \"BUG\": follows\n   from 1.\n");
}
