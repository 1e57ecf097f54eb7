// A line editor on libedit's wide interface, for Swift: `el_wset` and `history_w` are variadic, which Swift cannot call.
// All text is UTF-8. One editor belongs to one thread, but for the functions that say otherwise.
#ifndef CLIBEDIT_H
#define CLIBEDIT_H

#include <stddef.h>

typedef struct cledit cledit;

// How reading a line has ended.
enum cledit_outcome { CLEDIT_LINE, CLEDIT_END, CLEDIT_INTERRUPTED, CLEDIT_FAILED };

// Called while a line is being read, on the thread that reads it. `line` is what stands in it, `cursor` a byte of it.
typedef struct {
    void *context;
    // On Tab. Changes the line by `cledit_replace`, and may print by `cledit_print`.
    void (*complete)(void *context, cledit *editor, const char *line, size_t cursor);
    // Writes what is to stand at the right of the line, at most `capacity` bytes of it with the final zero.
    void (*hint)(void *context, const char *line, size_t cursor, char *hint, size_t capacity);
} cledit_callbacks;

// Takes standard input and output, and reads ~/.editrc. NULL where there is no memory or the terminal cannot be used.
cledit *cledit_new(const char *program, cledit_callbacks callbacks);
void cledit_free(cledit *editor);

// Reads one line; more than one where several were pasted. `line` is valid until the next call.
// Escape sequences in `prompt` stand between two bytes of value 1.
enum cledit_outcome cledit_read(cledit *editor, const char *prompt, const char **line);

// What the arrow keys and Ctrl-R find, the newest last. One that is there already moves to the end.
void cledit_remember(cledit *editor, const char *text);

// In `complete`: puts `text` in place of the `count` bytes before the cursor.
void cledit_replace(cledit *editor, size_t count, const char *text);
// In `complete`: shows text below the line, which is drawn anew after it.
void cledit_print(cledit *editor, const char *text);
// In `complete`: the terminal's bell.
void cledit_beep(cledit *editor);

// From any thread: the line that is being read is given up.
void cledit_interrupt(cledit *editor);
// From any thread: the terminal has another size; the program has been in the background.
void cledit_resized(cledit *editor);
void cledit_continued(cledit *editor);

#endif
