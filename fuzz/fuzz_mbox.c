/* fuzz_mbox.c - the messages of an mbox lie in order within it and end where the next begins; a small
 * window over a file finds the same as all of it in memory; unquoting gives the bytes it promises. */
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"
#include "folder/folder_mbox.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void unquote(struct bytes message)
{
	size_t quoted = folder_mbox_quoted(message);

	must(quoted <= message.n);
	uint8_t *to = mem_alloc(message.n - quoted + 1);
	must(to != NULL);
	to[message.n - quoted] = 0x5a;
	if (quoted)
		folder_mbox_unquote(message, to);
	must(to[message.n - quoted] == 0x5a);
	mem_free(to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char why[128];
	struct folder_source file, memory = { .fd = -1, .memory = mem_alloc(size + 1), .size = size };
	int fd = memfd_create("mbox", MFD_CLOEXEC);

	must(memory.memory && fd >= 0 && write(fd, data, size) == (ssize_t)size);
	if (size)
		memcpy(memory.memory, data, size);
	must(folder_source_of(fd, 16, &file, why, sizeof(why)));
	bool mozilla = folder_mbox_is_mozilla((struct bytes){ data, size });
	for (uint64_t at = 0; at < size;) {
		struct folder_mbox_span a = folder_mbox_span(&memory, at, mozilla), b = folder_mbox_span(&file, at, mozilla);
		must(!file.trouble && a.at == b.at && a.n == b.n && a.next == b.next && a.by_length == b.by_length);
		must(a.at >= at && a.at + a.n <= a.next && a.next > at && a.next <= size);
		unquote((struct bytes){ data + a.at, (size_t)a.n });
		at = a.next;
	}
	folder_source_close(&file);
	folder_source_close(&memory);
	return 0;
}
