keywords = {"let": 1, "fn": 1, "if": 1, "else": 1, "return": 1}


def is_letter(c):
    return c >= "a" and c <= "z" or c == "_"


def is_digit(c):
    return c >= "0" and c <= "9"


def lex(text):
    tokens = []
    count = len(text)
    at = 0
    while at < count:
        c = text[at]
        start = at
        at += 1
        if c == " " or c == "\n":
            continue
        if is_letter(c):
            while at < count and is_letter(text[at]):
                at += 1
            word = text[start:at]
            tokens.append({"kind": "keyword" if word in keywords else "name", "text": word})
        elif is_digit(c):
            while at < count and is_digit(text[at]):
                at += 1
            tokens.append({"kind": "number", "text": text[start:at]})
        elif c == "'":
            while at < count and text[at] != "'":
                at += 1
            at += 1
            tokens.append({"kind": "string", "text": text[start:at]})
        else:
            tokens.append({"kind": "symbol", "text": c})
    return tokens


line = "fn total_of(list, factor) { let sum = 4711 + list_sum(list) * 12; if sum > 99 { return 'many' } else { sum } }\n"
tokens = lex(line * 5000)
counts = {}
length = 0
for token in tokens:
    counts[token["kind"]] = counts.get(token["kind"], 0) + 1
    length += len(token["text"])
print(len(tokens), length, counts["keyword"], counts["name"], counts["number"], counts["string"], counts["symbol"])
