def longest_collatz(limit):
    best = 0
    length = 0
    for start in range(1, limit + 1):
        n = start
        steps = 0
        while n != 1:
            if n % 2 == 0:
                n = n // 2
            else:
                n = 3 * n + 1
            steps += 1
        if steps > length:
            length = steps
            best = start
    return best


def sum(limit):
    total = 0
    for i in range(limit):
        total = total + i % 7
    return total


print(longest_collatz(60000), sum(5000000))
