// GNU Readline keeps its state in global variables, which Swift 6 takes for races. They are reached through
// these functions, all of them from the main thread.
#include <stdio.h>
#include <readline/readline.h>
#include <readline/history.h>

// Between two lines the terminal does not echo, which readline would take for the user's wish.
static inline void probe_rl_prepare(int meta) {
    rl_prep_terminal(meta);
    rl_tty_set_echoing(1);
}
static inline void probe_rl_configure(rl_completion_func_t *complete) {
    static const char *const word_breaks = " \t\n";
    rl_readline_name = "smtp-probe";
    rl_attempted_completion_function = complete;
    rl_completer_word_break_characters = (char *)word_breaks;
    rl_basic_word_break_characters = word_breaks;
    // The shell's loop sees signals first, and tells readline.
    rl_catch_signals = 0;
    rl_catch_sigwinch = 0;
    rl_change_environment = 0;
    rl_outstream = stdout;
    rl_prep_term_function = probe_rl_prepare;
}
static inline const char *probe_rl_line(void) { return rl_line_buffer ? rl_line_buffer : ""; }
static inline void probe_rl_no_file_completion(void) { rl_attempted_completion_over = 1; }
static inline void probe_rl_completion_append(int character) { rl_completion_append_character = character; }
static inline void probe_rl_drop_line(void) {
    rl_replace_line("", 0);
    rl_point = rl_end = rl_mark = 0;
}
static inline void probe_rl_show(const char *text) {
    fputs(text, stdout);
    fflush(stdout);
}
static inline void probe_rl_show_nothing(void) {}
// What is typed while the line is hidden leaves no trace on the screen.
static inline void probe_rl_hide(int hidden) {
    rl_redisplay_function = hidden ? probe_rl_show_nothing : rl_redisplay;
}
static inline char **probe_rl_matches(const char *text, rl_compentry_func_t *generator) {
    return rl_completion_matches(text, generator);
}
