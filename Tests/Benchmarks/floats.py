def mandelbrot(size, limit):
    inside = 0
    for row in range(size):
        ci = 2.0 * row / size - 1.0
        for column in range(size):
            cr = 2.0 * column / size - 1.5
            zr = 0.0
            zi = 0.0
            n = 0
            while n < limit and zr * zr + zi * zi <= 4.0:
                next = zr * zr - zi * zi + cr
                zi = 2.0 * zr * zi + ci
                zr = next
                n += 1
            if n == limit:
                inside += 1
    return inside


def energy(bodies, steps):
    x = []
    v = []
    for i in range(bodies):
        x.append(float(i))
        v.append(0.0)
    for step in range(steps):
        for i in range(bodies):
            force = 0.0
            for j in range(bodies):
                distance = x[j] - x[i]
                force += distance / (distance * distance + 0.5)
            v[i] = v[i] + force * 0.001
        for i in range(bodies):
            x[i] = x[i] + v[i] * 0.001
    total = 0.0
    for speed in v:
        total += speed * speed
    return int(total * 1000000.0 + 0.5)


print(mandelbrot(220, 100), energy(40, 600))
