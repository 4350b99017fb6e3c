/* The look-up of smtp-codes as a C program: what smtp-codes is measured against.
 *
 *     lookup 5.7.1                       prints name, meaning, advice and reference
 *     lookup --is transient 4.2.2        exit status 0 (yes), 1 (no), 2 (not a code)
 *
 * Benchmarks/smtp-codes.sh writes codes.h from Data/enhanced-status-codes.tsv. The table has the registry's rows
 * alone: no reasons, no providers, no log lines. */
#include <stdio.h>
#include <string.h>

static const struct { const char *code, *name, *meaning, *advice, *basic, *reference; } rows[] = {
#include "codes.h"
};

int main(int count, char **words) {
    const char *code = words[count - 1];
    const char *kind = code[0] == '2' ? "success" : code[0] == '4' ? "transient" : "permanent";
    if (count < 2 || (code[0] != '2' && code[0] != '4' && code[0] != '5') || code[1] != '.') {
        fputs("lookup: give a code such as 5.7.1\n", stderr);
        return 2;
    }
    if (count == 4 && !strcmp(words[1], "--is")) return strcmp(words[2], kind) != 0;
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        if (strcmp(rows[row].code + 1, code + 1)) continue;
        printf("%s  %s  %s\n  meaning    %s\n  advice     %s\n  usually    %s\n  reference  %s\n", code, kind, rows[row].name,
               rows[row].meaning, rows[row].advice, rows[row].basic, rows[row].reference);
        return 0;
    }
    printf("%s  %s  not registered\n", code, kind);
    return 1;
}
