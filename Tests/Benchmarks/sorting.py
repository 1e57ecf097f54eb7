def numbers(count):
    seed = 42
    result = []
    for i in range(count):
        seed = (seed * 1103515245 + 12345) % 2147483648
        result.append(seed)
    return result


xs = numbers(300000)
sorted_xs = sorted(xs)
last = sorted([x % 1000 for x in xs], reverse=True)
names = sorted([f"host-{x}" for x in xs[:100000]])
by_end = sorted(xs, key=lambda x: x % 10007)
print(sorted_xs[0], sorted_xs[150000], last[100], names[500], by_end[0], by_end[299999])
