#include "CLibEdit.h"

#include <errno.h>
#include <fcntl.h>
#include <histedit.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#define HINT_CAPACITY 512
#define HISTORY_SIZE 2000
// Ctrl-_, which nobody types: read after keys that may change the hint.
#define REFRESH_KEY 0x1F

struct cledit {
    EditLine *el;
    HistoryW *history;
    cledit_callbacks callbacks;
    int wake[2];
    int interrupted;
    // How far into an escape sequence the last key was.
    int sequence;
    int hint_is_due;
    // Whether what is read is being pasted.
    int pasting;
    // Whether the terminal knows escape sequences.
    int dumb;
    wchar_t *prompt;
    wchar_t hint[HINT_CAPACITY + 32];
    char *line;
    // Bytes of a character whose rest has not come yet.
    unsigned char partial[4];
    int partial_count;
};

// --- UTF-8 ---

static wchar_t *widened(const char *text) {
    size_t length = strlen(text), count = 0;
    wchar_t *wide = malloc((length + 1) * sizeof *wide);
    if (wide == NULL) return NULL;
    const unsigned char *byte = (const unsigned char *)text;
    while (*byte) {
        int more = *byte < 0x80 ? 0 : *byte >= 0xF0 ? 3 : *byte >= 0xE0 ? 2 : 1;
        uint32_t scalar = more == 0 ? *byte : *byte & (0x3F >> more);
        byte++;
        while (more-- > 0 && (*byte & 0xC0) == 0x80) scalar = scalar << 6 | (*byte++ & 0x3F);
        wide[count++] = (wchar_t)scalar;
    }
    wide[count] = 0;
    return wide;
}

static size_t encode(uint32_t scalar, char *out) {
    if (scalar < 0x80) { out[0] = (char)scalar; return 1; }
    if (scalar < 0x800) {
        out[0] = (char)(0xC0 | scalar >> 6); out[1] = (char)(0x80 | (scalar & 0x3F));
        return 2;
    }
    if (scalar < 0x10000) {
        out[0] = (char)(0xE0 | scalar >> 12); out[1] = (char)(0x80 | (scalar >> 6 & 0x3F));
        out[2] = (char)(0x80 | (scalar & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | (scalar >> 18 & 7)); out[1] = (char)(0x80 | (scalar >> 12 & 0x3F));
    out[2] = (char)(0x80 | (scalar >> 6 & 0x3F)); out[3] = (char)(0x80 | (scalar & 0x3F));
    return 4;
}

// `cursor`, where it is not NULL, becomes the byte that the character `mark` begins at.
static char *narrowed(const wchar_t *text, size_t count, size_t mark, size_t *cursor) {
    char *bytes = malloc(count * 4 + 1);
    if (bytes == NULL) return NULL;
    size_t length = 0;
    for (size_t index = 0; index < count; index++) {
        if (cursor != NULL && index == mark) *cursor = length;
        length += encode((uint32_t)text[index], bytes + length);
    }
    if (cursor != NULL && mark >= count) *cursor = length;
    bytes[length] = 0;
    return bytes;
}

static cledit *owner(EditLine *el) {
    void *data = NULL;
    el_wget(el, EL_CLIENTDATA, &data);
    return data;
}

static char *current_line(cledit *editor, size_t *cursor) {
    const LineInfoW *info = el_wline(editor->el);
    return narrowed(info->buffer, (size_t)(info->lastchar - info->buffer), (size_t)(info->cursor - info->buffer), cursor);
}

// --- What libedit calls ---

static wchar_t *prompt_text(EditLine *el) { return owner(el)->prompt; }

static wchar_t *hint_text(EditLine *el) {
    cledit *editor = owner(el);
    editor->hint[0] = 0;
    size_t cursor = 0;
    char *line = current_line(editor, &cursor);
    if (line == NULL) return editor->hint;
    char text[HINT_CAPACITY];
    text[0] = 0;
    editor->callbacks.hint(editor->callbacks.context, line, cursor, text, sizeof text);
    free(line);
    wchar_t *wide = text[0] ? widened(text) : NULL;
    if (wide != NULL) {
        size_t count = wcslen(wide);
        if (count < HINT_CAPACITY) wmemcpy(editor->hint, wide, count + 1);
        free(wide);
    }
    return editor->hint;
}

// Draws the line anew where it stands.
static void begin_line_again(cledit *editor) {
    fputs(editor->dumb ? "\n" : "\r\033[J", stdout);
    fflush(stdout);
    el_wset(editor->el, EL_REFRESH);
}

// Ctrl-Z: as the terminal itself would do it in its usual mode.
static void suspend(cledit *editor) {
    el_wset(editor->el, EL_PREP_TERM, 0);
    kill(0, SIGTSTP);
    el_wset(editor->el, EL_PREP_TERM, 1);
    begin_line_again(editor);
}

// Searching in the history reads keys by itself, and ends at one that is not for it.
static int is_searching(cledit *editor) {
    const LineInfoW *info = el_wline(editor->el);
    for (const wchar_t *place = info->buffer; place + 4 < info->lastchar; place++) {
        if (*place == L'\n' && (wcsncmp(place + 1, L"bck", 3) == 0 || wcsncmp(place + 1, L"fwd", 3) == 0)) return 1;
    }
    return 0;
}

// Where a key stands in a sequence such as ESC [ 1 ; 5 C.
static void follow_sequence(cledit *editor, unsigned char byte) {
    switch (editor->sequence) {
    case 0: editor->sequence = byte == 0x1B ? 1 : 0; break;
    case 1: editor->sequence = byte == '[' || byte == 'O' ? 2 : 0; break;
    default: if (byte >= 0x40 && byte <= 0x7E) editor->sequence = 0;
    }
}

// After these the hint may be another one: libedit asks for it only where a key has a function that says so.
static int changes_hint(cledit *editor, unsigned char byte) {
    return !editor->pasting && editor->sequence == 0 && strchr("(),:", byte) != NULL;
}

// What another thread has to say comes through the pipe, so that waiting for a key and for that is one wait.
static int heed(cledit *editor) {
    char what = 0;
    if (read(editor->wake[0], &what, 1) != 1) return 0;
    switch (what) {
    case 'i':
        editor->interrupted = 1;
        return 1;
    case 'w':
        el_resize(editor->el);
        begin_line_again(editor);
        return 0;
    case 'c':
        el_wset(editor->el, EL_PREP_TERM, 1);
        el_wset(editor->el, EL_REFRESH);
        return 0;
    default: return 0;
    }
}

static int read_character(EditLine *el, wchar_t *out) {
    cledit *editor = owner(el);
    if (editor->hint_is_due) {
        editor->hint_is_due = 0;
        if (!is_searching(editor)) {
            *out = REFRESH_KEY;
            return 1;
        }
    }
    for (;;) {
        struct pollfd waiting[2] = {{STDIN_FILENO, POLLIN, 0}, {editor->wake[0], POLLIN, 0}};
        if (poll(waiting, 2, -1) < 0) {
            if (errno == EINTR) continue;
            return -1;
        }
        if (waiting[1].revents && heed(editor)) {
            errno = EINTR;
            return -1;
        }
        if (!waiting[0].revents) continue;
        unsigned char byte;
        ssize_t count = read(STDIN_FILENO, &byte, 1);
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (count <= 0) return (int)count;
        // The terminal makes no signals of these keys while a line is read, so that none of them counts in what is pasted.
        if (!editor->pasting && byte == 0x03) {
            editor->interrupted = 1;
            errno = EINTR;
            return -1;
        }
        if (!editor->pasting && byte == 0x1A) {
            suspend(editor);
            continue;
        }
        if (!editor->pasting && byte == 0x1C) continue;
        if (byte < 0x80) {
            editor->partial_count = 0;
            editor->hint_is_due = byte != 0 && changes_hint(editor, byte);
            follow_sequence(editor, byte);
            *out = byte;
            return 1;
        }
        if ((byte & 0xC0) != 0x80) {
            editor->partial_count = 0;
        } else if (editor->partial_count == 0) {
            *out = 0xFFFD;
            return 1;
        }
        editor->partial[editor->partial_count++] = byte;
        unsigned char first = editor->partial[0];
        int length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
        if (editor->partial_count < length) continue;
        uint32_t scalar = first & (0x7F >> length);
        for (int index = 1; index < length; index++) scalar = scalar << 6 | (editor->partial[index] & 0x3F);
        editor->partial_count = 0;
        *out = (wchar_t)scalar;
        return 1;
    }
}

static unsigned char complete(EditLine *el, int key) {
    (void)key;
    cledit *editor = owner(el);
    size_t cursor = 0;
    char *line = current_line(editor, &cursor);
    if (line == NULL) return CC_ERROR;
    editor->callbacks.complete(editor->callbacks.context, editor, line, cursor);
    free(line);
    return CC_REFRESH;
}

static unsigned char refresh(EditLine *el, int key) {
    (void)el;
    (void)key;
    return CC_REFRESH;
}

// What stands between ESC[200~ and ESC[201~ is text, and nothing in it a key.
static unsigned char paste(EditLine *el, int key) {
    (void)key;
    cledit *editor = owner(el);
    size_t capacity = 4096, count = 0;
    wchar_t *text = malloc(capacity * sizeof *text);
    if (text == NULL) return CC_ERROR;
    editor->pasting = 1;
    static const wchar_t end[] = L"\033[201~";
    const size_t end_count = sizeof end / sizeof *end - 1;
    for (;;) {
        wchar_t character;
        if (read_character(el, &character) != 1) break;
        if (count + 2 >= capacity) {
            capacity *= 2;
            wchar_t *larger = realloc(text, capacity * sizeof *text);
            if (larger == NULL) break;
            text = larger;
        }
        if (character == L'\r') character = L'\n';
        text[count++] = character;
        if (count >= end_count && wmemcmp(text + count - end_count, end, end_count) == 0) {
            count -= end_count;
            break;
        }
    }
    editor->pasting = 0;
    // The last line waits for Enter, like one that was typed.
    while (count > 0 && text[count - 1] == L'\n') count--;
    size_t kept = 0;
    for (size_t index = 0; index < count; index++) {
        wchar_t character = text[index];
        if (character == L'\t' || character == L'\n' || (character >= 0x20 && character != 0x7F)) text[kept++] = character;
    }
    text[kept] = 0;
    int failed = kept > 0 && el_winsertstr(el, text) != 0;
    free(text);
    return failed ? CC_ERROR : CC_REFRESH;
}

// --- For Swift ---

static void bind_key(EditLine *el, const wchar_t *keys, const wchar_t *command) {
    el_wset(el, EL_BIND, keys, command, NULL);
}

cledit *cledit_new(const char *program, cledit_callbacks callbacks) {
    cledit *editor = calloc(1, sizeof *editor);
    if (editor == NULL) return NULL;
    editor->callbacks = callbacks;
    if (pipe(editor->wake) != 0) {
        free(editor);
        return NULL;
    }
    for (int index = 0; index < 2; index++) {
        fcntl(editor->wake[index], F_SETFD, FD_CLOEXEC);
        fcntl(editor->wake[index], F_SETFL, O_NONBLOCK);
    }
    // How wide a character is, is asked of the locale.
    if (setlocale(LC_CTYPE, "") == NULL || MB_CUR_MAX == 1) setlocale(LC_CTYPE, "C.UTF-8");
    editor->el = el_init(program, stdin, stdout, stderr);
    editor->history = history_winit();
    if (editor->el == NULL || editor->history == NULL) {
        cledit_free(editor);
        return NULL;
    }
    EditLine *el = editor->el;
    HistEventW event;
    history_w(editor->history, &event, H_SETSIZE, HISTORY_SIZE);
    el_wset(el, EL_CLIENTDATA, editor);
    el_wset(el, EL_PROMPT_ESC, prompt_text, L'\1');
    el_wset(el, EL_RPROMPT_ESC, hint_text, L'\1');
    el_wset(el, EL_EDITOR, L"emacs");
    el_wset(el, EL_SIGNAL, 0);
    el_wset(el, EL_HIST, history_w, editor->history);
    el_wset(el, EL_GETCFN, read_character);
    el_wset(el, EL_ADDFN, L"relsh-complete", L"Complete what is being typed", complete);
    el_wset(el, EL_ADDFN, L"relsh-paste", L"Insert what is pasted", paste);
    el_wset(el, EL_ADDFN, L"relsh-refresh", L"Draw the line", refresh);
    bind_key(el, L"\t", L"relsh-complete");
    bind_key(el, L"\033[200~", L"relsh-paste");
    bind_key(el, L"\037", L"relsh-refresh");
    bind_key(el, L"^R", L"em-inc-search-prev");
    bind_key(el, L"^S", L"em-inc-search-next");
    bind_key(el, L"\033[1;5C", L"em-next-word");
    bind_key(el, L"\033[1;5D", L"ed-prev-word");
    bind_key(el, L"\033[3~", L"ed-delete-next-char");
    bind_key(el, L"^W", L"ed-delete-prev-word");
    // No signals by keys while a line is edited: see read_character.
    el_wset(el, EL_SETTY, L"-d", L"-isig", NULL);
    el_source(el, NULL);
    // `bind -v` takes all of the above away.
    const wchar_t *kind = NULL;
    if (el_wget(el, EL_EDITOR, &kind) == 0 && kind != NULL && wcscmp(kind, L"vi") == 0) {
        bind_key(el, L"\t", L"relsh-complete");
        bind_key(el, L"\033[200~", L"relsh-paste");
        bind_key(el, L"\037", L"relsh-refresh");
    }
    const char *terminal = getenv("TERM");
    editor->dumb = terminal == NULL || *terminal == 0 || strcmp(terminal, "dumb") == 0;
    return editor;
}

void cledit_free(cledit *editor) {
    if (editor->el != NULL) el_end(editor->el);
    if (editor->history != NULL) history_wend(editor->history);
    close(editor->wake[0]);
    close(editor->wake[1]);
    free(editor->prompt);
    free(editor->line);
    free(editor);
}

enum cledit_outcome cledit_read(cledit *editor, const char *prompt, const char **line) {
    free(editor->prompt);
    editor->prompt = widened(prompt);
    if (editor->prompt == NULL) return CLEDIT_FAILED;
    // What was said before this line began is not about it.
    char stale;
    while (read(editor->wake[0], &stale, 1) == 1) {}
    el_resize(editor->el);
    editor->interrupted = 0;
    editor->partial_count = 0;
    int count = 0;
    editor->pasting = editor->sequence = editor->hint_is_due = 0;
    if (!editor->dumb) fputs("\033[?2004h", stdout);
    fflush(stdout);
    const wchar_t *text = el_wgets(editor->el, &count);
    if (!editor->dumb) fputs("\033[?2004l", stdout);
    fflush(stdout);
    if (editor->interrupted) {
        el_wset(editor->el, EL_PREP_TERM, 0);
        fputs("^C\n", stdout);
        fflush(stdout);
        return CLEDIT_INTERRUPTED;
    }
    if (text == NULL || count <= 0) return count < 0 ? CLEDIT_FAILED : CLEDIT_END;
    size_t length = (size_t)count;
    if (length > 0 && text[length - 1] == L'\n') length--;
    free(editor->line);
    editor->line = narrowed(text, length, 0, NULL);
    if (editor->line == NULL) return CLEDIT_FAILED;
    *line = editor->line;
    return CLEDIT_LINE;
}

void cledit_remember(cledit *editor, const char *text) {
    wchar_t *wide = widened(text);
    if (wide == NULL) return;
    HistEventW event;
    // One that is there already goes from where it was.
    if (history_w(editor->history, &event, H_FIRST) != -1) {
        do {
            if (wcscmp(event.str, wide) == 0) {
                history_w(editor->history, &event, H_DEL, event.num);
                break;
            }
        } while (history_w(editor->history, &event, H_NEXT) != -1);
    }
    history_w(editor->history, &event, H_ENTER, wide);
    free(wide);
}

void cledit_replace(cledit *editor, size_t count, const char *text) {
    const LineInfoW *info = el_wline(editor->el);
    size_t cursor = (size_t)(info->cursor - info->buffer), bytes = 0, characters = 0;
    char unused[4];
    while (characters < cursor && bytes < count) {
        characters++;
        bytes += encode((uint32_t)info->buffer[cursor - characters], unused);
    }
    if (characters > 0) el_deletestr(editor->el, (int)characters);
    wchar_t *wide = widened(text);
    if (wide == NULL) return;
    if (*wide) el_winsertstr(editor->el, wide);
    free(wide);
}

void cledit_print(cledit *editor, const char *text) {
    fputs("\n", stdout);
    fputs(text, stdout);
    fflush(stdout);
    el_wset(editor->el, EL_REFRESH);
}

void cledit_beep(cledit *editor) {
    el_beep(editor->el);
    fflush(stdout);
}

static void say(cledit *editor, char what) {
    ssize_t count = write(editor->wake[1], &what, 1);
    (void)count;
}

void cledit_interrupt(cledit *editor) { say(editor, 'i'); }
void cledit_resized(cledit *editor) { say(editor, 'w'); }
void cledit_continued(cledit *editor) { say(editor, 'c'); }
