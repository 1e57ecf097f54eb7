from functools import reduce


def adder(n):
    return lambda x: x + n


def compose(f, g):
    return lambda x: g(f(x))


def run(rounds):
    total = 0
    for i in range(rounds):
        f = compose(adder(i), adder(1))
        total += f(2)
    return total


xs = []
for i in range(300000):
    xs.append(i)
limit = 150000
tripled = map(lambda x: x * 3, xs)
sum = reduce(lambda so_far, x: so_far + x % 11, filter(lambda x: x > limit, tripled), 0)
print(run(300000), sum)
