def work(rounds):
    known = {"dev": 1, "prod": 2, "staging": 3}
    names = ["dev", "qa", "prod", "test"]
    stack = []
    total = 0
    for i in range(rounds):
        name = names[i % 4]
        if name in known:
            total += known.get(name, 0)
        if name.startswith("p"):
            total += len(name)
        stack.append(i)
        if len(stack) > 100:
            total += stack.pop() % 3
        total += abs(i - 500) % 5
    return total, len(stack)


total, left = work(500000)
print(total, left)
