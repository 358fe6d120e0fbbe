/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Run an importer and read the snapshot that it prints. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <fcntl.h>

#include "base/cleanup.h"
#include "base/text_scan.h"
#include "input/input_file.h"
#include "input/source_limits.h"
#include "input/json/read_snapshot.h"
#include "input/run_importer.h"

/* Environment variable with the directory of the importers. */
#define VARIABLE "EFIMAPCTL_IMPORTERS"
#define PACKAGE "efimapctl-importers"
#define HEAD_FD 3

enum { EXIT_DENIED = 5 };

_Static_assert(EFIMAP_INPUT_HEAD <= PIPE_BUF,
	       "the input head fits into a pipe that has no reader yet");

/*
 * struct run - a running importer
 * @out:   pipe for its standard output
 * @error: pipe for its standard error
 * @head:  pipe that the importer reads before its standard input; -1 if the input was rewound
 */
struct run {
	const char *program;
	const char *what;
	const char *noun;
	const char *name;
	pid_t pid;
	int out[2];
	int error[2];
	int head;
	int boot;
};

static void import_end(struct run *run)
{
	for (int i = 0; i < 2; i++) {
		efimap_close_fd(&run->out[i]);
		efimap_close_fd(&run->error[i]);
	}
	efimap_close_fd(&run->head);
}

/* Seek to the head of @input; or, if @input is not seekable, write the head to a pipe. */
static int give_head(const struct efimap_input *input, struct run *run)
{
	int fds[2], ret = 0;

	if (lseek(input->fd, -(off_t)input->len, SEEK_CUR) >= 0)
		return 0;
	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	if (write(fds[1], input->data, input->len) != (ssize_t)input->len)
		ret = errno ? -errno : -EIO;
	close(fds[1]);
	run->head = fds[0];
	return ret;
}

/*
 * Make writes to standard error non-blocking, because its pipe is read only after the
 * pipe of standard output.
 */
static int make_pipes(struct run *run)
{
	if (pipe2(run->out, O_CLOEXEC) || pipe2(run->error, O_CLOEXEC) ||
	    fcntl(run->error[1], F_SETFL, O_NONBLOCK))
		return -errno;
	return 0;
}

/*
 * The descriptors of the pipes are greater than 2, and HEAD_FD is replaced last, so dup2() does not
 * overwrite a descriptor that is still needed.
 */
static int move_fds(posix_spawn_file_actions_t *actions, const struct run *run, int input)
{
	int ret = posix_spawn_file_actions_adddup2(actions, input, STDIN_FILENO);

	if (!ret)
		ret = posix_spawn_file_actions_adddup2(actions, run->out[1], 1);
	if (!ret)
		ret = posix_spawn_file_actions_adddup2(actions, run->error[1], 2);
	if (!ret && run->head >= 0)
		ret = posix_spawn_file_actions_adddup2(actions, run->head, HEAD_FD);
#ifdef EFIMAP_HAVE_CLOSEFROM
	if (!ret)
		ret = posix_spawn_file_actions_addclosefrom_np(
			actions, run->head >= 0 ? HEAD_FD + 1 : HEAD_FD);
#endif
	return ret;
}

static int set_signals(posix_spawnattr_t *attr)
{
	sigset_t none, all;
	int ret;

	sigemptyset(&none);
	sigfillset(&all);
	ret = posix_spawnattr_setsigmask(attr, &none);
	if (ret)
		return ret;
	ret = posix_spawnattr_setsigdefault(attr, &all);
	if (ret)
		return ret;
	return posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

static int spawn_with(struct run *run, const char *path, int input,
		      posix_spawn_file_actions_t *actions, posix_spawnattr_t *attr)
{
	char program[NAME_MAX], head[] = "--head=3", end[] = "--";
	char tmpdir[PATH_MAX] = "TMPDIR=", locale[] = "LC_ALL=C.UTF-8";
	efimap_auto_free char *name = strdup(run->name);
	const char *where = secure_getenv("TMPDIR");
	char boot[sizeof("--boot=-2147483648")];
	char *words[6] = { program };
	size_t count = 1;
	char *env[] = { locale, NULL, NULL };
	int ret;

	if (!name)
		return ENOMEM;
	snprintf(program, sizeof(program), "%s", run->program);
	snprintf(boot, sizeof(boot), "--boot=%d", run->boot);
	if (run->head >= 0)
		words[count++] = head;
	if (run->boot != EFIMAP_BOOT_DEFAULT)
		words[count++] = boot;
	words[count++] = end;
	words[count++] = name;
	if (where && strlen(where) < sizeof(tmpdir) - strlen(tmpdir)) {
		strncat(tmpdir, where, sizeof(tmpdir) - strlen(tmpdir) - 1);
		env[1] = tmpdir;
	}
	ret = move_fds(actions, run, input);
	if (ret)
		return ret;
	ret = set_signals(attr);
	if (ret)
		return ret;
	return posix_spawn(&run->pid, path, actions, attr, words, env);
}

static int spawn_importer(struct run *run, const char *path, int input)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	int ret = posix_spawn_file_actions_init(&actions);

	if (ret)
		return -ret;
	ret = posix_spawnattr_init(&attr);
	if (!ret) {
		ret = spawn_with(run, path, input, &actions, &attr);
		posix_spawnattr_destroy(&attr);
	}
	posix_spawn_file_actions_destroy(&actions);
	return -ret;
}

static int start_importer(struct run *run, const struct efimap_input *input,
			  struct efimap_err *err)
{
	const char *directory = secure_getenv(VARIABLE);
	char path[PATH_MAX];
	int ret = snprintf(path, sizeof(path), "%s/%s",
			   directory && *directory ? directory : EFIMAP_PROGRAM_DIR,
			   run->program);

	if (ret >= (int)sizeof(path))
		return efimap_err_set(err, ENAMETOOLONG, VARIABLE, "too long");
	ret = make_pipes(run);
	if (!ret)
		ret = give_head(input, run);
	if (!ret)
		ret = spawn_importer(run, path, input->fd);
	if (ret == -ENOENT)
		return efimap_err_set(err, ENOENT, input->name,
				      "%s, whose importer (%s) is not installed; install "
				      "the package " PACKAGE,
				      run->what, path);
	if (ret)
		return efimap_err_set(err, -ret, path, "%s", strerror(-ret));
	return 0;
}

/* Read the first line of standard error, without the importer's name. */
static void read_error(struct run *run, char *text, size_t size)
{
	const size_t prefix = strlen(run->program);
	size_t len = 0;
	ssize_t count;

	efimap_close_fd(&run->error[1]);
	while (len < size - 1 &&
	       (count = TEMP_FAILURE_RETRY(read(run->error[0], text + len,
						size - 1 - len))) > 0)
		len += (size_t)count;
	text[len] = '\0';
	text[strcspn(text, "\n")] = '\0';
	if (strncmp(text, run->program, prefix) == 0 &&
	    strncmp(text + prefix, ": ", 2) == 0)
		memmove(text, text + prefix + 2, strlen(text + prefix + 2) + 1);
	efimap_text_clean(text, strlen(text));
}

/*
 * Return whether the importer crashed. SIGKILL does not count, because it may come from the OOM
 * killer.
 */
static bool has_crashed(int status)
{
	const int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

	return number == SIGSEGV || number == SIGBUS || number == SIGABRT || number == SIGFPE ||
	       number == SIGILL || number == SIGTRAP || number == SIGSYS;
}

static int check_end(const struct run *run, int status, const char *text, struct efimap_err *err)
{
	if (has_crashed(status))
		return efimap_err_set(err, EBADMSG, run->name,
				      "the %s is damaged (the importer crashed): %s: %s",
				      run->noun, run->program,
				      strsignal(WTERMSIG(status)));
	if (WIFSIGNALED(status))
		return efimap_err_set(err, WTERMSIG(status) == SIGPIPE ? EPIPE : EBADMSG,
				      run->name, "%s was killed by a signal (%s)%s%s",
				      run->program, strsignal(WTERMSIG(status)),
				      *text ? ": " : "", text);
	if (WEXITSTATUS(status) == 0)
		return 0;
	if (!*text)
		return efimap_err_set(err, EBADMSG, run->name,
				      "%s ended with exit status %d and printed no message",
				      run->program, WEXITSTATUS(status));
	return efimap_err_set(err, WEXITSTATUS(status) == EXIT_DENIED ? EACCES : EBADMSG, NULL,
			      "%s", text);
}

static int finish_import(struct run *run, struct efimap_err *err)
{
	char text[sizeof(((struct efimap_err *)0)->text)];
	int status = 0;

	/* Closing the pipe ends an importer that is still writing. */
	efimap_close_fd(&run->out[0]);
	read_error(run, text, sizeof(text));
	efimap_close_fd(&run->error[0]);
	if (TEMP_FAILURE_RETRY(waitpid(run->pid, &status, 0)) < 0)
		return efimap_err_set(err, errno, run->program, "%s",
				      strerror(errno));
	return check_end(run, status, text, err);
}

int efimap_import(const char *program, const char *what, const char *noun, const char *name,
		  struct efimap_input *input, struct efimap **ret_map, struct efimap_err *err)
{
	struct run run efimap_cleanup(import_end) = {
		.program = program, .what = what, .noun = noun, .name = name,
		.out = { -1, -1 }, .error = { -1, -1 }, .head = -1, .boot = input->boot,
	};
	efimap_auto_input struct efimap_input printed = EFIMAP_INPUT_INIT;
	efimap_auto_map struct efimap *map = NULL;
	struct efimap_err why = EFIMAP_ERR_INIT;
	int ret = start_importer(&run, input, err), ended;

	if (ret)
		return ret;
	efimap_close_fd(&run.out[1]);
	efimap_close_fd(&run.head);
	printed.name = program;
	printed.fd = run.out[0];
	ret = efimap_read_snapshot(name, &printed, &map, &why);
	ended = finish_import(&run, err);
	/*
	 * Report the error from reading the snapshot if the importer succeeded. Also report it if
	 * the importer may have failed only because this process stopped reading its output.
	 */
	if (ret && (!ended || ended == -EPIPE || ret == -E2BIG)) {
		if (err)
			*err = why;
		return ret;
	}
	if (ended)
		return ended;
	*ret_map = efimap_steal(map);
	return 0;
}
