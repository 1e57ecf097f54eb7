def build(count):
    parts = []
    for i in range(count):
        name = f"service-{i % 100}"
        line = name + ":"
        line += " build " + str(i)
        line += f", tag v1.{i % 10}.{i % 1000}"
        if line.endswith("7"):
            line += " (" + name.upper() + ")"
        parts.append(line)
    return "\n".join(parts)


def measure(text):
    longest = 0
    words = 0
    for line in text.split("\n"):
        if len(line) > longest:
            longest = len(line)
        words += len(line.split(" "))
    return longest, words


def numbered(count):
    log = ""
    for i in range(count):
        log += f"line {i}\n"
    return log


log = numbered(200000)
text = build(200000)
longest, words = measure(text)
print(len(log), len(text), longest, words, len(text.replace("service", "svc")))
