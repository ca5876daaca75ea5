/* dns_ask.c - asks through dns_unbound what its arguments say, all at once, and
 * prints each answer as it comes, for tests/e2e/test_dns_unbound.py:
 *
 *   dns_ask [--OPTION=VALUE]... NAME TYPE [NAME TYPE]...
 *
 * A line is: NAME TYPE STATUS SECURITY TTL [DATA]..., bytes of data that are no
 * letters and digits as %XX. The last line is "validates" or "does not validate". */
#include <event2/event.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/clock.h"
#include "dns/dns_hub.h"
#include "dns/dns_unbound.h"
#include "tap.h"

struct options {
	struct dns_unbound_settings set;
	const char *anchors[8], *insecure[8];
	size_t anchor_n, insecure_n;
	const char *forget;  /* this name is forgotten right after all were asked */
	bool nested;         /* each call back asks its question once more */
	bool borrowed_loop;
	uint32_t wait_ms;
};

struct asked {
	struct dns_resolver *r;
	struct dns_question q;
	bool again;          /* ask once more in the call back */
};

static void print_bytes(struct bytes b)
{
	for (size_t i = 0; i < b.n; i++)
		if (ascii_is_alnum(b.p[i]) || bytes_has(B(".-_=:/"), b.p[i]))
			putchar(b.p[i]);
		else
			printf("%%%02X", b.p[i]);
}

static void print_record(enum dns_type type, const struct dns_record *r)
{
	char ip[IP_TEXT];

	putchar(' ');
	if (type == DNS_A || type == DNS_AAAA)
		printf("%s", ip_text(&r->ip, ip));
	else if (type == DNS_TXT)
		print_bytes(r->text);
	else
		print_bytes(r->name.text.n ? r->name.text : B("."));
	if (type == DNS_MX)
		printf("/%u", r->preference);
}

static void on_answer(void *user, struct dns_answer *answer)
{
	const struct dns_answer_view *v = dns_answer_view(answer);
	struct asked *asked = user;

	print_bytes(v->question.name.text);
	printf(" %s %s %s %u", dns_type_name(v->question.type), dns_status_name(v->status),
	       dnssec_state_name(v->security), v->ttl);
	for (size_t i = 0; i < v->n; i++)
		print_record(v->question.type, &v->records[i]);
	putchar('\n');
	dns_answer_unref(answer);
	if (asked->again) {
		asked->again = false;
		if (!asked->r->ops->ask(asked->r, &asked->q, on_answer, asked))
			abort();
	}
}

static bool value_of(const char *arg, const char *name, const char **value)
{
	size_t n = strlen(name);

	*value = arg + n;
	return strncmp(arg, name, n) == 0;
}

static bool take_option(struct options *o, const char *arg)
{
	const char *v;
	uint64_t n;

	if (value_of(arg, "--servers=", &v))
		o->set.servers = v;
	else if (value_of(arg, "--resolv-conf=", &v))
		o->set.resolv_conf = v;
	else if (value_of(arg, "--anchor=", &v) && o->anchor_n + 1 < ARRAY_LEN(o->anchors))
		o->anchors[o->anchor_n++] = v;
	else if (value_of(arg, "--insecure=", &v) && o->insecure_n + 1 < ARRAY_LEN(o->insecure))
		o->insecure[o->insecure_n++] = v;
	else if (value_of(arg, "--timeout=", &v) && bytes_to_u64(bytes_of(v), &n))
		o->set.timeout_ms = (uint32_t)n;
	else if (value_of(arg, "--wait=", &v) && bytes_to_u64(bytes_of(v), &n))
		o->wait_ms = (uint32_t)n;
	else if (value_of(arg, "--forget=", &v))
		o->forget = v;
	else if (value_of(arg, "--nested", &v))
		o->nested = true;
	else if (value_of(arg, "--no-dnssec", &v))
		o->set.no_dnssec = true;
	else if (value_of(arg, "--borrowed-loop", &v))
		o->borrowed_loop = true;
	else
		return false;
	return true;
}

static enum dns_type type_of(const char *text)
{
	static const enum dns_type types[] = { DNS_A, DNS_AAAA, DNS_MX, DNS_TXT, DNS_PTR, DNS_CNAME };

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (bytes_ieq(bytes_of(text), dns_type_name(types[i])))
			return types[i];
	return DNS_A;
}

/* Asks the pairs of arguments; what was asked stays in the arena. */
static bool ask_all(struct arena *a, struct dns_resolver *r, const struct options *o, char **args)
{
	struct asked *forgotten = NULL;

	for (; args[0] && args[1]; args += 2) {
		struct asked *asked = arena_one(a, struct asked);
		*asked = (struct asked){ .r = r, .q.type = type_of(args[1]), .again = o->nested };
		if (!dname_parse(a, bytes_of(args[0]), DNAME_WIRE, &asked->q.name, NULL) ||
		    !r->ops->ask(r, &asked->q, on_answer, asked))
			return false;
		if (o->forget && bytes_ieq(bytes_of(o->forget), args[0]))
			forgotten = asked;
	}
	if (forgotten)
		r->ops->forget(r, forgotten);
	return true;
}

int main(int argc, char **argv)
{
	struct options o = { .wait_ms = 20000 };
	struct arena *a = arena_new(1 << 20);
	const char *why;
	int i = 1;

	while (i < argc && take_option(&o, argv[i]))
		i++;
	o.set.anchors = o.anchor_n ? o.anchors : NULL;
	o.set.insecure = o.insecure;
	struct event_base *loop = o.borrowed_loop ? event_base_new() : NULL;
	o.set.loop = loop;
	struct dns_unbound *u = dns_unbound_new(&o.set, &why);
	if (!u) {
		printf("refused: %s\n", why);
		arena_free(a);
		return 2;
	}
	struct dns_resolver *r = dns_unbound_resolver(u);
	int64_t deadline = r->ops->now_ms(r) + o.wait_ms;
	bool ok = ask_all(a, r, &o, argv + i);
	while (r->ops->now_ms(r) < deadline && r->ops->wait(r, deadline))
		fflush(stdout);
	puts(dns_unbound_validates(u) ? "validates" : "does not validate");
	dns_resolver_free(r);
	if (loop)
		event_base_free(loop);
	arena_free(a);
	return ok ? 0 : 1;
}
