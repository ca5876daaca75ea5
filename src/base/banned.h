/* banned.h - functions that a slip of the pen turns into a hole.
 * Naming one of them in this project is a compile error; the comment on each
 * line says what to use. Included last by base/bytes.h, after the system
 * headers that declare them. */
#pragma once

#define TF_BANNED(f) sorry_##f##_is_banned_see_base_banned_h

#undef strcpy
#define strcpy(d, s) TF_BANNED(strcpy)          /* arena_copy, buf_add */
#undef strcat
#define strcat(d, s) TF_BANNED(strcat)          /* buf_add */
#undef strncpy
#define strncpy(d, s, n) TF_BANNED(strncpy)     /* arena_copy */
#undef strncat
#define strncat(d, s, n) TF_BANNED(strncat)     /* buf_add */
#undef sprintf
#define sprintf(...) TF_BANNED(sprintf)         /* snprintf, buf_addf */
#undef vsprintf
#define vsprintf(...) TF_BANNED(vsprintf)
#undef strtok
#define strtok(s, d) TF_BANNED(strtok)          /* bytes_cut */
#undef gets
#define gets(s) TF_BANNED(gets)
#undef gmtime
#define gmtime(t) TF_BANNED(gmtime)             /* clock.h */
#undef localtime
#define localtime(t) TF_BANNED(localtime)       /* the program speaks UTC */
#undef ctime
#define ctime(t) TF_BANNED(ctime)
#undef asctime
#define asctime(t) TF_BANNED(asctime)
#undef atoi
#define atoi(s) TF_BANNED(atoi)                 /* bytes_to_u64 */
#undef atol
#define atol(s) TF_BANNED(atol)
#undef alloca
#define alloca(n) TF_BANNED(alloca)             /* arena_alloc */
