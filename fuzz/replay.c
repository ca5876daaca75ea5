/* replay.c - runs a fuzz target over the files of a folder (its corpus and old
 * crashers), where libFuzzer is not there: as an ordinary test. */
#include <dirent.h>

#include "base/bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool replay(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = NULL;
	long size = -1;
	bool ok = false;

	if (f && fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) >= 0 && fseek(f, 0, SEEK_SET) == 0)
		data = malloc(size ? (size_t)size : 1); /* exact: the address sanitizer sees a read past the end */
	if (data && fread(data, 1, (size_t)size, f) == (size_t)size) {
		LLVMFuzzerTestOneInput(data, (size_t)size);
		ok = true;
	}
	free(data);
	if (f)
		fclose(f);
	return ok;
}

int main(int argc, char **argv)
{
	DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;
	struct dirent *e;
	char path[4096];
	int n = 0, failed = 0;

	if (!dir) {
		fprintf(stderr, "replay: cannot open the corpus folder \"%s\"\n", argc == 2 ? argv[1] : "");
		return 1;
	}
	while ((e = readdir(dir))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", argv[1], e->d_name);
		bool ok = replay(path);
		failed += !ok;
		printf("%s %d - %s\n", ok ? "ok" : "not ok", ++n, e->d_name);
		fflush(stdout);
	}
	closedir(dir);
	printf("1..%d\n", n);
	return failed || n == 0;
}
