// Prints "ok" and ends: the whole program of this example. It needs no C library, so that any clang makes it for any platform.
#if defined(__x86_64__)
enum { WRITE = 1, EXIT = 60 };
static long call(long number, long a, long b, long c) {
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
    return result;
}
#elif defined(__aarch64__)
enum { WRITE = 64, EXIT = 93 };
static long call(long number, long a, long b, long c) {
    register long x8 __asm__("x8") = number, x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = c;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
    return x0;
}
#endif

void _start(void) {
    call(WRITE, 1, (long)"ok\n", 3);
    call(EXIT, 0, 0, 0);
}
