/* file_type.c - see file_type.h */
#include "content/file_type.h"

#include "base/ascii.h"
#include "base/idn.h"

/* --- by bytes --- */

static const struct magic {
	struct bytes bytes;
	size_t at;
	enum file_type type;
} magics[] = {
	{ B("\x7f" "ELF"), 0, FILE_TYPE_PROGRAM },
	{ B("\xca\xfe\xba\xbe"), 0, FILE_TYPE_PROGRAM },     /* Java, Mach-O for several processors */
	{ B("\xcf\xfa\xed\xfe"), 0, FILE_TYPE_PROGRAM },     /* Mach-O */
	{ B("\xce\xfa\xed\xfe"), 0, FILE_TYPE_PROGRAM },
	{ B("\xfe\xed\xfa\xce"), 0, FILE_TYPE_PROGRAM },
	{ B("\xfe\xed\xfa\xcf"), 0, FILE_TYPE_PROGRAM },
	{ B("#!/"), 0, FILE_TYPE_SCRIPT },
	{ B("#! /"), 0, FILE_TYPE_SCRIPT },
	{ B("#@~^"), 0, FILE_TYPE_SCRIPT },                  /* encoded VBScript, JScript */
	{ B("\x4c\0\0\0\x01\x14\x02\0"), 0, FILE_TYPE_SHORTCUT },
	{ B("[InternetShortcut]"), 0, FILE_TYPE_SHORTCUT },
	{ B("\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d"), 0, FILE_TYPE_NOTEBOOK },
	{ B("ITSF"), 0, FILE_TYPE_HELP },
	{ B("CD001"), 0x8001, FILE_TYPE_DISK },
	{ B("vhdxfile"), 0, FILE_TYPE_DISK },
	{ B("conectix"), 0, FILE_TYPE_DISK },
	{ B("KDMV"), 0, FILE_TYPE_DISK },
	{ B("PK\3\4"), 0, FILE_TYPE_ZIP },
	{ B("PK\5\6"), 0, FILE_TYPE_ZIP },
	{ B("PK\7\x08PK"), 0, FILE_TYPE_ZIP },
	{ B("Rar!\x1a\x07"), 0, FILE_TYPE_RAR },
	{ B("7z\xbc\xaf\x27\x1c"), 0, FILE_TYPE_SEVENZIP },
	{ B("MSCF\0\0\0\0"), 0, FILE_TYPE_ARCHIVE },         /* cabinet */
	{ B("ustar"), 257, FILE_TYPE_ARCHIVE },
	{ B("-lh"), 2, FILE_TYPE_ARCHIVE },
	{ B("**ACE**"), 7, FILE_TYPE_ARCHIVE },
	{ B("\x60\xea"), 0, FILE_TYPE_ARCHIVE },             /* ARJ */
	{ B("\x1f\x8b\x08"), 0, FILE_TYPE_PACKED },
	{ B("BZh"), 0, FILE_TYPE_PACKED },
	{ B("\xfd" "7zXZ\0"), 0, FILE_TYPE_PACKED },
	{ B("\x28\xb5\x2f\xfd"), 0, FILE_TYPE_PACKED },      /* zstd */
	{ B("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), 0, FILE_TYPE_OLE },
	{ B("{\\rt"), 0, FILE_TYPE_RTF },
	{ B("<?xml"), 0, FILE_TYPE_XML },
	{ B("\x89PNG\r\n\x1a\n"), 0, FILE_TYPE_IMAGE },
	{ B("\xff\xd8\xff"), 0, FILE_TYPE_IMAGE },
	{ B("GIF8"), 0, FILE_TYPE_IMAGE },
	{ B("II*\0"), 0, FILE_TYPE_IMAGE },
	{ B("MM\0*"), 0, FILE_TYPE_IMAGE },
	{ B("WEBP"), 8, FILE_TYPE_IMAGE },
	{ B("ftyphei"), 4, FILE_TYPE_IMAGE },
	{ B("ftypavif"), 4, FILE_TYPE_IMAGE },
	{ B("ftyp"), 4, FILE_TYPE_MEDIA },
	{ B("ID3"), 0, FILE_TYPE_MEDIA },
	{ B("OggS"), 0, FILE_TYPE_MEDIA },
	{ B("RIFF"), 0, FILE_TYPE_MEDIA },
};

/* "MZ" alone begins many a text: a program has its second header where byte 60 says, or is an old one, whose
 * size in pages and relocation table make sense. */
static bool is_dos_program(struct bytes b)
{
	if (b.n < 64 || b.p[0] != 'M' || b.p[1] != 'Z')
		return false;
	uint32_t at = (uint32_t)(b.p[60] | b.p[61] << 8 | b.p[62] << 16) | (uint32_t)b.p[63] << 24;
	struct bytes second = at < b.n ? bytes_sub(b, at, 2) : (struct bytes){ NULL, 0 };
	unsigned pages = (unsigned)(b.p[4] | b.p[5] << 8), paragraphs = (unsigned)(b.p[8] | b.p[9] << 8);
	return bytes_eq(second, "PE") || bytes_eq(second, "NE") || bytes_eq(second, "LE") ||
	       (pages && pages < 0x800 && paragraphs >= 2 && paragraphs < 0x1000);
}

/* The start of a page as browsers guess it: white space, then a tag that pages begin with. */
static bool is_page(struct bytes b)
{
	static const char *const starts[] = { "<!doctype html", "<html", "<head", "<script", "<body", "<iframe", "<svg",
	                                      "<meta", "<title", "<style" };

	if (bytes_istarts(b, "\xef\xbb\xbf"))
		b = bytes_from(b, 3);
	b = bytes_trim_left(bytes_sub(b, 0, 4096));
	for (int comments = 0; comments < 8 && bytes_istarts(b, "<!--"); comments++)
		b = bytes_trim_left(bytes_from(b, bytes_search(b, B("-->")) + 3));
	for (size_t i = 0; i < ARRAY_LEN(starts); i++)
		if (bytes_istarts(b, starts[i]))
			return true;
	return bytes_istarts(b, "<?xml") && (bytes_search(b, B("<svg")) < b.n || bytes_search(b, B("<html")) < b.n);
}

enum file_type file_type_of(struct bytes content)
{
	if (is_dos_program(content))
		return FILE_TYPE_PROGRAM;
	if (is_page(content))
		return FILE_TYPE_PAGE;
	for (size_t i = 0; i < ARRAY_LEN(magics); i++)
		if (bytes_same(bytes_sub(content, magics[i].at, magics[i].bytes.n), magics[i].bytes))
			return magics[i].type;
	/* readers of PDF look for its mark in the first kilobyte */
	struct bytes head = bytes_sub(content, 0, 1024);
	return bytes_search(head, B("%PDF-")) < head.n ? FILE_TYPE_PDF : FILE_TYPE_UNKNOWN;
}

#define BIT(t) (1u << FILE_TYPE_##t)

static bool among(enum file_type t, uint32_t bits)
{
	return (1u << t & bits) != 0;
}

bool file_type_runs(enum file_type t)
{
	return among(t, BIT(PROGRAM) | BIT(SHORTCUT) | BIT(NOTEBOOK) | BIT(HELP) | BIT(DISK));
}

#define ARCHIVES (BIT(ZIP) | BIT(RAR) | BIT(SEVENZIP) | BIT(ARCHIVE) | BIT(PACKED))

bool file_type_is_archive(enum file_type t)
{
	return among(t, ARCHIVES);
}

/* --- by name --- */

#define TEXTS (BIT(UNKNOWN) | BIT(SCRIPT) | BIT(PAGE) | BIT(XML) | BIT(RTF))
#define OFFICE (BIT(OLE) | BIT(ZIP))
#define OLD_OFFICE (OFFICE | BIT(RTF) | BIT(PAGE) | BIT(XML) | BIT(UNKNOWN)) /* exports are often pages or text */
#define IMAGES (BIT(IMAGE) | BIT(UNKNOWN))
#define MEDIA (BIT(MEDIA) | BIT(UNKNOWN))
#define PAGES (BIT(PAGE) | BIT(XML) | BIT(UNKNOWN))

/* Extensions by what they do; each list ends in "". */
static const struct extensions {
	enum file_name_kind kind;
	uint32_t types; /* what such a file may be; 0: not checked */
	const char *list;
} extensions[] = {
	/* programs and installers; scripts; what starts them; images of disks, which hide where they came from */
	{ FILE_NAME_RUNS, 0,
	  " exe scr com pif cpl dll ocx sys drv msi msp mst msix msixbundle appx appxbundle appinstaller gadget application "
	  "bat cmd ps1 psm1 psd1 ps1xml vb vbs vbe js jse mjs ws wsf wsc wsh sct hta jar jnlp class apk ipa dmg pkg app "
	  "command workflow action sh bash csh ksh run elf deb rpm appimage desktop py pyw pyc pyz pl rb php "
	  "lnk url website webloc scf inf reg rdp library-ms search-ms searchconnector-ms settingcontent-ms appref-ms theme "
	  "themepack diagcab chm hlp msc mde accde ade adp xll wll xla one onepkg "
	  "iso img vhd vhdx vmdk udf isz nrg mdf " },
	{ FILE_NAME_MACROS, 0, " docm dotm xlsm xltm xlsb xlam xlm pptm potm ppsm ppam sldm pub slk iqy oqy dqy mdb accdb " },
	{ FILE_NAME_PAGE, PAGES, " html htm xhtml xht shtml shtm svg svgz mht mhtml " },
	{ FILE_NAME_ARCHIVE, ARCHIVES | BIT(UNKNOWN),
	  " zip rar 7z gz tgz tar bz2 tbz tbz2 xz txz lz lzma zst cab arj ace lzh lha z zipx jz " },
	{ FILE_NAME_SAFE, BIT(PDF), " pdf " },
	{ FILE_NAME_SAFE, OFFICE, " docx dotx xlsx xltx pptx potx ppsx odt ods odp odg ott pages numbers " },
	{ FILE_NAME_SAFE, OLD_OFFICE, " doc dot xls xlt ppt pps pot wps wpd vsd " },
	{ FILE_NAME_SAFE, BIT(RTF) | BIT(UNKNOWN), " rtf " },
	{ FILE_NAME_SAFE, TEXTS, " txt csv tsv log md rst ini conf cfg json yaml yml diff patch c h tex srt asc " },
	{ FILE_NAME_SAFE, TEXTS, " xml xsl xsd gpx kml " },
	{ FILE_NAME_SAFE, IMAGES | BIT(MEDIA), " heic heif avif " },
	{ FILE_NAME_SAFE, IMAGES, " jpg jpeg jpe jfif png gif bmp tif tiff webp ico psd raw dng " },
	{ FILE_NAME_SAFE, MEDIA, " mp3 mp4 m4a m4v wav wma wmv ogg oga ogv opus flac avi mov mpg mpeg mkv webm aac amr 3gp " },
	{ FILE_NAME_SAFE, 0, " eml msg ics vcf vcs p7m p7s p7b sig epub mobi " },
};

static const struct extensions *extension_find(struct bytes ext)
{
	uint8_t word[32] = { ' ' };
	size_t n = ext.n;

	if (n == 0 || n > sizeof(word) - 2 || bytes_has(ext, ' '))
		return NULL;
	for (size_t i = 0; i < n; i++)
		word[i + 1] = ascii_lower(ext.p[i]);
	word[n + 1] = ' ';
	for (size_t i = 0; i < ARRAY_LEN(extensions); i++) {
		struct bytes list = bytes_of(extensions[i].list);
		if (bytes_search(list, (struct bytes){ word, n + 2 }) < list.n)
			return &extensions[i];
	}
	return NULL;
}

/* Blanks of all kinds and dots at the end: Windows drops them, the eye does not see them. */
static struct bytes without_end(struct bytes name)
{
	static const char *const blanks[] = { ".", " ", "\t", "\r", "\n", "\xc2\xa0", "\xe2\x80\x8b", "\xe2\xa0\x80",
	                                      "\xe3\x80\x80" };

	for (size_t i = 0; i < ARRAY_LEN(blanks); i++)
		if (bytes_iends(name, blanks[i])) {
			name.n -= strlen(blanks[i]);
			i = SIZE_MAX; /* and from the start */
		}
	return name;
}

static struct bytes take_extension(struct bytes *name)
{
	size_t at;

	*name = without_end(*name);
	for (at = name->n; at > 0 && name->p[at - 1] != '.'; at--)
		if (name->p[at - 1] == '/' || name->p[at - 1] == '\\')
			return (struct bytes){ NULL, 0 };
	if (at == 0)
		return (struct bytes){ NULL, 0 };
	struct bytes ext = bytes_from(*name, at);
	name->n = at - 1;
	return ext;
}

struct file_name file_name_read(struct bytes name)
{
	struct file_name f = { .extension = take_extension(&name) };
	const struct extensions *last = extension_find(f.extension), *before = NULL;

	if (last) {
		f.kind = last->kind;
		f.types = last->types;
	}
	while (f.extension.n && name.n && name.p[name.n - 1] == '_')
		name.n--; /* "x.pdf______.exe" */
	if (f.extension.n)
		before = extension_find(bytes_trim(take_extension(&name)));
	f.before = before ? before->kind : FILE_NAME_OTHER;
	return f;
}

/* U+202D and U+202E override the direction of all letters; U+202B, U+2067 do so for what has none of its own
 * and are honest around Hebrew and Arabic, not around ASCII. */
bool file_name_is_turned(struct bytes name)
{
	size_t len;
	bool turned = false;

	for (size_t i = 0; i < name.n; i += len) {
		uint32_t c = utf8_next(name, i, &len);
		if (c == 0x202d || c == 0x202e)
			return true;
		if (c == 0x202b || c == 0x2067)
			turned = true;
		else if (c == 0x202c || c == 0x2069)
			turned = false;
		else if (turned && c < 0x80 && ascii_is_alpha((uint8_t)c))
			return true;
	}
	return false;
}
