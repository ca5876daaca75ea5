/* explain_redact.c - see explain_redact.h */
#include "cli/explain_redact.h"

#include "explain/redact.h"

#define SESSION_BYTES (1u << 20)
#define KEY_BYTES 4096u
#define FROZEN_BYTES (1u << 20)
#define WHY_MAX 512u

static int save(const struct command *cmd, const struct explain_options *o, const struct case_folder *c)
{
	char why[WHY_MAX];

	switch (case_save(o->redact, c, why, sizeof(why))) {
	case CASE_OK:
		return 0;
	case CASE_NO_MEMORY:
		return check_no_memory(cmd);
	case CASE_REFUSED:
		break;
	}
	return complain(cmd, EXIT_NO_OUTPUT, "--redact takes a new folder, an empty one, or one with an older case", "%s", why);
}

/* --- judging what was redacted --- */

/* The verdict has to be that of the original. What is only seen in one of both becomes frozen; its words
 * would tell what redaction removed, so they are not kept. */
static int freeze(const struct command *cmd, struct explain *original, struct explain *redacted, struct buf *frozen)
{
	struct arena *a = redacted->v->work.arena;
	struct evidence *list = arena_array(a, struct evidence, original->n_evidence);
	struct frozen rows;
	size_t line;

	if (!list)
		return check_no_memory(cmd);
	for (size_t i = 0; i < original->n_evidence; i++) {
		list[i] = original->evidence[i];
		list[i].text = B("This was seen in the original mail; what shows it is not in this redacted one.");
	}
	frozen_write(frozen, list, original->n_evidence, redacted->evidence, redacted->n_evidence);
	if (frozen->failed || !frozen_parse(a, buf_bytes(frozen), &rows, &line))
		return check_no_memory(cmd);
	frozen_apply(&rows, redacted->evidence, &redacted->n_evidence);
	struct verdict v = verdict_of(&redacted->facts, redacted->evidence, redacted->n_evidence);
	if (v.kind == original->verdict.kind && v.confidence == original->verdict.confidence)
		return 0;
	return complain(cmd, EXIT_NO_OUTPUT, "keep it to yourself; --record saves the case as it is",
	                "without names and words the verdict would be \"%s\", not \"%s\": the redacted case is of no use",
	                verdict_name(v.kind), verdict_name(original->verdict.kind));
}

/* The redacted case as anybody will judge it. */
static int judge_again(const struct command *cmd, const struct explain_options *o, struct explain *original, struct buf *frozen)
{
	struct explain_options again = { .kase = { .from = o->redact } };
	struct explain_setup setup = { 0 };
	struct explain_one one;
	int status;

	check_options_init(&again.check);
	status = explain_setup(cmd, &again, NULL, &setup);
	if (!status) {
		struct explain_how how = { .settings = &setup.settings, .lookups = setup.lookups };
		struct bytes message = again.kase.loaded.message;
		status = explain_one_judge(&how, message, message, false, &one) == EXPLAIN_ONE_OK
		                 ? freeze(cmd, original, &one.x, frozen)
		                 : check_no_memory(cmd);
		explain_one_end(&one);
	}
	explain_setup_end(&setup);
	check_case_end(&again.kase);
	return status;
}

/* --- redacting --- */

static int read_key(const struct command *cmd, const struct explain_options *o, struct buf *key)
{
	buf_init(key, KEY_BYTES);
	return o->redact_key ? check_read(cmd, o->redact_key, key) : 0;
}

static int save_redacted(const struct command *cmd, const struct explain_options *o, struct explain *original,
                         const struct case_folder *c, const struct bytes texts[REDACT_TEXTS])
{
	struct case_folder out = { .message = texts[REDACT_MESSAGE], .zone = texts[REDACT_ZONE], .log = texts[REDACT_LOG],
	                           .sent = texts[REDACT_SENT], .frozen = c->frozen };
	struct case_err err;
	struct buf frozen;

	if (!case_session_parse(original->v->work.arena, texts[REDACT_SESSION], &out.session, &err))
		return check_no_memory(cmd);
	int status = save(cmd, o, &out);
	if (status)
		return status;
	buf_init(&frozen, FROZEN_BYTES);
	buf_add(&frozen, c->frozen);
	status = judge_again(cmd, o, original, &frozen);
	if (status) /* nothing that somebody might show around */
		out = (struct case_folder){ .message = B("Subject: this case could not be redacted\r\n\r\n"), .session = { .offline = true, .time = -1, .today = -1 } };
	else
		out.frozen = buf_bytes(&frozen);
	int saved = save(cmd, o, &out);
	buf_free(&frozen);
	return status ? status : saved;
}

int explain_redact(const struct command *cmd, const struct explain_options *o, const struct explain_setup *setup,
                   struct explain_one *one, const struct case_folder *c)
{
	struct bytes in[REDACT_TEXTS], out[REDACT_TEXTS];
	struct buf key, session;
	int status = read_key(cmd, o, &key);

	if (status) {
		buf_free(&key);
		return status;
	}
	struct redact_options options = { .key = buf_bytes(&key) };
	struct redact *r = redact_new(setup->settings.sources.looks, &options);
	buf_init(&session, SESSION_BYTES);
	case_session_write(&session, &c->session);
	in[REDACT_MESSAGE] = c->message;
	in[REDACT_SESSION] = buf_bytes(&session);
	in[REDACT_ZONE] = c->zone;
	in[REDACT_LOG] = c->log;
	in[REDACT_SENT] = c->sent;
	status = r && !session.failed && redact_case(r, in, out) ? save_redacted(cmd, o, &one->x, c, out) : check_no_memory(cmd);
	redact_free(r);
	buf_free(&session);
	buf_free(&key);
	return status;
}
