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
bool efimap_release_is_valid(const char *text, size_t len)
{
	const struct efimap_text release = { text, len };

	if (len == 0 || len > EFIMAP_MAX_RELEASE || *text < '0' || *text > '9')
		return false;
	return efimap_text_span(release, EFIMAP_DIGITS EFIMAP_LETTERS "._+~^@:-") == len;
}

static bool is_listed(const char *word, size_t len, const char *const *list)
{
	for (; *list; list++)
		if (len == strlen(*list) && memcmp(word, *list, len) == 0)
			return true;
	return false;
}

bool efimap_release_has_word(const char *release, const char *ends, const char *const *list)
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

static bool is_candidate(const char *at)
{
	return *at == '~' || (strncmp(at, "-rc", 3) == 0 && is_digit(at[3]));
}

/* Compare two numbers of any length, and advance past them. A missing number sorts first. */
static int compare_numbers(const char **a, const char **b)
{
	size_t a_len = strspn(*a, EFIMAP_DIGITS), b_len = strspn(*b, EFIMAP_DIGITS);
	int ret = efimap_order(a_len > 0, b_len > 0);

	for (; a_len && **a == '0'; a_len--)
		(*a)++;
	for (; b_len && **b == '0'; b_len--)
		(*b)++;
	if (!ret)
		ret = efimap_order(a_len, b_len);
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
		ret = efimap_order(a_len, b_len);
	*a += a_len;
	*b += b_len;
	return ret;
}

int efimap_release_compare(const char *a, const char *b)
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
			return efimap_order(*a != '\0', *b != '\0');
		for (const char *one = separators; *one; one++) {
			if ((*a == *one) != (*b == *one))
				return *a == *one ? -1 : 1;
			if (*a == *one) {
				a++;
				b++;
			}
		}
		ret = is_digit(*a) || is_digit(*b) ? compare_numbers(&a, &b) :
						     compare_words(&a, &b);
	}
	return ret;
}

#define REALTIME " PREEMPT_RT"
#define DEBIAN " Debian "

/*
 * Return the length of the version text of a kernel. Set @ret_is_preempt_rt to whether the text
 * contains the word PREEMPT_RT, and @ret_package to the version of the Debian package, such as
 * "6.1.192-2", or to an empty text if there is none.
 */
static size_t find_words(const char *text, size_t size, bool *ret_is_preempt_rt,
			 struct efimap_text *ret_package)
{
	const char *end = size ? memchr(text, '\n', size) : NULL;
	const struct efimap_text version = { text,
					     strnlen(text, end ? (size_t)(end - text) : size) };
	struct efimap_text rest = version;

	*ret_is_preempt_rt = false;
	while (!*ret_is_preempt_rt && efimap_text_find(&rest, REALTIME))
		*ret_is_preempt_rt = !rest.len || *rest.at == ' ';
	rest = version;
	rest.len = efimap_text_find(&rest, DEBIAN) ?
			   efimap_text_span(rest, EFIMAP_DIGITS EFIMAP_LETTERS ".+~-") :
			   0;
	/*
	 * A version begins with a digit. If "PREEMPT_RT" counted as a version, the filtered text
	 * would contain this word twice, and could be longer than the original text.
	 */
	if (rest.len > EFIMAP_MAX_RELEASE || !efimap_text_span(rest, EFIMAP_DIGITS))
		rest.len = 0;
	*ret_package = rest;
	return version.len;
}

size_t efimap_filter_release_words(char *text, size_t size)
{
	char copy[EFIMAP_MAX_RELEASE];
	struct efimap_text package;
	bool is_preempt_rt;
	const size_t len = find_words(text, size, &is_preempt_rt, &package);
	const char *space = len ? memchr(text, ' ', len) : NULL;
	char *to = text + (space ? (size_t)(space - text) : len);

	memcpy(copy, package.at, package.len);
	if (is_preempt_rt)
		to = mempcpy(to, REALTIME, strlen(REALTIME));
	if (package.len) {
		to = mempcpy(to, DEBIAN, strlen(DEBIAN));
		to = mempcpy(to, copy, package.len);
	}
	return (size_t)(to - text);
}

void efimap_take_version(const char *text, size_t size, bool *ret_is_preempt_rt,
			 struct efimap_release *release)
{
	struct efimap_text package;
	uint64_t major, minor, patch;

	find_words(text, size, ret_is_preempt_rt, &package);
	if (!release->patch && efimap_text_take_number(&package, UINT32_MAX, &major) &&
	    efimap_text_take(&package, ".") &&
	    efimap_text_take_number(&package, UINT32_MAX, &minor) &&
	    efimap_text_take(&package, ".") &&
	    efimap_text_take_number(&package, UINT32_MAX, &patch) &&
	    efimap_text_begins(package, "-") && major == release->major &&
	    minor == release->minor)
		release->patch = (unsigned int)patch;
}
