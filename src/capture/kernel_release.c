/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Validate and compare kernel releases, and find words in them. */
#include <string.h>

#include "base/sort.h"
#include "base/text_scan.h"
#include "capture/kernel_release.h"

/*
 * Accept a digit, followed by characters that can occur in names and versions of Debian, RPM or
 * Arch packages. The kernel build checks only the length of a release, but distributions use the
 * release in package names.
 */
bool release_is_valid(const char *text, size_t len)
{
	const struct text release = { text, len };

	if (len == 0 || len > EFIMAP_MAX_RELEASE || *text < '0' || *text > '9')
		return false;
	return text_span(release, EFIMAP_DIGITS EFIMAP_LETTERS "._+~^@:-") == len;
}

struct release release_parse(const char *text)
{
	struct text rest = { text, strlen(text) };
	uint64_t numbers[3] = { 0 };

	if (text_take_version(&rest, UINT32_MAX, numbers) < 2)
		return (struct release){ .text = text };
	return (struct release){ text, (unsigned int)numbers[0], (unsigned int)numbers[1],
				 (unsigned int)numbers[2] };
}

void set_release(struct efimap *map, const char *text, size_t len)
{
	map->release = release_parse(arena_strndup(&map->arena, text, len));
}

static bool is_listed(const char *word, size_t len, const char *const *list)
{
	for (; *list; list++)
		if (len == strlen(*list) && memcmp(word, *list, len) == 0)
			return true;
	return false;
}

bool release_has_word(const char *release, const char *ends, const char *const *list)
{
	for (const char *at = strpbrk(release, EFIMAP_RELEASE_SIGNS); at;
	     at = strpbrk(at + 1, EFIMAP_RELEASE_SIGNS))
		if (is_listed(at + 1, strcspn(at + 1, ends), list))
			return true;
	return false;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool has_suse_build(const char *release)
{
	for (const char *at = strstr(release, "-1"); at; at = strstr(at + 1, "-1"))
		if ((at[2] == '5' || at[2] == '6') && strspn(at + 1, EFIMAP_DIGITS) == 6 &&
		    at[7] == '.')
			return true;
	return false;
}

bool release_shows_patches(const struct release *release)
{
	return release->patch && !strstr(release->text, "-pve") && !has_suse_build(release->text);
}

static bool is_candidate(const char *at)
{
	return *at == '~' || (strncmp(at, "-rc", 3) == 0 && is_digit(at[3]));
}

/* Compare two numbers of any length, and advance past them. A missing number sorts first. */
static int compare_numbers(const char **a, const char **b)
{
	size_t a_len = strspn(*a, EFIMAP_DIGITS), b_len = strspn(*b, EFIMAP_DIGITS);
	int ret = order_u64(a_len > 0, b_len > 0);

	for (; a_len && **a == '0'; a_len--)
		(*a)++;
	for (; b_len && **b == '0'; b_len--)
		(*b)++;
	if (!ret)
		ret = order_u64(a_len, b_len);
	if (!ret)
		ret = memcmp(*a, *b, a_len);
	*a += a_len;
	*b += b_len;
	return ret;
}

static int compare_words(const char **a, const char **b)
{
	const size_t a_len = strspn(*a, EFIMAP_LETTERS), b_len = strspn(*b, EFIMAP_LETTERS);
	int ret = memcmp(*a, *b, a_len < b_len ? a_len : b_len);

	if (!ret)
		ret = order_u64(a_len, b_len);
	*a += a_len;
	*b += b_len;
	return ret;
}

int release_compare(const char *a, const char *b)
{
	/*
	 * Separators in the order of comparison. If only one of the two releases has the separator
	 * at the current position, that release is older.
	 */
	static const char separators[] = "-^.";
	/* Other characters, such as "+" and "_", are ignored. */
	static const char compared[] = EFIMAP_DIGITS EFIMAP_LETTERS "~-^.";
	int ret = 0;

	while (!ret) {
		a += strcspn(a, compared);
		b += strcspn(b, compared);
		if (is_candidate(a) != is_candidate(b))
			return is_candidate(a) ? -1 : 1;
		if (is_candidate(a)) {
			a++;
			b++;
		}
		if (!*a || !*b)
			return order_u64(*a != '\0', *b != '\0');
		for (const char *one = separators; *one; one++) {
			if ((*a == *one) != (*b == *one))
				return *a == *one ? -1 : 1;
			if (*a == *one) {
				a++;
				b++;
			}
		}
		ret = is_digit(*a) || is_digit(*b) ? compare_numbers(&a, &b)
						   : compare_words(&a, &b);
	}
	return ret;
}

/* Maximum number of digits of a version of clang */
#define MAX_CLANG 4
#define REALTIME " PREEMPT_RT"
#define DEBIAN " Debian "
#define COMPILER " ("
#define GCC "-gcc"
#define CLANG "clang version "

/*
 * struct version_text - the words in the version text of a kernel that efimapctl uses
 * @release_len:  length of the release, which is the first word; the other words follow it
 * @package:      version of the Debian package, such as "6.1.192-2"; empty if there is none
 * @architecture: the architecture in the name of the compiler; NULL if it is x86 or unknown
 * @clang:        the major version of clang that built the kernel, such as "18", or empty
 */
struct version_text {
	size_t release_len;
	bool is_preempt_rt;
	struct text package;
	const char *architecture;
	struct text clang;
};

/*
 * Return the architecture other than x86 for which the compiler in a version text generates code,
 * or NULL. Cross compilers, and all compilers of Debian, have names such as
 * "aarch64-linux-gnu-gcc-13". In older version texts, the name is missing: "(gcc version 4.9.3 …)".
 */
static const char *find_architecture(struct text version)
{
	static const char *const names[] = { "aarch64",	    "arm",     "loongarch64",
					     "powerpc64le", "riscv64", "s390x" };
	struct text word;

	while (text_find(&version, COMPILER)) {
		const size_t len = text_span(version, EFIMAP_DIGITS EFIMAP_LETTERS "_-.");

		/* The name of a builder also follows a parenthesis: "(builder@host)". */
		if (len < version.len && version.at[len] == '@')
			continue;
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			word = (struct text){ version.at, len };
			if (text_take(&word, names[i]) && text_begins(word, "-") &&
			    text_find(&word, GCC))
				return names[i];
		}
	}
	return NULL;
}

/*
 * Return the major version of clang in a version text. The filtered text would be longer than the
 * original if the name could be a part of another word.
 */
static struct text find_clang(struct text version)
{
	struct text rest = version;

	if (!text_find(&rest, " " CLANG)) {
		rest = version;
		if (!text_find(&rest, "(" CLANG))
			return (struct text){ 0 };
	}
	rest.len = text_span(rest, EFIMAP_DIGITS);
	return rest.len <= MAX_CLANG ? rest : (struct text){ 0 };
}

static struct version_text find_words(const char *text, size_t size)
{
	const char *end = size ? memchr(text, '\n', size) : NULL;
	const size_t len = strnlen(text, end ? (size_t)(end - text) : size);
	struct text version = { text, len }, rest;
	struct version_text found = { 0 };

	/* If the release contained other words, the filtered text could become longer. */
	while (version.len && !text_is_space(version.at[0]))
		text_skip(&version, 1);
	found.release_len = len - version.len;
	found.architecture = find_architecture(version);
	rest = version;
	/* Before it was merged into Linux 5.3, PREEMPT_RT was written without the underscore. */
	while (!found.is_preempt_rt && text_find(&rest, " PREEMPT"))
		found.is_preempt_rt = (text_take(&rest, "_RT") || text_take(&rest, " RT")) &&
				      (!rest.len || *rest.at == ' ');
	found.clang = find_clang(version);
	rest = version;
	rest.len = text_find(&rest, DEBIAN) ? text_span(rest, EFIMAP_DIGITS ".-") : 0;
	/*
	 * Only the numbers of the version are used. If "PREEMPT_RT" counted as a version, the
	 * filtered text would contain this word twice, and could be longer than the original text.
	 */
	if (rest.len > EFIMAP_MAX_RELEASE || !text_span(rest, EFIMAP_DIGITS))
		rest.len = 0;
	found.package = rest;
	return found;
}

size_t filter_release_words(char *text, size_t size)
{
	char copy[EFIMAP_MAX_RELEASE], clang[MAX_CLANG];
	const struct version_text found = find_words(text, size);
	char *to = text + found.release_len;

	memcpy(copy, found.package.at, found.package.len);
	if (found.clang.len) {
		memcpy(clang, found.clang.at, found.clang.len);
		*to++ = ' ';
		to = mempcpy(to, CLANG, strlen(CLANG));
		to = mempcpy(to, clang, found.clang.len);
	}
	if (found.architecture) {
		to = mempcpy(to, COMPILER, strlen(COMPILER));
		to = mempcpy(to, found.architecture, strlen(found.architecture));
		to = mempcpy(to, GCC, strlen(GCC));
	}
	if (found.is_preempt_rt)
		to = mempcpy(to, REALTIME, strlen(REALTIME));
	if (found.package.len) {
		to = mempcpy(to, DEBIAN, strlen(DEBIAN));
		to = mempcpy(to, copy, found.package.len);
	}
	return (size_t)(to - text);
}

struct version_words take_version_words(const char *text, size_t size, struct release *release)
{
	const struct version_text found = find_words(text, size);
	struct text package = found.package;
	struct text clang = found.clang;
	uint64_t numbers[3], version = 0;

	if (clang.len && !text_take_number(&clang, UINT32_MAX, &version))
		version = 0;
	if (!release->patch && text_take_version(&package, UINT32_MAX, numbers) == 3 &&
	    text_begins(package, "-") && numbers[0] == release->major &&
	    numbers[1] == release->minor)
		release->patch = (unsigned int)numbers[2];
	return (struct version_words){
		.is_preempt_rt = found.is_preempt_rt,
		.is_foreign_architecture = found.architecture != NULL,
		.clang = (unsigned int)version,
	};
}
