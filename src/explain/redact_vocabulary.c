/* redact_vocabulary.c - see redact_vocabulary.h */
#include "explain/redact_vocabulary.h"

#include "base/ascii.h"

/* sorted */
static const char *const words[] = {
	"a", "aber", "about", "above", "abwesend", "account", "accounts", "action", "address", "addressed",
	"addresses", "after", "again", "against", "al", "all", "als", "also", "alternative", "am", "an", "and",
	"another", "antwort", "any", "anybody", "anyone", "arc", "are", "arrival", "as", "ask", "asked", "at",
	"attached", "attachment", "auch", "auf", "aus", "authenticated", "authentication", "authorized",
	"auto", "automatic", "automatically", "available", "avec", "away", "back", "bank", "be", "because",
	"become", "been", "before", "bei", "being", "below", "best", "bestguesspass", "between", "bin", "bis",
	"bitcoin", "bitcoins", "bits", "bitte", "block", "blocked", "body", "both", "bounce", "bounced",
	"bounces", "boundary", "browser", "btc", "but", "button", "by", "call", "came", "can", "cannot",
	"card", "ce", "certificate", "ces", "cette", "change", "changed", "charset", "che", "check", "cipher",
	"click", "client", "cname", "code", "com", "coming", "command", "computer", "con", "confirm",
	"confirmed", "connect", "connected", "connection", "contact", "contacted", "content", "could",
	"crypto", "currency", "daemon", "damit", "dann", "dans", "das", "dass", "data", "date", "day", "days",
	"de", "dear", "deferred", "del", "delayed", "delete", "deleted", "delivered", "delivery", "dem", "den",
	"denied", "der", "des", "details", "device", "di", "did", "die", "dies", "diese", "directory",
	"disabled", "discarded", "disk", "displayed", "dkim", "dmarc", "dns", "do", "does", "dollar",
	"dollars", "domain", "done", "down", "du", "due", "during", "e", "each", "ehlo", "ein", "eine",
	"einem", "einen", "einer", "el", "elle", "email", "emails", "empfaenger", "en", "encoded", "encrypted",
	"envelope", "error", "es", "esmtp", "esmtps", "esmtpsa", "est", "et", "euch", "euro", "even", "ever",
	"every", "everyone", "exceeded", "exist", "exists", "exp", "expanded", "expired", "explain", "expn",
	"fail", "failed", "failure", "fatal", "fehler", "few", "file", "files", "final", "find", "first",
	"following", "for", "found", "friday", "friend", "friends", "from", "fuer", "full", "further", "get",
	"give", "given", "go", "going", "good", "got", "greetings", "had", "hallo", "hardfail", "has", "hat",
	"have", "he", "header", "hello", "helo", "help", "her", "here", "hi", "him", "his", "hold", "home",
	"host", "hour", "hours", "how", "however", "html", "http", "https", "i", "ich", "id", "if", "ihr",
	"ihre", "ihren", "il", "im", "image", "immediately", "important", "in", "inbox", "inc", "include",
	"information", "international", "internet", "invalid", "invoice", "is", "ist", "it", "its", "ja", "je",
	"just", "kann", "keep", "kein", "keine", "key", "know", "known", "konto", "la", "las", "last", "later",
	"le", "les", "let", "leur", "like", "limit", "line", "link", "list", "lmtp", "lo", "local",
	"localhost", "log", "login", "long", "loop", "los", "lost", "mail", "mailbox", "mailboxes", "mailer",
	"mailing", "mais", "make", "making", "malware", "many", "may", "me", "mehr", "message", "messages",
	"mi", "microsoft", "might", "minutes", "mit", "mixed", "monday", "money", "month", "more", "most",
	"multipart", "must", "mx", "my", "nach", "name", "ne", "need", "network", "neutral", "never", "new",
	"news", "next", "nicht", "no", "nobody", "noch", "non", "none", "not", "note", "notice",
	"notification", "notify", "nous", "now", "number", "nun", "nur", "oder", "of", "off", "office", "ok",
	"old", "on", "once", "one", "only", "open", "or", "order", "original", "other", "ou", "our", "out",
	"over", "own", "page", "par", "para", "part", "pas", "pass", "password", "passwords", "passwort",
	"pay", "payment", "per", "perhaps", "permanent", "permanently", "permerror", "pero", "person", "phone",
	"pid", "plain", "please", "policy", "por", "possible", "postfix", "postmaster", "pour", "printable",
	"problem", "problems", "program", "prohibited", "protocol", "ptr", "qmail", "quarantine", "que",
	"queue", "qui", "quit", "quota", "quote", "quoted", "rcpt", "read", "reason", "receipt", "received",
	"receiving", "recipient", "recipients", "recorded", "redirect", "refused", "regards", "reject",
	"rejected", "relaxed", "relay", "relaying", "remain", "remote", "removed", "reply", "report",
	"request", "requested", "respond", "response", "result", "retried", "return", "returned", "returning",
	"rsa", "sa", "said", "same", "saturday", "schon", "se", "seal", "see", "sehr", "sein", "send",
	"sender", "sending", "sendmail", "sent", "server", "service", "ses", "session", "she", "should", "si",
	"sich", "sie", "sign", "signature", "signed", "simple", "since", "sincerely", "sind", "site", "size",
	"smtp", "smtps", "so", "soa", "softfail", "some", "sono", "sont", "soon", "sorry", "spam", "spf",
	"starttls", "status", "still", "storage", "su", "subject", "subsystem", "success", "successful",
	"such", "sunday", "sur", "sus", "suspended", "system", "team", "tell", "temperror", "temporarily",
	"temporary", "terms", "text", "than", "thank", "thanks", "that", "the", "their", "them", "then",
	"there", "these", "they", "thing", "this", "those", "thursday", "time", "times", "tls", "to", "today",
	"too", "transaction", "transcript", "transport", "tried", "try", "trying", "tuesday", "two", "txt",
	"uid", "um", "un", "una", "unable", "unavailable", "und", "undeliverable", "undelivered", "une",
	"unfortunately", "unknown", "unreachable", "uns", "unser", "unsubscribe", "until", "unzustellbar",
	"up", "update", "urgent", "us", "usd", "use", "used", "user", "userid", "users", "using", "utf",
	"vacation", "valid", "verified", "verify", "version", "very", "via", "video", "view", "virus", "vom",
	"von", "vor", "votre", "vous", "vrfy", "wallet", "war", "was", "watch", "way", "we", "web", "webcam",
	"website", "wednesday", "week", "well", "wenn", "went", "were", "what", "when", "where", "which",
	"while", "who", "whom", "whose", "why", "wie", "will", "wir", "wird", "wire", "with", "within",
	"without", "word", "work", "would", "wrong", "wurde", "y", "yes", "yesterday", "yet", "yo", "you",
	"your", "yours", "zu", "zum", "zur", "zustellung",
};

static const char *const roles[] = {
	"abuse", "admin", "administrator", "apache", "billing", "bounce", "bounces", "contact", "daemon", "dmarc", "dmarcreports",
	"dovecot", "helpdesk", "hostmaster", "info", "list", "mail", "mailer-daemon", "mailerdaemon", "mailman", "majordomo",
	"news", "newsletter", "no-reply", "nobody", "noreply", "office", "postfix", "postmaster", "report", "reports", "return",
	"root", "sales", "security", "service", "spam", "support", "unknown", "vmail", "webmaster", "www", "www-data",
};

static const char *const labels[] = {
	"access", "ajax", "api", "arc", "autoconfig", "autodiscover", "b", "blog", "bounce", "bounces", "client", "cpanel", "dkim",
	"dmarc", "dyn", "dynamic", "e", "em", "email", "exchange", "ftp", "gateway", "gmr-smtp-in", "gw", "host", "ht", "imap",
	"in", "inbound", "ip", "l", "link", "links", "list", "lists", "lmtp", "localhost", "login", "m", "mail", "mailer", "mailgw",
	"mailin", "mailout", "mda", "mg", "mout", "msa", "mta", "mx", "n", "net", "news", "newsletter", "node", "ns", "out",
	"outbound", "pool", "pop", "ptr", "rdns", "relay", "remote", "return", "route", "s", "secure", "send", "sender", "server",
	"shop", "smtp", "smtpout", "spf", "srv", "static", "status", "store", "submission", "t", "track", "unknown", "vps", "web",
	"webmail", "www",
};

static const char *const extensions[] = {
	"7z", "ace", "apk", "arj", "asc", "avi", "bat", "bmp", "bz2", "cab", "cmd", "com", "cpl", "csv", "dll", "doc", "docm",
	"docx", "eml", "exe", "gif", "gz", "hta", "htm", "html", "ics", "img", "iso", "jar", "jpeg", "jpg", "js", "jse", "json",
	"lnk", "log", "mov", "mp3", "mp4", "msg", "msi", "odp", "ods", "odt", "one", "p7s", "pdf", "php", "pif", "png", "ppt",
	"pptm", "pptx", "ps1", "rar", "reg", "rtf", "scr", "svg", "tar", "tif", "tiff", "txt", "url", "vbe", "vbs", "vcf", "webp",
	"wsf", "xls", "xlsm", "xlsx", "xml", "xz", "zip",
};

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool listed(struct bytes text, const char *const *list, size_t n)
{
	char lower[32];
	const char *key = lower;

	if (text.n == 0 || text.n >= sizeof(lower))
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == 0)
			return false;
		lower[i] = (char)ascii_lower(text.p[i]);
	}
	lower[text.n] = '\0';
	return bsearch(&key, list, n, sizeof(*list), compare) != NULL;
}

bool redact_vocabulary(struct bytes word)
{
	return listed(word, words, ARRAY_LEN(words));
}

bool redact_role(struct bytes local)
{
	return listed(local, roles, ARRAY_LEN(roles));
}

bool redact_common_label(struct bytes label)
{
	while (label.n && ascii_is_digit(label.p[label.n - 1]))
		label.n--; /* mx1; and a bare number */
	if (label.n && label.p[label.n - 1] == '-')
		label.n--;
	return label.n == 0 || listed(label, labels, ARRAY_LEN(labels));
}

bool redact_extension(struct bytes text)
{
	return listed(text, extensions, ARRAY_LEN(extensions));
}
